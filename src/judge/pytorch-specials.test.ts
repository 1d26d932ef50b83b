import { describe, expect, it } from 'vitest';
import { type Batch, createBatch } from '../core/batch.ts';
import type { Options } from '../core/options.ts';
import { withOptions } from '../options/index.ts';
import { createOracle } from '../oracle/exact.ts';
import { defaultProfile, profileNamed } from '../row/profiles.ts';
import { judge } from './judge.ts';

const { NaN: NAN, POSITIVE_INFINITY: INF } = Number;
const IGNORED = -100;
const two = [1, 0];

/** Logits in rows of two, targets, options; the loss and the gradient of F.cross_entropy, Debian's PyTorch 1.13 and its autograd, FP32. */
const answers: readonly (readonly [
  number[],
  number[],
  Omit<Options, 'weights'> & { weights?: number[]; probs?: number[] },
  number,
  number[],
])[] = [
  [[1, 2], [IGNORED], {}, NAN, [0, 0]],
  [[1, 2], [IGNORED], { reduction: 'none' }, 0, [0, 0]],
  [[0, 0], [1], { weights: two }, NAN, [NAN, NAN]],
  [[0, 0], [1], { weights: two, labelSmoothing: 1 }, NAN, [NAN, NAN]],
  [[0, 0], [1], { weights: two, labelSmoothing: 0.5 }, NAN, [NAN, NAN]],
  [[0, 0, 0, 0], [1, IGNORED], { weights: two, labelSmoothing: 0.5 }, NAN, [NAN, NAN, 0, 0]],
  [[0, -INF, 0, 0], [1, 0], { weights: two }, NAN, [0, 0, -0.5, 0.5]],
  [[0, -INF, 0, 0], [0, 0], { weights: two, labelSmoothing: 0.5 }, NAN, [0, 0, -0.1875, 0.1875]],
  [[0, -INF, 0, 0], [0, 0], { labelSmoothing: 0.5 }, INF, [0.125, -0.125, -0.125, 0.125]],
  [[0, -INF, 0, 0], [1, 0], { labelSmoothing: 1 }, NAN, [0.25, -0.25, 0, 0]],
  [[0, -INF], [0], { probs: [1, 0] }, NAN, [0, 0]],
  [[0, -INF], [0], { probs: [0.5, 0.5] }, INF, [0.5, -0.5]],
  [[0, 0], [0], { probs: [0, 0] }, 0, [0, 0]],
  [[0, NAN], [0], { reduction: 'sum', weights: [0, 1] }, NAN, [NAN, NAN]],
  [[0, INF], [0], { reduction: 'sum', weights: [0, 1] }, NAN, [NAN, NAN]],
  [[0, -INF], [1], { reduction: 'sum', upstream: 0 }, INF, [0, 0]],
  [[0, NAN], [1], { reduction: 'sum', upstream: 0 }, NAN, [NAN, NAN]],
  [[NAN, 2, 0, 0], [IGNORED, 0], { reduction: 'sum' }, Math.fround(Math.LN2), [NAN, NAN, -0.5, 0.5]],
];

describe('the special answers of a loss with options', () => {
  it.each(answers)('should be PyTorch’s of %j, targets %j, %j', (logits, targets, given, loss, gradient) => {
    const { weights, probs, ...others } = given;
    const options = {
      ...others,
      ...(weights && { classWeights: Float32Array.from(weights) }),
      ...(probs ? { probabilities: Float32Array.from(probs) } : { ignoreIndex: IGNORED }),
    };
    const plain = createBatch(logits.length / 2, 2, logits, targets, null, IGNORED);
    const oracle = createOracle(withOptions(plain, options));
    expect([...oracle.rounded('crossEntropy')]).toEqual([loss]);
    for (const [operation, got] of [
      ['crossEntropy', [loss]],
      ['crossEntropyGrad', gradient],
    ] as const)
      expect(judge(oracle, operation, Float32Array.from(got), defaultProfile)).toEqual([]);
  });

  it('should be infinities too where what the target has of all classes is added first', () => {
    const verdicts = (
      batch: Batch,
      options: Options,
      operation: 'crossEntropy' | 'crossEntropyGrad',
      got: number[],
    ) =>
      judge(createOracle(withOptions(batch, options)), operation, Float32Array.from(got), defaultProfile).map(
        ({ severity, kind }) => `${severity} ${kind}`,
      );
    const masked = createBatch(1, 2, [0, -INF], [1]);
    const equal = createBatch(1, 2, [0, 0], [1]);
    const unweighted = { classWeights: Float32Array.of(1, 0) };
    expect(verdicts(masked, { labelSmoothing: 1 }, 'crossEntropy', [INF])).toEqual([]);
    expect(verdicts(masked, { labelSmoothing: 1 }, 'crossEntropy', [1])).toEqual(['error special-value']);
    const smoothed = { ...unweighted, labelSmoothing: 0.5 };
    expect(verdicts(equal, smoothed, 'crossEntropy', [INF])).toEqual([]);
    expect(verdicts(equal, smoothed, 'crossEntropyGrad', [-INF, INF])).toEqual([]);
    expect(verdicts(equal, unweighted, 'crossEntropy', [INF])).toEqual(['error special-value']);
    expect(verdicts(equal, unweighted, 'crossEntropy', [0])).toEqual(['warning special-value']);
    const withNaN = createBatch(2, 2, [0, -INF, 0, NAN], [1, 0]);
    expect(verdicts(withNaN, { labelSmoothing: 1 }, 'crossEntropy', [INF])).toEqual(['error special-value']);
  });

  it('should have its products below the normal range rounded before they are weighted', () => {
    const options = { classWeights: Float32Array.of(128, 0), probabilities: Float32Array.of(7.17e-43, 0) };
    const oracle = createOracle(withOptions(createBatch(1, 2, [0, 0]), options));
    const verdict = (got: number) =>
      judge(oracle, 'crossEntropy', Float32Array.of(got), profileNamed('sequential')).length;
    expect([0xb180, 0xb172, 0xc000].map((word) => verdict(word * 2 ** -149))).toEqual([0, 0, 1]);
  });
});
