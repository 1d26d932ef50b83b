/** The oracle and a BigInt evaluation that shares no code with it give the same FP32 answers, to the sign of zero. */
import { assert, pre, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batches } from '../src/arbitraries/batches.ts';
import { families } from '../src/arbitraries/families.ts';
import { type Batch, batchOf, rowOf } from '../src/core/batch.ts';
import { operations } from '../src/core/operation.ts';
import { toHexWords } from '../src/float32/bits.ts';
import { MAX_FINITE, MIN_SUBNORMAL } from '../src/float32/constants.ts';
import { nextDown, nextUp } from '../src/float32/ordinal.ts';
import { createOracle } from '../src/oracle/exact.ts';
import { kindOf } from '../src/row/row.ts';
import { evaluateInFixedPoint } from './support/fixed-point.ts';
import { hardRows } from './support/hard-rows.ts';

const RUNS_PER_FAMILY = Number(process.env['ORACLE_RUNS'] ?? 20);

/** `answer` is one oracle's, so that the operations share evaluations, unless given. */
function expectAgreement(batch: Batch, answer = createOracle(batch).answer): void {
  const independent = evaluateInFixedPoint(batch);
  for (const operation of operations) {
    const words = toHexWords(answer(operation).rounded);
    expect(words, operation).toEqual(toHexWords(independent[operation]));
  }
}

/** Rows with NaN or +Infinity have no answer in the reals: the table of special values says theirs. */
const familiesOfReals = families.filter(({ name }) => name !== 'non-finite');

describe('an independent evaluation', () => {
  it.each(familiesOfReals)('should agree bit for bit on batches of $name', ({ name }) => {
    const agreement = property(batches({ families: [name], upstream: true }), (batch) => {
      pre(batch.targets.every((_, row) => kindOf(rowOf(batch, row)) !== 'all-masked'));
      expectAgreement(batch);
    });
    assert(agreement, { numRuns: RUNS_PER_FAMILY, seed: 20240229 });
  });

  const minusLn2 = Math.fround(-Math.LN2);
  it.each<[name: string, row: number[], target?: number]>([
    ['a sure row', [20, 0]],
    ['the most confident row that still has a loss in FP32', [103, 0]],
    ['a logsumexp near 0', [minusLn2, minusLn2]],
    ['a logsumexp near 0, from above', [nextUp(minusLn2), nextUp(minusLn2)]],
    ['a logsumexp near 0, from below', [nextDown(minusLn2), nextDown(minusLn2)]],
    ['a gap on a rounding boundary', [1, -16777216], 1],
    ['a gap on a rounding boundary, with many ties below', [1, ...Array(9).fill(-16777216)], 3],
    ['a gap on a rounding boundary, a tie above', [1, 1, -16777216], 2],
    ['the largest and the smallest', [MAX_FINITE, -MAX_FINITE], 1],
    ['the largest, the smallest and zero', [-MAX_FINITE, 0, MAX_FINITE, -MAX_FINITE, 0], 4],
    ['a loss that half rounds up to infinity', [MAX_FINITE, -(2 ** 102)], 1],
    ['a loss just below overflow', [MAX_FINITE, -(2 ** 101)], 1],
    ['equal logits', Array(1000).fill(88.5)],
    ['subnormal logits', [MIN_SUBNORMAL, -MIN_SUBNORMAL, 0, 3 * MIN_SUBNORMAL], 2],
    ['a lone subnormal', [MIN_SUBNORMAL]],
    ['a half and a subnormal', [0.5, MIN_SUBNORMAL]],
    ['probabilities at the end of FP32', [0, -103.27893, -103.97208, -103.97209, -104.67], 2],
    ['gaps around the last that is evaluated', [0, -199.99, -200, -200.01, -299, -301], 3],
    ['a masked target', [Number.NEGATIVE_INFINITY, 3, 1, 2], 0],
    ['all but one masked', [Number.NEGATIVE_INFINITY, -7.5, Number.NEGATIVE_INFINITY], 1],
  ])('should agree on %s', (_, row, target = 0) => {
    expectAgreement(batchOf([row], [target]));
    expectAgreement(batchOf([row, row, row], [target, target, 0]));
  });

  const odd = 1 + 2 ** -23;
  it.each<[name: string, row: number[], upstream: number[]]>([
    ['nothing passed on', [1, 2, 3], [5, 5, 5]],
    ['a sum of 0', [1, 2, 3], [4, -7, 3]],
    ['an even tie', [0, 0], [odd, -1]],
    ['an odd tie', [0, 0], [odd, -1 - 2 ** -22]],
    ['a tie that a vanishing weight tips', [0, 0, -1000], [odd, -1, 3]],
    ['a tie that a vanishing weight tips the other way', [0, 0, -1000], [odd, -1, -3]],
    ['a tie that the second order tips', [0, 0, -1000], [odd, -1, -1]],
    ['a tie that the second order tips, beside one that it does not', [0, 0, -1000, -1500], [odd, -1, -1, 8]],
    ['a tie that two vanishing weights tip together', [0, 0, -1000, -1000.5], [odd, -1, 0, -2]],
    [
      'a tie that vanishing weights of very different sizes tip',
      [0, 0, -1000, -3e38],
      [odd, -1, 3, -(2 ** 100)],
    ],
    ['groups that cancel', [0, 0, 1, 1, 2], [7, -7, 2 ** 90, -(2 ** 90), 0]],
    ['what cancels but for a small weight', [0, 0, -90], [1, 1, 0]],
    ['what cancels but for a vanishing weight', [0, 0, -900], [1, 1, 0]],
    ['the largest and the smallest', [0, -50, -100], [MAX_FINITE, -MAX_FINITE, MIN_SUBNORMAL]],
    ['a sum beyond FP32', [0, 1, 2], [MAX_FINITE, MAX_FINITE, MAX_FINITE]],
    ['a masked class', [0, Number.NEGATIVE_INFINITY, 1], [1, 2 ** 40, -3]],
    ['one class', [5], [3]],
    ['one class beside masked ones', [Number.NEGATIVE_INFINITY, 5], [0.1, 3]],
  ])('should agree on vector-Jacobian products: %s', (_, row, upstream) => {
    expectAgreement(batchOf([row], [0], upstream));
    expectAgreement(batchOf([row.toReversed()], [0], upstream.toReversed()));
    expectAgreement(
      batchOf(
        [row],
        [0],
        upstream.map((g) => -g),
      ),
    );
  });

  describe.each([1, 2, 3, 5, 8, 12, 18])('with %i logits that make a row hard to round', (count) => {
    it.each(Object.entries(hardRows(count)))('should agree on %s', (_, row) => {
      // Half of a boundary is a boundary.
      const certain = row.map((_, i) => (i === 0 ? 0 : Number.NEGATIVE_INFINITY));
      for (const batch of [batchOf([row]), batchOf([certain, row])]) {
        expectAgreement(batch, (operation) => createOracle(batch).answer(operation));
      }
    });
  });
});
