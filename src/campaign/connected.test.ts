import { describe, expect, it } from 'vitest';
import { findingOf } from '../../properties/support/findings.ts';
import { batchOf } from '../core/batch.ts';
import type { Finding } from '../core/finding.ts';
import { stable } from '../kernels/stable.ts';
import { createTarget } from '../targets/create.ts';
import { createConnect } from './connected.ts';

/** A softmax that answers 2 where a row begins so, and how rows began of which it was asked. */
function wrongWhere(isWrong: (first: number) => boolean) {
  const asked: number[] = [];
  const softmax: typeof stable.softmax = (logits, rows, cols) => {
    asked.push(logits[0]);
    const answer = stable.softmax(logits, rows, cols);
    return isWrong(logits[0]) ? answer.fill(2) : answer;
  };
  return { asked, subject: { target: createTarget('mine', { softmax }), operations: ['softmax' as const] } };
}

const failing = (row: readonly number[], changes: Partial<Finding> = {}): Finding =>
  findingOf({
    batch: batchOf([[...row]]),
    bucket: 'softmax/out-of-range/ordinary',
    output: Float32Array.from(row, () => 2),
    causes: [],
    ...changes,
  });

describe('createConnect', () => {
  it('should have what the input shows as it is scaled, until it is right', async () => {
    const { asked, subject } = wrongWhere((x) => x > 3);
    const { connected } = await createConnect(subject)(failing([40]), undefined);
    expect(asked).toEqual([80, 160, 320, 640, 1280, 2560, 5120, 10240, 20, 10, 5, 2.5]);
    expect(connected).toEqual(['softmax/out-of-range/high-offset', 'softmax/out-of-range/ordinary']);
  });

  it('should go on through 0 to the other side', async () => {
    const { asked, subject } = wrongWhere((x) => x < 9);
    await createConnect(subject)(failing([5]), undefined);
    expect(asked.slice(0, 3)).toEqual([10, 2.5, 1.25]);
    expect(asked.slice(8)).toEqual([
      5 / 256,
      0,
      -5 / 256,
      ...[128, 64, 32, 16, 8, 4, 2].map((by) => -5 / by),
      ...[1, 2, 4, 8, 16, 32, 64, 128, 256].map((by) => -5 * by),
    ]);
  });

  it('should have its own alone where it is right beside it', async () => {
    const { subject } = wrongWhere((x) => x === 40);
    expect((await createConnect(subject)(failing([40]), undefined)).connected).toEqual([
      'softmax/out-of-range/ordinary',
    ]);
  });

  it('should leave infinities, end at the largest number, and ask nothing of zeros', async () => {
    const { asked, subject } = wrongWhere((x) => x > 1e38);
    await createConnect(subject)(failing([3e38, Number.NEGATIVE_INFINITY]), undefined);
    expect(asked[0]).toBe(Math.fround(3.4028234663852886e38));
    const calls = asked.length;
    await createConnect(subject)(failing([0, 0]), undefined);
    expect(asked).toHaveLength(calls);
  });

  it('should ask nothing of what a cause explains, once interrupted, for laws, of long inputs, nor of what needs other calls', async () => {
    const { asked, subject } = wrongWhere(() => true);
    await createConnect(subject)(failing([4]), AbortSignal.abort());
    for (const changes of [
      { causes: [{ words: 'subtracts no maximum', confirmed: 2 }] },
      { property: 'nan-isolation' as const },
      { before: [] },
      { output: null },
      { batch: batchOf([new Array(5000).fill(4)]) },
    ] as Partial<Finding>[])
      expect(await createConnect(subject)(failing([4], changes), undefined)).not.toHaveProperty('connected');
    expect(asked).toEqual([]);
  });

  it('should make no more calls of a target that is always wrong', async () => {
    const { asked, subject } = wrongWhere(() => true);
    const connect = createConnect(subject);
    for (let k = 1; k <= 100; k++) await connect(failing([k]), undefined);
    expect(asked).toHaveLength(1000);
  });
});
