import { describe, expect, it } from 'vitest';
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
