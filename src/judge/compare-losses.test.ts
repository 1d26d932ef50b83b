/** What is as right as the expected answer of a loss with options, and of its gradient. */
import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../core/batch.ts';
import type { Operation } from '../core/operation.ts';
import type { Options } from '../core/options.ts';
import { semanticsOf } from '../core/semantics.ts';
import { bucketOf } from '../core/violation.ts';
import { createOracle } from '../oracle/exact.ts';
import { profileNamed } from '../row/profiles.ts';
import { audit } from './audit.ts';

const { NaN: NAN, POSITIVE_INFINITY: INF } = Number;

function verdict(operation: Operation, batch: Batch, answer: readonly number[], profile = 'sequential') {
  return audit(createOracle(batch), operation, Float32Array.from(answer), profileNamed(profile)).map(
    bucketOf,
  );
}

const weighted = (weights: readonly number[], options: Options = {}): Options => ({
  classWeights: Float32Array.from(weights),
  ...options,
});

describe('a mean over weights of 0', () => {
  const smoothed = { ...batchOf([[0, 1]]), options: weighted([0, 1], { labelSmoothing: 0.5 }) };

  it('should have a gradient of no number: NaN or an infinity, and 0 that some defend', () => {
    for (const answer of [NAN, INF, -INF])
      expect(verdict('crossEntropyGrad', smoothed, [answer, answer])).toEqual([]);
    expect(verdict('crossEntropyGrad', smoothed, [0, 0])).toEqual([
      'crossEntropyGrad/special-value/ordinary/warning',
    ]);
    expect(verdict('crossEntropyGrad', smoothed, [1, -1])).toEqual([
      'crossEntropyGrad/special-value/ordinary',
    ]);
  });

  it('should be infinite where a loss is not 0, or NaN where that rounds to 0', () => {
    for (const answer of [INF, NAN]) expect(verdict('crossEntropy', smoothed, [answer])).toEqual([]);
    expect(verdict('crossEntropy', smoothed, [0])).toEqual(['crossEntropy/special-value/ordinary/warning']);
    expect(verdict('crossEntropy', smoothed, [1])).toEqual(['crossEntropy/special-value/ordinary']);
  });

  it('should be 0 where that is what a quotient by 0 is', () => {
    const semantics = semanticsOf({ empty: 'zero' });
    expect(verdict('crossEntropy', { ...smoothed, semantics }, [0])).toEqual([]);
  });
});

describe('a gap beyond FP32', () => {
  it('should make NaN of a row that weighs nothing', () => {
    const far = { ...batchOf([[3e38, -3e38]], [1]), options: weighted([1, 0], { reduction: 'sum' }) };
    expect(verdict('crossEntropy', far, [NAN])).toEqual([]);
    const near = { ...far, logits: Float32Array.of(1e38, -1e38) };
    expect(verdict('crossEntropy', near, [NAN])).toEqual(['crossEntropy/nan/high-offset']);
  });
});

describe('products of weights below the normal range', () => {
  it('should be granted what they lose there, times the weights that come behind', () => {
    const options = weighted([0.25, 1], {
      rowWeights: Float32Array.of(33),
      probabilities: Float32Array.of(6e-42, 0),
    });
    const faint = { ...batchOf([[0, 3]]), options, semantics: semanticsOf('tfjs') };
    // 33,652 of 2^-149 exactly, 33,635 where 6e-42 is multiplied by 0.25 first.
    const off = (steps: number) => [-(33_652 - steps) * 2 ** -149, (33_652 - steps) * 2 ** -149];
    expect(verdict('crossEntropyGrad', faint, off(17))).toEqual([]);
    // 435,007 of 2^-149 where they are multiplied by ln p first, and 434,993 exactly.
    const alone = {
      ...batchOf([[0, 3 + 2 / 64]]),
      options: weighted([6e-42, 1], { reduction: 'sum', rowWeights: Float32Array.of(33) }),
    };
    expect(verdict('crossEntropy', alone, [435_006 * 2 ** -149])).toEqual([]);
    expect(verdict('crossEntropy', alone, [436_006 * 2 ** -149])).toEqual([
      'crossEntropy/inaccurate/ordinary/warning',
    ]);
    expect(verdict('crossEntropyGrad', faint, off(1_000))).toEqual([
      'crossEntropyGrad/inaccurate/ordinary/warning',
    ]);
  });
});

describe('the profile lse', () => {
  // fl(1e4 + ln 2) is off by 2.2e-4.
  const batch = batchOf([[1e4, 1e4]]);
  const p = Math.exp(1e4 - Math.fround(1e4 + Math.LN2));

  it('should allow a gradient by e^(x - lse), which others are blamed for', () => {
    const answer = [p - 1, p];
    expect(verdict('crossEntropyGrad', batch, answer, 'lse')).toEqual([]);
    expect(verdict('crossEntropyGrad', batch, answer)).toEqual(['crossEntropyGrad/inaccurate/high-offset']);
    expect(verdict('crossEntropyGrad', { ...batch, options: { zLoss: 0 } }, answer, 'lse')).toEqual([]);
  });

  it('should allow no more than lse is rounded by', () => {
    const answer = [p * 1.01 - 1, p * 1.01];
    expect(verdict('crossEntropyGrad', batch, answer, 'lse')).toEqual([
      'crossEntropyGrad/inaccurate/high-offset',
    ]);
  });
});
