/** The laws of the verdict: designs that are right are never blamed, and answers that are wrong always. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batches } from '../src/arbitraries/batches.ts';
import { type Batch, rowOf } from '../src/core/batch.ts';
import { type Operation, operations } from '../src/core/operation.ts';
import { budgetOf } from '../src/judge/budget.ts';
import { judge } from '../src/judge/judge.ts';
import { createOracle } from '../src/oracle/exact.ts';
import { defaultProfile, fieldProfile, sequentialProfile } from '../src/row/profiles.ts';
import { builtinTarget } from '../src/targets/builtin.ts';
import { examine } from '../src/targets/examine.ts';

const small = batches({ maxRows: 3, maxCols: 24 });
const settings = { seed: 20, numRuns: 150 };

/** The shifted softmax with sums in FP64: the best that FP32 in and out allows. */
function inDouble(batch: Batch): Float32Array {
  const answer = new Float32Array(batch.logits.length);
  for (let r = 0; r < batch.rows; r++) {
    const row = rowOf(batch, r);
    const max = Math.max(...row);
    const weights = Array.from(row, (x) => Math.exp(x - max));
    const sum = weights.reduce((a, b) => a + b, 0);
    answer.set(
      weights.map((weight) => weight / sum),
      r * batch.cols,
    );
  }
  return answer;
}

describe('the verdict', () => {
  it('should be silent about a softmax in double precision, rounded once', () => {
    fc.assert(
      fc.property(small, (batch) => {
        expect(judge(createOracle(batch), 'softmax', inDouble(batch), defaultProfile)).toEqual([]);
      }),
      settings,
    );
  });

  it('should never find an error in the stable kernel of logits that are finite or masked, but for a row masked throughout', async () => {
    const stable = builtinTarget('stable');
    await fc.assert(
      fc.asyncProperty(small, fc.constantFrom(...operations), async (batch, operation) => {
        const { violations } = await examine(stable, operation, createOracle(batch));
        const errors = violations.filter(({ severity }) => severity === 'error');
        expect(errors.filter(({ trigger }) => operation !== 'logSumExp' || trigger !== 'all-masked')).toEqual(
          [],
        );
      }),
      settings,
    );
  });

  it('should never warn of the stable softmax, logSoftmax and logSumExp of rows with a class', async () => {
    const stable = builtinTarget('stable');
    const shifted: Operation[] = ['softmax', 'logSoftmax', 'logSumExp'];
    await fc.assert(
      fc.asyncProperty(small, fc.constantFrom(...shifted), async (batch, operation) => {
        const { violations } = await examine(stable, operation, createOracle(batch));
        expect(violations.filter(({ trigger }) => trigger !== 'all-masked')).toEqual([]);
      }),
      settings,
    );
  });

  it('should be an error for any entry that is off by more than the field allows, and a warning in between', () => {
    const entry = fc.nat({ max: 1_000_000 });
    fc.assert(
      fc.property(
        small,
        fc.constantFrom(...operations),
        entry,
        fc.double({ min: 1.01, max: 1e6, noNaN: true }),
        (batch, operation, at, factor) => {
          const oracle = createOracle(batch);
          const { rounded, values } = oracle.answer(operation);
          const k = at % rounded.length;
          const exact = values[k].toNumber();
          const limit = budgetOf(operation, k, oracle, fieldProfile);
          const wrong = Math.fround(exact + factor * limit);
          fc.pre(Number.isFinite(wrong) && limit > 0 && Math.abs(wrong - exact) > limit * 1.001);
          const output = rounded.with(k, wrong);
          expect(judge(oracle, operation, output, sequentialProfile)).toContainEqual(
            expect.objectContaining({ severity: 'error', index: k }),
          );
        },
      ),
      settings,
    );
  });

  it('should be an error for NaN in place of any finite number', () => {
    fc.assert(
      fc.property(
        small,
        fc.constantFrom(...operations),
        fc.nat({ max: 1_000_000 }),
        (batch, operation, at) => {
          const oracle = createOracle(batch);
          const { rounded } = oracle.answer(operation);
          const k = at % rounded.length;
          fc.pre(Number.isFinite(rounded[k]));
          const violations = judge(oracle, operation, rounded.with(k, Number.NaN), defaultProfile);
          expect(violations).toEqual([expect.objectContaining({ kind: 'nan', severity: 'error', index: k })]);
        },
      ),
      settings,
    );
  });
});
