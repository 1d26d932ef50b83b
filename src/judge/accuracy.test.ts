import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { answersBatch, operations } from '../core/operation.ts';
import { ulp } from '../float32/ulp.ts';
import { batches, createOracle } from '../index.ts';
import { stable } from '../kernels/stable.ts';
import { rowSpecs, specs } from '../operations/index.ts';
import { noInputs } from '../operations/operation.ts';
import { withOptions } from '../options/index.ts';
import { decimalOf, Wide } from '../row/decimal.ts';
import { sequentialProfile } from '../row/profiles.ts';
import { createTarget } from '../targets/create.ts';
import { observe } from '../targets/observe.ts';
import { measureNumbers } from './accuracy.ts';
import { budgetOf, inputsAt } from './budget.ts';
import { judge } from './judge.ts';

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

  it('should not measure a row that is right by a reading of which double precision knows no error', () => {
    const batch = withOptions(batchOf([[-1e24, -1e24, -1e24]]), { bias: [0, -10, 5] });
    const oracle = createOracle(batch);
    const output = oracle.rounded('softmax'); // Of the reals, where the sums in FP32 are all alike.
    expect(judge(oracle, 'softmax', output, sequentialProfile)).toEqual([]);
    const uses: number[] = [];
    measureNumbers('softmax', oracle, output, sequentialProfile, (_k, _ulp, use) => uses.push(use));
    expect(uses).toEqual([]);
  });

  it('should measure each row by the reading of its options that explains it', () => {
    const rows = [
      [70000, 70010],
      [70003, 70000],
    ];
    const batch = withOptions(batchOf(rows), { scale: 0.1 });
    const oracle = createOracle(batch);
    const scaled = (x: number): number => Math.fround(x * Math.fround(0.1));
    /** One row with z rounded, and the other with z in the reals: 3e-3 apart. */
    const answers = [
      stable.softmax(batch.logits.map(scaled), 2, 2).slice(0, 2),
      oracle.rounded('softmax').slice(2),
    ];
    const output = Float32Array.from(answers.flatMap((row) => [...row]));
    const numbers: number[][] = [];
    measureNumbers('softmax', oracle, output, sequentialProfile, (...number) => numbers.push(number));
    expect(numbers.map(([k]) => k)).toEqual([0, 1, 2, 3]);
    for (const [, errorUlp, budgetUse] of numbers) {
      expect(errorUlp).toBeLessThan(4);
      expect(budgetUse).toBeLessThan(1);
    }
  });

  it('should measure a mean by the reading that explains it, beside an ignored row of NaN too', () => {
    const plain = batchOf(
      [
        [Number.NaN, 0],
        [70003, 70000],
      ],
      [0, 1],
    );
    const batch = withOptions(plain, { scale: 0.1, ignoreIndex: 0 });
    const scaled = Float32Array.of(70003, 70000).map((x) => x * Math.fround(0.1));
    const output = stable
      .logSoftmax(scaled, 1, 2)
      .slice(1)
      .map((x) => -x);
    const uses: number[] = [];
    const oracle = createOracle(batch);
    measureNumbers('crossEntropy', oracle, output, sequentialProfile, (_k, _ulp, use) => uses.push(use));
    expect(uses).toHaveLength(1);
    expect(uses[0]).toBeLessThan(1);
  });
});
