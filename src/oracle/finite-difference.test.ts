import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { cloneOf } from '../row/decimal.ts';
import { FINITE_DIFFERENCE_ERROR, finiteDifferenceGradient } from './finite-difference.ts';

const { NaN: NAN, NEGATIVE_INFINITY, POSITIVE_INFINITY } = Number;

describe('finiteDifferenceGradient', () => {
  it('should differentiate a uniform row', () => {
    const gradient = finiteDifferenceGradient(batchOf([[7, 7, 7, 7]], [2]));
    for (const [i, exact] of ['0.25', '0.25', '-0.75', '0.25'].entries()) {
      expect(gradient[i]?.div(exact).minus(1).abs().lte(FINITE_DIFFERENCE_ERROR)).toBe(true);
    }
  });

  it('should come close to its error bound for a sure row', () => {
    const [target] = finiteDifferenceGradient(batchOf([[100, 0]]));
    const Fine = cloneOf(200);
    const exact = Fine.div(-1, Fine.exp(100).plus(1));
    const error = Fine.div(target ?? 0, exact)
      .minus(1)
      .abs();
    expect(error.lte(FINITE_DIFFERENCE_ERROR)).toBe(true);
    expect(error.gte('1.6e-41')).toBe(true);
  });

  it('should give 0 for a masked logit', () => {
    expect(finiteDifferenceGradient(batchOf([[0, NEGATIVE_INFINITY, 0]])).map(Number)).toEqual([
      -0.5, 0, 0.5,
    ]);
  });

  it('should divide by the number of rows, and leave out rows that it cannot differentiate', () => {
    const rows = [
      [0, 0],
      [0, -200.5],
      [NEGATIVE_INFINITY, 0],
      [NEGATIVE_INFINITY, NEGATIVE_INFINITY],
      [POSITIVE_INFINITY, 0],
      [NAN, 0],
    ];
    const [a, b, ...others] = finiteDifferenceGradient(batchOf(rows));
    expect([a, b].map(Number)).toEqual([-1 / 12, 1 / 12]);
    expect(others).toEqual(Array(10).fill(undefined));
  });
});
