import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../../core/batch.ts';
import { estimate } from '../../judge/judge.ts';
import { createOracle } from '../../oracle/exact.ts';
import { createTarget } from '../../targets/create.ts';
import { examine } from '../../targets/examine.ts';
import { shrinkRefusal } from './refusal.ts';

/** What comes of a kernel that throws what `refuse` throws, and is right else. */
function shrunkWith(refuse: (rows: number, cols: number) => void, start: Batch) {
  const target = createTarget('refusing', {
    softmax: (_logits, rows, cols) => {
      refuse(rows, cols);
      return new Float32Array(rows * cols).fill(1 / cols);
    },
  });
  const violations = async (batch: Batch) =>
    (await examine(target, 'softmax', createOracle(batch), estimate)).violations;
  return shrinkRefusal(start, 'softmax/threw', violations, { takes: () => true, step: 1 });
}

const wide = batchOf([Array.from({ length: 300 }, (_, k) => k % 7)]);

describe('shrinkRefusal', () => {
  it('should bisect the size, whatever numbers its message has', async () => {
    const found = await shrunkWith((_, cols) => {
      if (cols > 200) throw new RangeError(`no more than 200 columns, and not ${cols}`);
    }, wide);
    expect(found?.size).toEqual({ of: 'cols', passes: 200 });
    expect(found?.shrunk).toMatchObject({ batch: { rows: 1, cols: 201 }, minimal: true });
    expect(found?.shrunk.evaluations).toBeLessThan(25);
  });

  it('should not go from one refusal to another of the same bucket', async () => {
    const found = await shrunkWith((_, cols) => {
      if (cols > 200) throw new Error('too wide');
      if (cols % 2 === 1) throw new Error('odd');
    }, wide);
    expect(found).toMatchObject({ size: { of: 'cols', passes: 200 }, shrunk: { batch: { cols: 201 } } });
  });

  it('should leave to others what zeros of the size do not show', async () => {
    expect(await shrunkWith(() => {}, wide)).toBeNull();
  });
});
