import { describe, expect, it } from 'vitest';
import { naive } from './naive.ts';

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

describe('naive', () => {
  it('should be NaN at an exp that overflows, and 0 at the others of the row', () => {
    expect(naive.softmax(Float32Array.of(89, 88, 1, 1), 2, 2)).toEqual(Float32Array.of(nan, 0, 0.5, 0.5));
  });

  it('should be 0 throughout when only the sum overflows', () => {
    const logits = Float32Array.of(88.7, 88.7);
    expect(naive.softmax(logits, 1, 2)).toEqual(Float32Array.of(0, 0));
    expect(naive.logSoftmax(logits, 1, 2)).toEqual(Float32Array.of(-infinity, -infinity));
    expect(naive.logSumExp(logits, 1, 2)).toEqual(Float32Array.of(infinity));
  });

  it('should be NaN throughout when every exp underflows', () => {
    const logits = Float32Array.of(-104, -105);
    expect(naive.softmax(logits, 1, 2)).toEqual(Float32Array.of(nan, nan));
    expect(naive.logSumExp(logits, 1, 2)).toEqual(Float32Array.of(-infinity));
  });

  it('should keep hardly a digit of subnormal exps', () => {
    // e^-103 and e^-103.5 are 1.3 and 0.8 times the smallest subnormal, and become it.
    expect(naive.softmax(Float32Array.of(-103, -103.5), 1, 2)).toEqual(Float32Array.of(0.5, 0.5));
    expect(1 / (1 + Math.exp(-0.5))).toBeGreaterThan(0.62);
  });

  it('should have an infinite loss and a gradient of NaN for a target far below the maximum', () => {
    const logits = Float32Array.of(0, -104);
    expect(naive.crossEntropy(logits, Int32Array.of(1), 1, 2)).toBe(infinity);
    expect(naive.crossEntropyGrad(logits, Int32Array.of(1), 1, 2)).toEqual(Float32Array.of(nan, nan));
  });

  it('should pass gradients on as autograd through its steps, NaN where a step is', () => {
    const upstream = Float32Array.of(0, 1);
    expect(naive.softmaxGrad(upstream, Float32Array.of(0, 0), 1, 2)).toEqual(Float32Array.of(-0.25, 0.25));
    expect(naive.logSoftmaxGrad(upstream, Float32Array.of(0, 0), 1, 2)).toEqual(Float32Array.of(-0.5, 0.5));
    expect(naive.softmaxGrad(upstream, Float32Array.of(89, 0), 1, 2)).toEqual(Float32Array.of(nan, nan));
    // The log of a probability 0 takes 0 / 0.
    expect(naive.softmaxGrad(upstream, Float32Array.of(-infinity, 0), 1, 2)).toEqual(Float32Array.of(-0, 0));
    expect(naive.logSoftmaxGrad(upstream, Float32Array.of(-infinity, 0), 1, 2)).toEqual(
      Float32Array.of(nan, nan),
    );
  });
});
