import { describe, expect, it } from 'vitest';
import { batchOf } from '../../core/batch.ts';
import type { Violation } from '../../core/violation.ts';
import { createVerdicts } from './verdicts.ts';

const nan = [{ kind: 'nan' } as Violation];

describe('createVerdicts', () => {
  it('should ask once of a batch and a question, and keep what was said, nothing wrong too', async () => {
    const verdicts = createVerdicts();
    let asked = 0;
    const of = (question: string, row: number[], said: readonly Violation[] | null) =>
      verdicts.of(question, batchOf([row]), async () => {
        asked++;
        return said;
      });
    expect(await of('softmax', [1, 0], nan)).toBe(nan);
    expect(await of('softmax', [1, 0], [])).toBe(nan);
    expect(await of('softmax', [1, -0], [])).toEqual([]);
    expect(await of('softmax', [1, -0], nan)).toEqual([]);
    expect(asked).toBe(2);
    expect(await of('logSoftmax', [1, 0], [])).toEqual([]);
    expect(asked).toBe(3);
  });

  it('should not keep that there was no answer, nor what is said of a large batch', async () => {
    const verdicts = createVerdicts();
    const small = batchOf([[1]]);
    expect(await verdicts.of('softmax', small, async () => null)).toBeNull();
    expect(await verdicts.of('softmax', small, async () => nan)).toBe(nan);
    const large = batchOf([new Array(65).fill(1)]);
    expect(await verdicts.of('softmax', large, async () => nan)).toBe(nan);
    expect(await verdicts.of('softmax', large, async () => [])).toEqual([]);
  });
});
