/**
 * The laws of the float64 filter: its references are as near to the exact values as it says, so that it never
 * acquits a wrong answer, and it decides all but a few numbers.
 */
import { describe, expect, it } from 'vitest';
import { numericFamilies } from '../src/arbitraries/families.ts';
import { batchGenerator } from '../src/arbitraries/generate.ts';
import type { Batch } from '../src/core/batch.ts';
import { answerOf } from '../src/core/kernel.ts';
import { type Operation, operations, type RowOperation, usesUpstream } from '../src/core/operation.ts';
import { createRandom } from '../src/core/random.ts';
import { toHexWords } from '../src/float32/bits.ts';
import { judge, judgeExactly } from '../src/judge/judge.ts';
import { unproven } from '../src/judge/screen.ts';
import { naive } from '../src/kernels/naive.ts';
import { stable } from '../src/kernels/stable.ts';
import { inputsOf, lossSpecs, rowSpecs } from '../src/operations/index.ts';
import { createOracle, type Oracle } from '../src/oracle/exact.ts';
import { Wide } from '../src/row/decimal.ts';
import { sequentialProfile } from '../src/row/profiles.ts';
import { isSpecial, kindOf } from '../src/row/row.ts';
import { rowUpstream } from '../src/row/upstream.ts';
import { countComparisons } from './support/comparisons.ts';
import { decimalOfDouble } from './support/decimal-of-double.ts';
import { byEffort } from './support/effort.ts';

const names = numericFamilies.map(({ name }) => name);
const rowOperations = operations.filter(
  (operation): operation is RowOperation => operation !== 'crossEntropy',
);

function batchesOf(family: string, count: number, seed: number, maxCols = 40): Batch[] {
  const draw = batchGenerator({ families: [family], maxCols, maxRows: 3, maxCells: 120, upstream: true });
  const random = createRandom([seed, 2, 3, 4]);
  const ordinary = Array.from({ length: count }, () => draw(random).batch).filter(
    ({ logits, cols }) => !hasSpecialRow(logits, cols),
  );
  expect(ordinary.length, family).toBeGreaterThan(0.8 * count);
  return ordinary;
}

function hasSpecialRow(logits: Float32Array, cols: number): boolean {
  for (let from = 0; from < logits.length; from += cols) {
    if (isSpecial(kindOf(logits.subarray(from, from + cols)))) return true;
  }
  return false;
}

/** How much of its bound the filter's error takes, at most, over an oracle's batch; each value is counted. */
function useOfBound(oracle: Oracle, counted: (operation: Operation) => void): number {
  const { batch, approximate } = oracle;
  let use = 0;
  const note = (
    operation: Operation,
    reference: number,
    error: number,
    exact: InstanceType<typeof Wide>,
  ): void => {
    if (!Number.isFinite(reference)) return;
    counted(operation);
    const off = Wide.sub(decimalOfDouble(reference), exact).abs().toNumber();
    if (off > 0) use = Math.max(use, off / error);
  };
  for (const operation of rowOperations) {
    const perRow = operation === 'logSumExp' ? 1 : batch.cols;
    for (let k = 0; k < perRow * batch.rows; k++) {
      const r = Math.floor(k / perRow);
      const i = k % perRow;
      const isTarget = operation === 'crossEntropyGrad' && i === batch.targets[r];
      if (operation !== 'logSumExp' && batch.logits[k] === Number.NEGATIVE_INFINITY && !isTarget) continue;
      const { value, error } = rowSpecs[operation].approximate;
      const upstream = usesUpstream(operation) ? rowUpstream(batch, r, approximate[r]) : null;
      const inputs = inputsOf(operation, batch, r, upstream);
      const reference = value(approximate[r], i, inputs);
      const bound = error(approximate[r], i, reference, inputs);
      note(operation, reference, bound, oracle.entry(operation, k).value);
    }
  }
  const mean = lossSpecs.crossEntropy.approximate(approximate, batch.targets, 0);
  if (Number.isFinite(mean.value))
    note('crossEntropy', mean.value, mean.error, oracle.entry('crossEntropy', 0).value);
  return use;
}

describe('the references in double precision', () => {
  it('should be within their bounds, on 10,000 values of all families, or 100,000', () => {
    let values = 0;
    const compared = countComparisons();
    for (const [seed, name] of names.entries()) {
      for (const batch of batchesOf(name, byEffort(17, 170), seed)) {
        const use = useOfBound(createOracle(batch), (operation) => {
          values++;
          compared.add(`${name}, ${operation}`);
        });
        expect(use, `${name}: ${batch.logits}`).toBeLessThan(1);
      }
    }
    expect(values).toBeGreaterThan(byEffort(10_000, 100_000));
    compared.expectOfEach(
      names.flatMap((name) => operations.map((operation) => `${name}, ${operation}`)),
      byEffort(5, 50),
    );
  });
});

describe('the filter', () => {
  it('should leave at most one number in 10,000 undecided, on every family', () => {
    for (const [seed, name] of names.entries()) {
      let numbers = 0;
      let undecided = 0;
      for (const batch of batchesOf(name, 250, seed + 100, 64)) {
        const oracle = createOracle(batch);
        for (const operation of operations) {
          const output = answerOf(stable, operation, batch);
          numbers += output.length;
          const open = unproven(operation, batch, oracle.approximate, output, sequentialProfile);
          if (open.length === 0) continue;
          const wrong = judge(oracle, operation, output, sequentialProfile);
          if (wrong.length === 0) undecided += open.length;
        }
      }
      expect(undecided / numbers, name).toBeLessThanOrEqual(1e-4);
    }
  });
});

describe('roundings in double precision', () => {
  it('should be those of decimal.js, bit for bit', () => {
    for (const [seed, name] of names.entries()) {
      for (const batch of batchesOf(name, 40, seed + 300, 40)) {
        const oracle = createOracle(batch);
        for (const operation of operations) {
          const [fast, exact] = [oracle.rounded(operation), oracle.answer(operation).rounded].map(toHexWords);
          expect(fast, `${name}, ${operation}: ${batch.logits}`).toEqual(exact);
        }
      }
    }
  });
});

describe('the verdict with the filter', () => {
  it('should be the verdict without it', () => {
    for (const [seed, name] of names.entries()) {
      for (const batch of batchesOf(name, 12, seed + 200, 20)) {
        const oracle = createOracle(batch);
        for (const kernel of [naive, stable]) {
          for (const operation of operations) {
            const output = answerOf(kernel, operation, batch);
            const [fast, exact] = [judge, judgeExactly].map((by) =>
              by(oracle, operation, output, sequentialProfile),
            );
            expect(fast, `${name}, ${operation}: ${batch.logits}`).toEqual(exact);
          }
        }
      }
    }
  });
});
