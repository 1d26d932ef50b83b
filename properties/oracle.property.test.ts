/** Laws that the exact answers obey, whatever the batch. */
import { assert, type IPropertyWithHooks, integer, pre, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batches } from '../src/arbitraries/batches.ts';
import { type Batch, batchOf, createBatch, rowOf } from '../src/core/batch.ts';
import { type Operation, operations, usesUpstream } from '../src/core/operation.ts';
import { toHexWords } from '../src/float32/bits.ts';
import { createOracle } from '../src/oracle/exact.ts';
import { cloneOf, type Decimal, Wide } from '../src/row/decimal.ts';
import { isSpecial } from '../src/row/row.ts';
import { roundRational } from './support/rational.ts';

const small = { maxRows: 3, maxCols: 20 };
const EXACT_TO = '1e-20';
const RUNS = 60;

function holds<T>(law: IPropertyWithHooks<T>): void {
  assert(law, { numRuns: RUNS, seed: 20240601 });
}

/** The exact values of an operation, row by row; rows masked throughout are left out. */
function ordinaryRows(batch: Batch, operation: Operation): Decimal[][] {
  const { rows, answer } = createOracle(batch);
  const { values } = answer(operation);
  const perRow = values.length / rows.length;
  const ordinary = rows.flatMap(({ kind }, r) =>
    isSpecial(kind) ? [] : [values.slice(r * perRow, (r + 1) * perRow)],
  );
  rowsSeen += ordinary.length;
  return ordinary;
}

/** How many rows the law at hand has been given. */
let rowsSeen = 0;

/** Holds a law of the rows of a batch that are not masked throughout, of which it must have seen almost one a batch. */
function holdsOfRows<T>(law: IPropertyWithHooks<T>): void {
  rowsSeen = 0;
  holds(law);
  expect(rowsSeen).toBeGreaterThan(0.9 * RUNS);
}

function sum(values: readonly Decimal[]): Decimal {
  return values.reduce((total, value) => total.plus(value), new Wide(0));
}

/** The words of the rounded answers, of each operation or of some. */
function words(batch: Batch, chosen: readonly Operation[] = operations): string[][] {
  const oracle = createOracle(batch);
  return chosen.map((operation) => toHexWords(oracle.answer(operation).rounded));
}

/** The same batch with other logits. */
function withLogits(batch: Batch, change: (logit: number, index: number) => number): Batch {
  return { ...batch, logits: batch.logits.map(change) };
}

describe('the exact softmax', () => {
  it('should sum to 1', () => {
    holdsOfRows(
      property(batches(small), (batch) => {
        for (const row of ordinaryRows(batch, 'softmax')) {
          expect(sum(row).minus(1).abs().lte(EXACT_TO)).toBe(true);
        }
      }),
    );
  });

  it('should rise with the logits', () => {
    holdsOfRows(
      property(batches({ ...small, rows: 1 }), (batch) => {
        const [probabilities = []] = ordinaryRows(batch, 'softmax');
        const order = probabilities.map((_, i) => i).sort((a, b) => batch.logits[a] - batch.logits[b]);
        const sorted = order.map((i) => probabilities[i]);
        expect(sorted.every((p, k) => k === 0 || p.gte(sorted[k - 1]))).toBe(true);
      }),
    );
  });

  it('should be the exponential of the exact log-softmax', () => {
    const D = cloneOf(30);
    holdsOfRows(
      property(batches({ maxRows: 1, maxCols: 10 }), (batch) => {
        const [probabilities = []] = ordinaryRows(batch, 'softmax');
        const [logs = []] = ordinaryRows(batch, 'logSoftmax');
        for (const [i, log] of logs.entries()) {
          if (log.lt(-200)) expect(probabilities[i].lt('1e-86')).toBe(true);
          else expect(D.exp(log).div(probabilities[i]).minus(1).abs().lte(EXACT_TO)).toBe(true);
        }
      }),
    );
  });
});

describe('the exact log-softmax', () => {
  it('should be the logit less the logsumexp', () => {
    holdsOfRows(
      property(batches({ ...small, rows: 1 }), (batch) => {
        const [[lse] = []] = ordinaryRows(batch, 'logSumExp');
        const [logs = []] = ordinaryRows(batch, 'logSoftmax');
        for (const [i, log] of logs.entries()) {
          expect(log.plus(lse).toNumber()).toBe(batch.logits[i]);
        }
      }),
    );
  });
});

describe('the exact logsumexp', () => {
  it('should lie between the maximum and ln n more', () => {
    holdsOfRows(
      property(batches(small), (batch) => {
        for (const { kind, logSum } of createOracle(batch).rows) {
          if (isSpecial(kind)) continue;
          rowsSeen++;
          expect(logSum >= 0 && logSum <= Math.log(batch.cols) * (1 + 2 ** -50)).toBe(true);
        }
      }),
    );
  });
});

describe('the exact loss', () => {
  it('should be the mean of minus the log-softmax at the targets', () => {
    holds(
      property(batches(small), (batch) => {
        const { rows, answer } = createOracle(batch);
        pre(rows.every(({ kind }) => !isSpecial(kind)));
        const logs = answer('logSoftmax').values;
        const atTargets = Array.from(batch.targets, (target, r) => logs[r * batch.cols + target]);
        const mean = sum(atTargets).div(-batch.rows);
        expect(answer('crossEntropy').values[0].toString()).toBe(mean.abs().toString());
      }),
    );
  });
});

describe('the exact gradient', () => {
  it('should sum to 0 along a row', () => {
    holdsOfRows(
      property(batches(small), (batch) => {
        for (const row of ordinaryRows(batch, 'crossEntropyGrad')) {
          expect(sum(row).abs().lte(EXACT_TO)).toBe(true);
        }
      }),
    );
  });

  it('should be negative at the target at most', () => {
    holdsOfRows(
      property(batches({ ...small, rows: 1 }), (batch) => {
        const [gradient = []] = ordinaryRows(batch, 'crossEntropyGrad');
        for (const [i, g] of gradient.entries())
          expect(i === batch.targets[0] ? g.lte(0) : g.gte(0)).toBe(true);
      }),
    );
  });
});

describe('the rounded answers', () => {
  it('should be the exact ones, rounded by integer division', () => {
    holds(
      property(batches({ ...small, upstream: true }), (batch) => {
        const oracle = createOracle(batch);
        for (const operation of operations) {
          const { values, rounded } = oracle.answer(operation);
          for (const [k, value] of values.entries()) {
            const nearest = value.isFinite() ? roundDecimal(value) : value.toNumber();
            const expected = usesUpstream(operation) ? nearest + 0 : nearest;
            expect(toHexWords([rounded[k]])).toEqual(toHexWords([expected]));
          }
        }
      }),
    );
  });

  it('should not change when a constant is added, except for the logsumexp', () => {
    const shift = integer({ min: -(2 ** 10), max: 2 ** 10 });
    const invariant = operations.filter((operation) => operation !== 'logSumExp');
    holds(
      property(batches(small), shift, (batch, c) => {
        // Multiples of 2^-12 below 2^11: their sums with c are exact.
        const coarse = withLogits(batch, (x) =>
          Number.isFinite(x) ? Math.round((x % 2 ** 10) * 2 ** 12) / 2 ** 12 : x,
        );
        expect(
          words(
            withLogits(coarse, (x) => x + c),
            invariant,
          ),
        ).toEqual(words(coarse, invariant));
      }),
    );
  });

  it('should follow a permutation of the classes', () => {
    holds(
      property(batches({ ...small, rows: 1 }), (batch) => {
        const reversed = createBatch(1, batch.cols, batch.logits.toReversed(), [
          batch.cols - 1 - batch.targets[0],
        ]);
        const mirrored = words(batch).map((answer) => answer.toReversed());
        expect(words(reversed)).toEqual(mirrored);
      }),
    );
  });

  it('should be those of each row alone, for all but the loss and its gradient', () => {
    const rowwise = ['softmax', 'logSoftmax', 'logSumExp'] as const;
    holds(
      property(batches(small), (batch) => {
        const alone = Array.from(batch.targets, (_, r) => words(batchOf([[...rowOf(batch, r)]]), rowwise));
        const joined = rowwise.map((_, o) => alone.flatMap((answers) => answers[o]));
        expect(words(batch, rowwise)).toEqual(joined);
      }),
    );
  });

  it('should be 1, 0, the logit, and 0 for all losses and gradients of one class', () => {
    holds(
      property(batches({ cols: 1, families: ['bits', 'extremes', 'subnormals'] }), (batch) => {
        const zeros = Array(batch.rows).fill('00000000');
        const ones = Array(batch.rows).fill('3f800000');
        const logits = toHexWords(batch.logits.map((x) => (x === 0 ? 0 : x)));
        expect(words(batch)).toEqual([ones, zeros, logits, ['00000000'], zeros, zeros, zeros]);
      }),
    );
  });
});

/** A finite Decimal rounded to FP32 by integer division: its digits as an integer over a power of ten. */
function roundDecimal(value: Decimal): number {
  const [significand, exponent] = value.toExponential().split('e');
  const fraction = significand.split('.')[1] ?? '';
  const power = Number(exponent) - fraction.length;
  const numerator = BigInt(significand.replace('.', '')) * 10n ** BigInt(Math.max(power, 0));
  return roundRational({ numerator, denominator: 10n ** BigInt(Math.max(-power, 0)) });
}
