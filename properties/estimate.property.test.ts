/** The law of the estimate: it finds what decimal.js finds, in the same buckets and of the same size. */
import { describe, expect, it } from 'vitest';
import { families } from '../src/arbitraries/families.ts';
import { batchGenerator } from '../src/arbitraries/generate.ts';
import { answerOf } from '../src/core/kernel.ts';
import { type Operation, operations } from '../src/core/operation.ts';
import { createRandom, type Random } from '../src/core/random.ts';
import { bucketOf, type Violation } from '../src/core/violation.ts';
import { nextDown, nextUp } from '../src/float32/ordinal.ts';
import { createEstimate, UNDECIDED } from '../src/judge/estimate.ts';
import { estimate, judge } from '../src/judge/judge.ts';
import { unproven } from '../src/judge/screen.ts';
import { naive } from '../src/kernels/naive.ts';
import { stable } from '../src/kernels/stable.ts';
import { createOracle, type Oracle } from '../src/oracle/exact.ts';
import { defaultProfile, sequentialProfile } from '../src/row/profiles.ts';
import { byEffort } from './support/effort.ts';

const { NaN: NAN, POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number;

/** Right answers and wrong ones: of both kernels, with one number spoilt, and the exact one with errors of all sizes. */
function* answers(random: Random, operation: Operation, oracle: Oracle): Generator<Float32Array> {
  const { batch } = oracle;
  yield answerOf(naive, operation, batch);
  yield answerOf(stable, operation, batch);
  yield spoilt(random, answerOf(stable, operation, batch));
  yield oracle
    .answer(operation)
    .rounded.map((x) =>
      random.chance(0.3) ? x * (1 + (random.unit() - 0.5) * 2 ** -(8 + random.below(16))) : x,
    );
}

function spoilt(random: Random, answer: Float32Array): Float32Array {
  const at = random.below(answer.length);
  const x = answer[at];
  const wrong = [NAN, POSITIVE_INFINITY, NEGATIVE_INFINITY, 0, -0, -x, 2, 1e-45, nextUp(x), nextDown(x)];
  return answer.with(
    at,
    random.pick([...wrong, x + 2 ** -random.below(149), x * (1 + 2 ** -random.below(24))]),
  );
}

function sizes(violations: readonly Violation[]): Record<string, number> {
  return Object.fromEntries(violations.map((violation) => [bucketOf(violation), violation.budgetUse]));
}

describe('the estimate', () => {
  it('should be the verdict of decimal.js, and leave next to nothing to it', () => {
    let wrong = 0;
    let undecided = 0;
    let numbers = 0;
    for (const [seed, { name }] of families.entries()) {
      const draw = batchGenerator({
        families: [name],
        maxCols: 40,
        maxRows: 3,
        maxCells: 80,
        upstream: true,
      });
      const random = createRandom([seed, 2, 3, 4]);
      for (let k = 0; k < byEffort(12, 50); k++) {
        const oracle = createOracle(draw(random).batch);
        const profile = random.pick([sequentialProfile, defaultProfile]);
        for (const operation of operations) {
          for (const output of answers(random, operation, oracle)) {
            const exact = sizes(judge(oracle, operation, output, profile));
            const estimated = sizes(estimate(oracle, operation, output, profile));
            expect(Object.keys(estimated), `${name}, ${operation}: ${oracle.batch.logits}`).toEqual(
              Object.keys(exact),
            );
            for (const [bucket, size] of Object.entries(exact)) {
              expect(estimated[bucket] === size || Math.abs(estimated[bucket] / size - 1) < 1e-5).toBe(true);
            }
            wrong += Object.keys(exact).length;
            const guess = createEstimate(operation, oracle.batch, oracle.approximate, profile);
            const open = unproven(operation, oracle.batch, oracle.approximate, output, profile);
            undecided += open.filter((index) => guess(index, output[index]) === UNDECIDED).length;
            numbers += output.length;
          }
        }
      }
    }
    expect(wrong).toBeGreaterThan(byEffort(2000, 5000));
    expect(undecided / numbers).toBeLessThan(2e-4);
  });
});
