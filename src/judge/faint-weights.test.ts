import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { bucketOf } from '../core/violation.ts';
import { withOptions } from '../options/index.ts';
import { createOracle } from '../oracle/exact.ts';
import { sequentialProfile } from '../row/profiles.ts';
import { judge } from './judge.ts';

const masked = batchOf([[0, Number.NEGATIVE_INFINITY]]);

/** What is wrong with a loss whose masked class has this probability, at this weight. */
function wrongWith(got: number, probability: number, weight = 2 ** -10): string[] {
  const batch = withOptions(masked, { classWeights: [1, weight], probabilities: [0, probability] });
  const oracle = createOracle(batch);
  return judge(oracle, 'crossEntropy', Float32Array.of(got), sequentialProfile).map(bucketOf);
}

describe('a masked class', () => {
  it('should make the loss infinite, or what it is without the class where its weight may be 0 in FP32', () => {
    for (const got of [0, Number.NaN, Number.POSITIVE_INFINITY]) expect(wrongWith(got, 7.17e-43)).toEqual([]);
    expect(wrongWith(-1, 7.17e-43)).toEqual(['crossEntropy/special-value/masked']);
  });

  it('should make it infinite where its weight is a number', () => {
    expect(wrongWith(Number.POSITIVE_INFINITY, 1e-40)).toEqual([]);
    expect(wrongWith(0, 1e-40)).toEqual(['crossEntropy/special-value/masked']);
    expect(wrongWith(0, 1e-43, 1)).toEqual(['crossEntropy/special-value/masked']);
  });
});
