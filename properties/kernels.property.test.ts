/** Laws of the built-in kernels. A law that says "bit for bit" takes all NaNs for one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Batch, createBatch, rowOf } from '../src/core/batch.ts';
import { answerOf, type CompleteKernel } from '../src/core/kernel.ts';
import { type Operation, operations } from '../src/core/operation.ts';
import { toHexWords } from '../src/float32/bits.ts';
import {
  EXP_OVERFLOW,
  EXP_UNDERFLOW,
  MAX_FINITE,
  MIN_SUBNORMAL,
  OVERFLOW_THRESHOLD,
  UNIT_ROUNDOFF,
} from '../src/float32/constants.ts';
import { builtinKernels } from '../src/kernels/builtin.ts';
import { naive } from '../src/kernels/naive.ts';
import { stable } from '../src/kernels/stable.ts';
import { traceKernel } from '../src/trace/trace.ts';
import { countComparisons } from './support/comparisons.ts';
import { batches, finiteLogit, logit, ordinaryLogit } from './support/kernels-support.ts';

const kernels = Object.entries(builtinKernels);
const settings = { seed: 20210724, numRuns: 1000 };

function check<T>(arbitrary: fc.Arbitrary<T>, law: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, law), settings);
}

/** The answer of an operation as hex words. */
function answer(kernel: CompleteKernel, operation: Operation, batch: Batch): string[] {
  return toHexWords(answerOf(kernel, operation, batch));
}

/** The words that belong to `row`. */
function rowWords(words: readonly string[], { rows }: Batch, row: number): string[] {
  const width = words.length / rows;
  return words.slice(row * width, (row + 1) * width);
}

describe.each(kernels)('%s', (_name, { create, kernel }) => {
  it('should answer under the trace as without it, bit for bit', () => {
    check(fc.tuple(batches(logit), fc.constantFrom(...operations)), ([batch, operation]) => {
      const { output } = traceKernel(create, operation, batch);
      expect(toHexWords(output)).toEqual(answer(kernel, operation, batch));
    });
  });

  it('should answer the same twice and leave its arguments as they are', () => {
    check(fc.tuple(batches(logit), fc.constantFrom(...operations)), ([batch, operation]) => {
      const before = [toHexWords(batch.logits), [...batch.targets]];
      const first = answer(kernel, operation, batch);
      expect(answer(kernel, operation, batch)).toEqual(first);
      expect([toHexWords(batch.logits), [...batch.targets]]).toEqual(before);
    });
  });

  it('should answer a row alone as in its batch, bit for bit', () => {
    const perRow = fc.constantFrom<Operation>('softmax', 'logSoftmax', 'logSumExp');
    check(fc.tuple(batches(logit), perRow, fc.nat()), ([batch, operation, pick]) => {
      const row = pick % batch.rows;
      const alone = createBatch(1, batch.cols, rowOf(batch, row));
      expect(answer(kernel, operation, alone)).toEqual(
        rowWords(answer(kernel, operation, batch), batch, row),
      );
    });
  });

  it("should give a row the same gradient whatever the other rows' logits are", () => {
    check(fc.tuple(batches(logit), fc.nat()), ([batch, pick]) => {
      const row = pick % batch.rows;
      const logits = new Float32Array(batch.logits.length);
      logits.set(rowOf(batch, row), row * batch.cols);
      const zeroed = createBatch(batch.rows, batch.cols, logits, batch.targets);
      expect(rowWords(answer(kernel, 'crossEntropyGrad', zeroed), batch, row)).toEqual(
        rowWords(answer(kernel, 'crossEntropyGrad', batch), batch, row),
      );
    });
  });
});

describe('stable, of finite logits', () => {
  it('should have a softmax and a gradient in range, and a finite logSumExp', () => {
    check(batches(finiteLogit), ({ logits, targets, rows, cols }) => {
      for (const p of stable.softmax(logits, rows, cols)) expect(p >= 0 && p <= 1).toBe(true);
      for (const g of stable.crossEntropyGrad(logits, targets, rows, cols))
        expect(Math.abs(g) <= 1).toBe(true);
      for (const lse of stable.logSumExp(logits, rows, cols)) expect(Number.isFinite(lse)).toBe(true);
    });
  });

  it('should have a logSoftmax of at most 0, and -Infinity just where the difference to the maximum overflows', () => {
    // ln S cannot tip the scales: differences near 2^128 are multiples of 2^80 away from the threshold.
    check(batches(finiteLogit), (batch) => {
      const logProbabilities = stable.logSoftmax(batch.logits, batch.rows, batch.cols);
      batch.logits.forEach((x, i) => {
        const max = Math.max(...rowOf(batch, Math.floor(i / batch.cols)));
        expect(logProbabilities[i] <= 0).toBe(true);
        expect(logProbabilities[i] === Number.NEGATIVE_INFINITY).toBe(max - x >= OVERFLOW_THRESHOLD);
      });
    });
  });

  it('should have a loss of at least 0, and finite unless a loss of a row or their sum overflows', () => {
    check(batches(finiteLogit), (batch) => {
      const { logits, targets, rows, cols } = batch;
      const loss = stable.crossEntropy(logits, targets, rows, cols);
      expect(loss >= 0).toBe(true);
      let sum = 0;
      targets.forEach((target, row) => {
        const x = rowOf(batch, row);
        sum += Math.max(...x) + Math.log(cols) - x[target];
      });
      if (sum * (1 + 2 ** -20) <= MAX_FINITE) expect(Number.isFinite(loss)).toBe(true);
    });
  });
});

describe('stable, of finite logits below 2^126', () => {
  const small = batches(finiteLogit.filter((x) => Math.abs(x) < 2 ** 126));

  it('should keep the error bounds of its header', () => {
    check(small, ({ logits, targets, rows, cols }) => {
      const softmax = stable.softmax(logits, rows, cols);
      const logSoftmax = stable.logSoftmax(logits, rows, cols);
      const logSumExp = stable.logSumExp(logits, rows, cols);
      for (let row = 0; row < rows; row++) {
        const x = logits.subarray(row * cols, (row + 1) * cols);
        const { gaps, p, logSum, lse, meanGap } = reference(x);
        const ofSum = cols + meanGap;
        const ofLse = ofSum + logSum + Math.abs(lse);
        x.forEach((_, i) => {
          const logP = -(gaps[i] + logSum);
          expectWithin(softmax[row * cols + i], p[i], (ofSum + 2 + gaps[i]) * p[i], MIN_SUBNORMAL);
          expectWithin(logSoftmax[row * cols + i], logP, ofSum - 2 * logP);
        });
        expectWithin(logSumExp[row], lse, ofLse);
        const loss = gaps[targets[row]] + logSum;
        expectWithin(stable.crossEntropy(x, targets.subarray(row, row + 1), 1, cols), loss, ofLse + loss);
      }
    });
  });
});

describe('naive, of ordinary logits', () => {
  it('should keep the error bounds of its header', () => {
    check(batches(ordinaryLogit), ({ logits, rows, cols }) => {
      const softmax = naive.softmax(logits, rows, cols);
      const logSoftmax = naive.logSoftmax(logits, rows, cols);
      const logSumExp = naive.logSumExp(logits, rows, cols);
      for (let row = 0; row < rows; row++) {
        const { gaps, p, logSum, lse } = reference(logits.subarray(row * cols, (row + 1) * cols));
        gaps.forEach((gap, i) => {
          const logP = -(gap + logSum);
          expectWithin(softmax[row * cols + i], p[i], (cols + 2) * p[i]);
          expectWithin(logSoftmax[row * cols + i], logP, cols + 2 - logP);
        });
        expectWithin(logSumExp[row], lse, cols + Math.abs(lse));
      }
    });
  });
});

describe('naive, of any logits but NaN', () => {
  const numbers = batches(logit.filter((x) => !Number.isNaN(x)));

  it('should have a softmax of NaN just where an exp overflows, and throughout a row whose exps all vanish', () => {
    check(numbers, (batch) => {
      const softmax = naive.softmax(batch.logits, batch.rows, batch.cols);
      batch.logits.forEach((x, i) => {
        const row = rowOf(batch, Math.floor(i / batch.cols));
        const fails = x >= EXP_OVERFLOW || row.every((y) => y <= EXP_UNDERFLOW);
        expect(Number.isNaN(softmax[i])).toBe(fails);
      });
    });
  });

  it('should have a softmax without a positive entry just where the sum overflows or all exps vanish', () => {
    const compared = countComparisons();
    check(numbers, (batch) => {
      const softmax = naive.softmax(batch.logits, batch.rows, batch.cols);
      for (let row = 0; row < batch.rows; row++) {
        const x = rowOf(batch, row);
        const sum = x.reduce((total, y) => total + Math.exp(y), 0);
        const roundings = 1 + (batch.cols + 2) * UNIT_ROUNDOFF;
        if (sum * roundings >= OVERFLOW_THRESHOLD && sum / roundings < OVERFLOW_THRESHOLD) continue;
        const fails = sum >= OVERFLOW_THRESHOLD || x.every((y) => y <= EXP_UNDERFLOW);
        expect(softmax.subarray(row * batch.cols, (row + 1) * batch.cols).some((p) => p > 0)).toBe(!fails);
        compared.add(fails ? 'fails' : 'holds');
      }
    });
    compared.expectOfEach(['fails', 'holds'], 100);
  });

  it("should have a loss of NaN just where a target's probability is, and else of Infinity where one is 0", () => {
    check(numbers, ({ logits, targets, rows, cols }) => {
      const softmax = naive.softmax(logits, rows, cols);
      const chosen = Array.from(targets, (target, row) => softmax[row * cols + target]);
      const loss = naive.crossEntropy(logits, targets, rows, cols);
      expect(Number.isNaN(loss)).toBe(chosen.some(Number.isNaN));
      expect(loss === Number.POSITIVE_INFINITY).toBe(!chosen.some(Number.isNaN) && chosen.includes(0));
    });
  });
});

/** The answers for a row in double precision, whose errors are 2^-29 of those in question; meanGap is sum_j p_j d_j. */
function reference(x: Float32Array) {
  const max = Math.max(...x);
  const gaps = Array.from(x, (y) => max - y);
  const sum = gaps.reduce((total, gap) => total + Math.exp(-gap), 0);
  const p = gaps.map((gap) => Math.exp(-gap) / sum);
  const logSum = Math.log(sum);
  const meanGap = gaps.reduce((total, gap, i) => total + p[i] * gap, 0);
  return { gaps, p, logSum, lse: max + logSum, meanGap };
}

/** Asserts |value - exact| <= bound u + floor, with room for the terms of second order and for the reference's error. */
function expectWithin(value: number, exact: number, bound: number, floor = 0): void {
  const allowed = bound * UNIT_ROUNDOFF * (1 + 2 ** -16) + floor;
  if (!(Math.abs(value - exact) <= allowed)) {
    expect.fail(`${value} is ${Math.abs(value - exact) / allowed} times as far from ${exact} as it may be`);
  }
}
