/**
 * Attempts on the proofs of budget.ts: every rounding as large as a profile allows, all of them against one number of the answer. What
 * comes out is within the budget, and where nothing cancels near its end: no more is allowed than such an algorithm needs.
 */
import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../core/batch.ts';
import { UNIT_ROUNDOFF as u } from '../float32/constants.ts';
import { rowSpecs } from '../operations/index.ts';
import { noInputs } from '../operations/operation.ts';
import { approximateRows } from '../row/approximation.ts';
import type { Profile } from '../row/profile.ts';
import { fieldProfile, profileNamed, profiles } from '../row/profiles.ts';
import type { RowAnalysis } from '../row/row.ts';
import { rowCosts } from '../row/row-costs.ts';

type Sign = 1 | -1;

const rows: readonly (readonly number[])[] = [
  [0],
  [0, 0],
  [5, 3],
  [0, -1, -2, -3, -4, -5, -6, -7, -8],
  [-40, -120],
  [1, ...new Array(10).fill(-2)],
  [3, ...new Array(300).fill(-1)],
  [1e4, 1e4 - 80, 1e4 - 7],
  [2 ** 24, 2 ** 24 - 8],
  Array.from({ length: 250 }, (_, i) => -(i % 25)),
];

/** Rows whose numbers are the largest or the smallest that a profile allows. */
function adverse(row: RowAnalysis, profile: Profile) {
  const { gaps, probabilities } = row;
  const { exp, subtraction, division, summation, log, log1p, roundedScale } = profile;
  const n = gaps.length;
  // In one accumulator, or up to ten terms so: more in lanes, whose additions are spelled out in budget.test.ts.
  const h = summation.order === 'once' ? Math.min(1, n - 1) : n - 1;
  const max = row.logSumExp - row.logSum;
  const rho = roundedScale ? u * max : 0;

  /** The weight of a gap, as large as can be, or as small. */
  const weight = (j: number, sign: Sign, common: number) => {
    const isExact = gaps[j] === 0 && exp.exactAtZero;
    const exponent = -gaps[j] * (1 - sign * (subtraction + exp.perGap) * u);
    return (
      Math.exp(exponent + common * (1 + Math.sign(common) * sign * u)) *
      (1 + (isExact ? 0 : sign * exp.constant * u))
    );
  };

  /** The sum, as large or small as can be but for the weight that is given. */
  const sumBut = (i: number, own: number, sign: Sign, common: number) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += j === i ? own : weight(j, sign, common);
    return sum * (1 + sign * u) ** h;
  };

  const probabilitiesBy = ([1, -1] as const).map((sign) =>
    Array.from(gaps, (_, i) => {
      const own = weight(i, sign, rho);
      return (own / sumBut(i, own, -sign as Sign, rho)) * (1 + sign * division * u);
    }),
  );
  const probability = (i: number, sign: Sign) => probabilitiesBy[sign === 1 ? 0 : 1][i];

  const logSum = (sign: Sign) => {
    const common = sign * Math.abs(rho);
    // With log1p the largest weight, 1, is left out of the sum.
    const computed = log1p
      ? Math.log1p(sumBut(gaps.indexOf(0), 0, sign, common))
      : Math.log(sumBut(-1, 0, sign, common));
    return computed * (1 + sign * log.relative * u);
  };

  return {
    h,
    softmax: (i: number, sign: Sign) => [probability(i, sign), probabilities[i]],
    logSoftmax(i: number, sign: Sign) {
      const own = -(gaps[i] * (1 + sign * subtraction * u) + logSum(sign)) * (1 + sign * u);
      return [own, -(gaps[i] + row.logSum)];
    },
    logSumExp(sign: Sign) {
      const lse = max + logSum(sign);
      return [lse + sign * u * Math.abs(lse), row.logSumExp];
    },
    /** e^(x - lse), with lse rounded, by no more than ln S, as the maximum is a number too. */
    byLse(i: number, sign: Sign) {
      const computed = max + logSum(-sign as Sign);
      const lse = computed - sign * Math.min(u * Math.abs(computed), logSum(-sign as Sign));
      const difference = (max - gaps[i] - lse) * (1 - sign * u);
      const own = Math.exp(difference * (1 - sign * exp.perGap * u)) * (1 + sign * exp.constant * u);
      return [own, probabilities[i]];
    },
    /** The gradient at the target, as minus the sum of the others. */
    bySum(target: number, sign: Sign) {
      let [others, exact] = [0, 0];
      for (let j = 0; j < n; j++) {
        if (j === target) continue;
        // Each of them with a sum of its own, which is no less than they can have together.
        others += probability(j, sign);
        exact += probabilities[j];
      }
      return [-others * (1 + sign * u) ** h * (1 + sign * 3 * u), -exact];
    },
  };
}

/** What is left aside in what is computed here in double precision: much less than u. */
const SLACK = 1e-9;

function expectWithin([got, exact]: number[], budget: number): number {
  const error = Math.abs(got - exact);
  if (error > Math.abs(exact) * 1e-13)
    expect(error).toBeLessThanOrEqual(budget * (1 + SLACK) + Math.abs(exact) * 1e-14);
  return budget === 0 ? 0 : error / budget;
}

const everyProfile = [...profiles, fieldProfile].map((profile): [string, Profile] => [profile.name, profile]);
const inOneAccumulator = everyProfile.filter(([, { summation }]) => summation.order !== 'lanes');
const few = (row: readonly number[]) => row.length <= 10;

/** What the profile allows to the entries of a row, by operation. */
function budgetsOf(logits: Float32Array, row: RowAnalysis, profile: Profile) {
  const costs = rowCosts(logits, row, profile);
  return {
    softmax: (i: number) => rowSpecs.softmax.budget(costs)(i, noInputs),
    logSoftmax: (i: number) => rowSpecs.logSoftmax.budget(costs)(i, noInputs),
    logSumExp: () => rowSpecs.logSumExp.budget(costs)(0, noInputs),
    crossEntropyGrad: rowSpecs.crossEntropyGrad.budget(costs),
  };
}

function attempt(logits: readonly number[], profile: Profile) {
  const batch: Batch = batchOf([[...logits]]);
  const [row] = approximateRows(batch);
  return { budget: budgetsOf(batch.logits, row, profile), numbers: adverse(row, profile), batch };
}

describe.each(everyProfile)('errors that conspire, by the profile %s', (name, profile) => {
  const asked = inOneAccumulator.some(([each]) => each === name) ? rows : rows.filter(few);

  it.each(asked.map((logits) => [logits.slice(0, 12), logits]))(
    'should be within the budget in a row of %j',
    (_, logits) => {
      const { budget, numbers } = attempt(logits, profile);
      const gapAt = (i: number): number => Math.max(...logits) - logits[i];
      for (const sign of [1, -1] as const) {
        for (let i = 0; i < logits.length; i++) {
          expectWithin(numbers.softmax(i, sign), budget.softmax(i));
          expectWithin(numbers.logSoftmax(i, sign), budget.logSoftmax(i));
          if (profile.savedLse && gapAt(i) <= 200)
            expectWithin(numbers.byLse(i, sign), budget.crossEntropyGrad(i, { ...noInputs, target: -1 }));
          if (!profile.gradientBySum) continue;
          const inputs = { ...noInputs, target: i };
          expectWithin(numbers.bySum(i, sign), budget.crossEntropyGrad(i, inputs));
        }
        expectWithin(numbers.logSumExp(sign), budget.logSumExp());
      }
    },
  );
});

describe('budgets', () => {
  it('should be near what errors that conspire come to', () => {
    const profile = profileNamed('sequential');
    const { budget, numbers } = attempt(rows[3], profile);
    for (let i = 2; i < 9; i++) {
      expect(expectWithin(numbers.softmax(i, 1), budget.softmax(i))).toBeGreaterThan(0.85);
      expect(expectWithin(numbers.logSoftmax(i, 1), budget.logSoftmax(i))).toBeGreaterThan(0.95);
    }
    expect(expectWithin(numbers.logSumExp(1), budget.logSumExp())).toBeGreaterThan(0.95);
    const saved = attempt([1e4, 1e4 - 1, 1e4 - 2], profileNamed('lse'));
    for (let i = 0; i < 3; i++) {
      const allowed = saved.budget.crossEntropyGrad(i, { ...noInputs, target: -1 });
      expect(expectWithin(saved.numbers.byLse(i, 1), allowed)).toBeGreaterThan(0.45);
    }
    const far = attempt([1e8, 1e8 - 8], profileNamed('exp2'));
    expect(expectWithin(far.numbers.logSumExp(1), far.budget.logSumExp())).toBeGreaterThan(0.95);
    expect(expectWithin(far.numbers.softmax(1, 1), far.budget.softmax(1))).toBeGreaterThan(0.8);
  });

  it('should be what a sum of 100,000 terms in one FP32 accumulator comes to, and no less', () => {
    // Each term is a little less than half the spacing above 1, and lost.
    const logits = Float32Array.from({ length: 100_000 }, (_, i) => (i === 0 ? 0 : -16.6356));
    const [row] = approximateRows(batchOf([[...logits]]));
    let sum = 0;
    for (const x of logits) sum = Math.fround(sum + Math.fround(Math.exp(x)));
    expect(sum).toBe(1);
    const budget = budgetsOf(logits, row, fieldProfile);
    for (const use of [
      expectWithin([1 / sum, row.probabilities[0]], budget.softmax(0)),
      expectWithin([-Math.log(sum), -row.logSum], budget.logSoftmax(0)),
      expectWithin([Math.log(sum), row.logSumExp], budget.logSumExp()),
    ])
      expect(use).toBeGreaterThan(0.98);
  });
});
