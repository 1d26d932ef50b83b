/** The gradient of the mean loss is (p - onehot) / N: central differences of the loss itself say so, to 40 digits. */
import { assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batches } from '../src/arbitraries/batches.ts';
import { families } from '../src/arbitraries/families.ts';
import { type Batch, rowOf } from '../src/core/batch.ts';
import { createOracle } from '../src/oracle/exact.ts';
import { FINITE_DIFFERENCE_ERROR, finiteDifferenceGradient } from '../src/oracle/finite-difference.ts';
import { cloneOf, type Decimal } from '../src/row/decimal.ts';
import { evaluateRow } from '../src/row/exact-row.ts';

const Fine = cloneOf(100);
const RUNS = 6;

/** The gradient by formula, from rows evaluated with 56 digits. */
function analyticGradient(batch: Batch): Decimal[] {
  return Array.from(batch.targets).flatMap((target, r) => {
    const row = evaluateRow(rowOf(batch, r), 56);
    const numerators = row.terms.map(({ probability: p }, i) => (i === target ? row.othersOf(i).neg() : p));
    return numerators.map((numerator) => numerator.div(batch.rows));
  });
}

/** Relative closeness; a lone class has gradient 0, where the difference is a rounding error. */
function isClose(actual: Decimal, expected: Decimal, relativeError: string): boolean {
  if (expected.isZero()) return actual.abs().lte('1e-48');
  return Fine.div(actual, expected).minus(1).abs().lte(relativeError);
}

/** Rows with NaN or +Infinity have no answer in the reals: the table of special values says theirs. */
const familiesOfReals = families.filter(({ name }) => name !== 'non-finite');

describe('finite differences', () => {
  it.each(familiesOfReals)('should confirm the gradient on batches of $name', ({ name }) => {
    let compared = 0;
    const agreement = property(batches({ families: [name], maxRows: 2, maxCols: 8 }), (batch) => {
      const differences = finiteDifferenceGradient(batch);
      if (!differences.includes(undefined)) {
        const analytic = analyticGradient(batch);
        const { values } = createOracle(batch).answer('crossEntropyGrad');
        for (const [k, difference] of differences.entries()) {
          if (difference === undefined) continue;
          expect(isClose(difference, analytic[k], FINITE_DIFFERENCE_ERROR)).toBe(true);
          expect(isClose(difference, values[k], '1e-24')).toBe(true);
          compared++;
        }
      }
    });
    assert(agreement, { numRuns: RUNS, seed: 3 });
    expect(compared).toBeGreaterThan(RUNS / 2);
  });
});
