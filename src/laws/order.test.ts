import { describe, expect, it } from 'vitest';
import { createBatch } from '../core/batch.ts';
import type { OptionName, Options } from '../core/options.ts';
import { bucketOf } from '../core/violation.ts';
import { stable } from '../kernels/stable.ts';
import { withOptions } from '../options/index.ts';
import { createOracle } from '../oracle/exact.ts';
import { createTarget } from '../targets/create.ts';
import { examineLaw } from './examine-law.ts';
import { disorder } from './order.ts';

const u = 2 ** -24;
const { NaN: NAN, NEGATIVE_INFINITY, POSITIVE_INFINITY } = Number;

function disorderOf(logits: readonly number[], probabilities: readonly number[]) {
  return disorder(Float32Array.from(logits), Float32Array.from(probabilities));
}

describe('disorder', () => {
  it('should let equal logits differ by the errors of their own, and by no more', () => {
    const allowed = 2 * (6 + 5 + 1.25 * Math.log(2));
    expect(disorderOf([0, 0], [0.5, 0.5 * (1 + (allowed - 2) * u)])).toBeNull();
    expect(disorderOf([0, 0], [0.5, 0.5 * (1 + (allowed + 2) * u)])).toEqual([0, 1]);
    expect(disorderOf([0, 0], [0.5 * (1 + (allowed + 2) * u), 0.5])).toEqual([1, 0]);
  });

  it('should name the larger logit first', () => {
    expect(disorderOf([1, 3, 2], [0.2, 0.3, 0.5])).toEqual([1, 2]);
    expect(disorderOf([3, 2, 1], [0.5, 0.2, 0.3])).toEqual([1, 2]);
    expect(disorderOf([1, 2, 3], [0.1, 0.3, 0.6])).toBeNull();
  });

  it('should allow more at large gaps, whose exponentials are less sure, and the floor beyond 200', () => {
    const nearly = Math.exp(-100) * (1 - 600 * u);
    expect(disorderOf([100, 0, 0], [1, Math.exp(-100), nearly])).toBeNull();
    expect(disorderOf([0, -300, -301], [1, 0, 2 ** -126])).toBeNull();
    expect(disorderOf([0, -300, -301], [1, 0, 2 ** -120])).toEqual([1, 2]);
  });

  it('should say nothing of rows without a finite maximum, and see a mask that is not 0', () => {
    expect(disorderOf([NAN, 0], [1, 0])).toBeNull();
    expect(disorderOf([POSITIVE_INFINITY, 0], [0, 1])).toBeNull();
    expect(disorderOf([NEGATIVE_INFINITY, NEGATIVE_INFINITY], [0, 1])).toBeNull();
    expect(disorderOf([0, NEGATIVE_INFINITY], [1, 0])).toBeNull();
    expect(disorderOf([0, NEGATIVE_INFINITY, -1], [0.7, 0.3, 0.3])).toBeNull();
  });
});

describe('order, with options', () => {
  const cols = 300;
  const logits = Float32Array.from({ length: cols }, (_, k) => 2 - ((5 * k) % 13) / 4); // Each on either side, the largest first.
  const bias = Float32Array.from({ length: cols }, (_, k) => (k % 3 === 0 ? NEGATIVE_INFINITY : k % 7));
  const mask = Uint8Array.from({ length: cols }, (_, k) => Number(k % 5 > 0));

  /** What the law says of a softmax whose second half is as if it were divided by another sum. */
  async function told(options: Options, factor: number) {
    const softmax: typeof stable.softmax = (...call) =>
      stable.softmax(...call).map((p, k) => (k > cols / 2 ? p * factor : p));
    const names = Object.keys(options) as OptionName[];
    const target = createTarget(
      'halves',
      { softmax },
      { profile: 'sequential', options: { softmax: names } },
    );
    const oracle = createOracle(withOptions(createBatch(1, cols, logits), options));
    const { violations } = await examineLaw(target, 'softmax', oracle, 'order');
    return violations.map(bucketOf);
  }

  const all: readonly Options[] = [
    { scale: 0.3 },
    { scale: -2 },
    { softcap: 2 },
    { sink: 4 },
    { bias },
    { mask },
    { scale: 0.3, softcap: 2, bias, mask, sink: 4 },
  ];
  const named = all.map((options) => [Object.keys(options).join(', '), options] as const);

  it.each(named)('should be that of the scores, with %s', async (_, options) => {
    expect(await told(options, 1)).toEqual([]);
    expect(await told(options, 1 + 200 * u)).toEqual(['softmax/invariance/order']);
  });

  it('should let numbers differ by what they may be off before the row', () => {
    const row = Float64Array.of(0, 0);
    const apart = (relative: number) => Float32Array.of(0.5, 0.5 * (1 + relative));
    const before = { within: Float64Array.of(0.01, 0.02), perGap: 0, perMax: 0 };
    expect(disorder(row, apart(0.03))).toEqual([0, 1]);
    expect(disorder(row, apart(0.0304), undefined, before)).toBeNull();
    expect(disorder(row, apart(0.0308), undefined, before)).toEqual([0, 1]);
  });

  it('should know a maximum that has no probability', () => {
    const floor = 2 ** -126;
    expect(disorder(Float64Array.of(0, -300, -301), Float32Array.of(1, 0, 2 ** -120))).toEqual([1, 2]);
    expect(disorder(Float64Array.of(-300, -301, 0), Float32Array.of(0, floor))).toBeNull();
    expect(disorder(Float64Array.of(-300, -301, 0), Float32Array.of(0, 2 ** -120))).toEqual([0, 1]);
  });
});
