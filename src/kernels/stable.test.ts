import { describe, expect, it } from 'vitest';
import { MAX_FINITE } from '../float32/constants.ts';
import { stable } from './stable.ts';

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

describe('stable', () => {
  it('should answer where the naive kernel cannot', () => {
    expect(stable.softmax(Float32Array.of(89, 89, -104, -104), 2, 2)).toEqual(
      Float32Array.of(0.5, 0.5, 0.5, 0.5),
    );
    expect(stable.softmax(Float32Array.of(MAX_FINITE, -MAX_FINITE), 1, 2)).toEqual(Float32Array.of(1, 0));
    expect(stable.crossEntropy(Float32Array.of(0, -104), Int32Array.of(1), 1, 2)).toBe(104);
  });

  it('should give the logit of a single class back, and a loss of 0', () => {
    const logits = Float32Array.of(-50104);
    expect(stable.logSumExp(logits, 1, 1)).toEqual(logits);
    expect(stable.crossEntropy(logits, Int32Array.of(0), 1, 1)).toBe(0);
  });

  it('should pass gradients on, exactly nothing to a masked class by softmax, and by log-softmax what it was given', () => {
    const upstream = Float32Array.of(3, 1, 0);
    const logits = Float32Array.of(-infinity, 1000, 1000);
    expect(stable.softmaxGrad(upstream, logits, 1, 3)).toEqual(Float32Array.of(0, 0.25, -0.25));
    expect(stable.logSoftmaxGrad(upstream, logits, 1, 3)).toEqual(Float32Array.of(3, -1, -2));
  });

  it('should lose ln 2 from the loss of two equal logits 2^24, and keep it in logSoftmax', () => {
    const logits = Float32Array.of(2 ** 24, 2 ** 24);
    expect(stable.crossEntropy(logits, Int32Array.of(0), 1, 2)).toBe(0);
    expect(stable.logSoftmax(logits, 1, 2)).toEqual(Float32Array.of(-Math.LN2, -Math.LN2));
  });

  it('should be NaN throughout a row whose maximum is infinite', () => {
    for (const max of [infinity, -infinity]) {
      const logits = Float32Array.of(max, -infinity);
      expect(stable.softmax(logits, 1, 2)).toEqual(Float32Array.of(nan, nan));
      expect(stable.logSoftmax(logits, 1, 2)).toEqual(Float32Array.of(nan, nan));
      expect(stable.logSumExp(logits, 1, 2)).toEqual(Float32Array.of(nan));
      expect(stable.crossEntropy(logits, Int32Array.of(0), 1, 2)).toBeNaN();
      expect(stable.crossEntropyGrad(logits, Int32Array.of(0), 1, 2)).toEqual(Float32Array.of(nan, nan));
    }
  });

  it('should give a masked class the probability 0 and the gradient 0', () => {
    const logits = Float32Array.of(3, -infinity);
    expect(stable.softmax(logits, 1, 2)).toEqual(Float32Array.of(1, 0));
    expect(stable.logSoftmax(logits, 1, 2)).toEqual(Float32Array.of(0, -infinity));
    expect(stable.crossEntropyGrad(logits, Int32Array.of(0), 1, 2)).toEqual(Float32Array.of(0, 0));
  });

  it('should give the rounding errors of the row to the first of the largest logits', () => {
    // Ten equal classes: each share is 0.1 in FP32, and ten of these add up to 1 + 2^-23.
    const gradient = stable.crossEntropyGrad(new Float32Array(10).fill(7), Int32Array.of(9), 1, 10);
    expect(gradient[1]).toBe(Math.fround(0.1));
    expect(gradient[0]).toBe(Math.fround(Math.fround(0.1) - 2 ** -23));
  });
});
