import { describe, expect, it } from 'vitest';
import { findingOf } from '../../../properties/support/findings.ts';
import { batchOf } from '../../core/batch.ts';
import type { Finding } from '../../core/finding.ts';
import { LEAST_CONFIRMED } from '../../hypotheses/diagnose.ts';
import { stable } from '../../kernels/stable.ts';
import { createTarget } from '../../targets/create.ts';
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
    const { connected } = await createConnect(subject, {})(failing([40]), undefined);
    expect(asked).toEqual([
      ...[80, 160, 320, 640, 1280, 2560, 5120, 10240],
      ...[40.3125, 41.25, 45],
      ...[20, 10, 5, 2.5],
      ...[1.0078125, 1.03125, 1.125].map((by) => Math.fround(40 / by)),
    ]);
    expect(connected).toEqual(['softmax/out-of-range/high-offset', 'softmax/out-of-range/ordinary']);
  });

  it('should have its own alone where it is right beside it', async () => {
    const { subject } = wrongWhere((x) => x === 40);
    expect((await createConnect(subject, {})(failing([40]), undefined)).connected).toEqual([
      'softmax/out-of-range/ordinary',
    ]);
  });

  it('should have what it shows with large numbers in place of infinities', async () => {
    const { subject } = wrongWhere((x) => x < -50);
    const masked = failing([Number.NEGATIVE_INFINITY, 0], { bucket: 'softmax/out-of-range/masked' });
    const { connected } = await createConnect(subject, {})(masked, undefined);
    expect(connected).toEqual(
      ['masked', 'ordinary', 'underflow'].map((each) => `softmax/out-of-range/${each}`),
    );
  });

  it('should ask nothing of zeros', async () => {
    const { asked, subject } = wrongWhere(() => true);
    await createConnect(subject, {})(failing([0, 0]), undefined);
    expect(asked).toEqual([]);
  });

  it('should ask nothing of what a cause explains, once interrupted, for laws, of long inputs, nor of what needs other calls', async () => {
    const { asked, subject } = wrongWhere(() => true);
    await createConnect(subject, {})(failing([4]), AbortSignal.abort());
    for (const changes of [
      { causes: [{ words: 'subtracts no maximum', confirmed: LEAST_CONFIRMED }] },
      { property: 'nan-isolation' as const },
      { before: [] },
      { output: null },
      { batch: batchOf([new Array(5000).fill(4)]) },
    ] as Partial<Finding>[])
      expect(await createConnect(subject, {})(failing([4], changes), undefined)).not.toHaveProperty(
        'connected',
      );
    expect(asked).toEqual([]);
  });

  it('should make no more calls of a target that is always wrong', async () => {
    const { asked, subject } = wrongWhere(() => true);
    const connect = createConnect(subject, {});
    for (let k = 1; k <= 100; k++) await connect(failing([k]), undefined);
    expect(asked).toHaveLength(1000);
  });
});
