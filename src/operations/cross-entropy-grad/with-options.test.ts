import { describe, expect, it } from 'vitest';
import { batchOf } from '../../core/batch.ts';
import { withOptions } from '../../options/index.ts';
import { createOracle } from '../../oracle/exact.ts';
import { cloneOf, decimalOf } from '../../row/decimal.ts';
import { roundToFloat32 } from '../../row/round.ts';

/** More digits than e^-760 is below 1. */
const D = cloneOf(900);

/** Q p_0 - q_0, rounded once. */
function expected(x: readonly number[], probabilities: Float32Array): number {
  const weights = x.map((each) => D.exp(decimalOf(each)));
  const sum = weights.reduce((a, b) => a.plus(b));
  const q = Array.from(probabilities, decimalOf);
  const total = q.reduce((a, b) => D.add(a, b));
  return roundToFloat32(D.sub(weights[0].div(sum).times(total), q[0]));
}

/** 0.5 and 1/3 as FP32 values add up to a number halfway between two. */
const halfway = [0.5, Math.fround(1 / 3)];

describe('the gradient of a loss next to a rounding boundary', () => {
  it.each([
    [
      [760, 2, -0.5, 120],
      [1, ...halfway, 0],
    ],
    [
      [760, 2, -0.5, 120],
      [0, ...halfway, 2],
    ],
    [
      [0, -520, -769],
      [3, ...halfway],
    ],
    [
      [0, 0, -641],
      [0, 2, 2 ** -23],
    ],
    [
      [0, 0, -641],
      [0, 2, 3 * 2 ** -23],
    ],
  ])('should be rounded to the right side: of %j with the labels %j', (row, labels) => {
    const probabilities = Float32Array.from(labels);
    const batch = withOptions(batchOf([row]), { reduction: 'none', probabilities });
    const { rounded } = createOracle(batch).entry('crossEntropyGrad', 0);
    expect(rounded).toBe(expected(row, probabilities));
  });
});
