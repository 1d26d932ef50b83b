import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answersBatch, operations } from '../core/operation.ts';
import { ulp } from '../float32/ulp.ts';
import { batches, createOracle } from '../index.ts';
import { stable } from '../kernels/stable.ts';
import { rowSpecs, specs } from '../operations/index.ts';
import { noInputs } from '../operations/operation.ts';
import { decimalOf, Wide } from '../row/decimal.ts';
import { sequentialProfile } from '../row/profile.ts';
import { createTarget } from '../targets/create.ts';
import { observe } from '../targets/observe.ts';
import { measureNumbers } from './accuracy.ts';
import { budgetOf, inputsAt } from './budget.ts';

const target = createTarget('stable', stable);

describe('measureNumbers', () => {
  it.each(operations)('should give no less than decimals give, and hardly more: %s', async (operation) => {
    let compared = 0;
    const sample = fc.sample(batches({ maxRows: 2, maxCols: 6, upstream: true }), { numRuns: 60, seed: 7 });
    for (const batch of sample) {
      const oracle = createOracle(batch);
      const observed = await observe(target, operation, batch);
      if (observed.status !== 'answered') throw new Error(observed.detail);
      const { output } = observed;
      measureNumbers(operation, oracle, output, sequentialProfile, (k, errorUlp, budgetUse) => {
        const { value, rounded } = oracle.entry(operation, k);
        const error = Wide.sub(value, decimalOf(output[k])).abs().toNumber();
        const inputs = answersBatch(operation) ? noInputs : inputsAt(operation, k, oracle);
        const isRelative =
          !answersBatch(operation) && rowSpecs[operation].isRelative(k % batch.cols, inputs.target);
        const least = isRelative ? 0 : specs[operation].unit(value.toNumber(), inputs);
        const grain = ulp(Math.max(Math.abs(value.toNumber()), least));
        const exact = error / grain;
        compared++;
        if (!Number.isNaN(errorUlp)) {
          expect(errorUlp).toBeGreaterThanOrEqual(exact * (1 - 2 ** -40));
          const more = (errorUlp - exact) * grain;
          expect(more).toBeLessThanOrEqual(
            2 ** -16 * (error + budgetOf(operation, k, oracle, sequentialProfile)),
          );
        }
        const use = error / budgetOf(operation, k, oracle, sequentialProfile);
        if (output[k] === rounded) expect(budgetUse === 0 || budgetUse >= use * (1 - 2 ** -30)).toBe(true);
        else expect(budgetUse).toBeGreaterThanOrEqual(use * (1 - 2 ** -30));
      });
    }
    expect(compared).toBeGreaterThan(operation === 'crossEntropy' ? 20 : 60);
  });
});
