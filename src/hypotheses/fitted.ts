/**
 * Ways to be wrong whose number is none of the usual ones: it is estimated from a finding, rounded to few digits, and kept where the mistake with it explains that
 * finding. With m the maximum of a row, w_j = e^(x_j - m), S = sum w_j, p_j = w_j / S, and a_j what was answered:
 *
 * | mistake | estimate |
 * |---|---|
 * | a maximum that starts from s | s = t + 103.97: from t on every e^(t - s) rounds to 0 |
 * | e^x that is 0 below c, or stays as it is | c = t - m, and ln(a_j S) |
 * | e more in the sum | e = S (1 / sum a_j - 1) of softmax, e^(a - m) - S of logsumexp, e^(x_j - m - a_j) - S of its logarithm |
 * | e more under the logarithm, or at least | e = e^(a_j) - p_j, and e^(a_j) |
 * | logits or losses of at most v | v = abs(t), and a |
 * | a masked logit read as v, a hidden one with score v | v = m + ln(a_j / max a), and t + 103.97 |
 * | the first k of a row | k = cols - 1 |
 *
 * t is where the failure begins along one logit. An estimate is one of several: the finding itself says which is right, and more answers of the target have to agree (evidence.ts).
 */
import { type Batch, batchOf, rowOf } from '../core/batch.ts';
import type { Finding } from '../core/finding.ts';
import { isAnswer } from '../core/kept.ts';
import { MAX_FINITE } from '../float32/constants.ts';
import { withOptions } from '../options/index.ts';
import { type FaultyKernel, type Hypothesis, rowWith } from './hypothesis.ts';
import { heldBelow, zeroBelow } from './known/exponentials.ts';
import { moreUnderLog } from './known/logarithms.ts';
import { clippedTo, lossOfAtMost } from './known/losses.ts';
import { hiddenAs } from './known/masks.ts';
import { amongTheFirst, startingFrom } from './known/maxima.ts';
import { allCutOffAt, cutOffAt, maskedAs } from './known/rows.ts';
import { moreBy, ofTheFirst } from './known/sums.ts';
import { precise, right } from './steps.ts';
import { kernelOf } from './wrong.ts';

/** What a number is estimated from: of the row of the finding's error. */
interface Clue {
  readonly operation: Finding['operation'];
  readonly x: Float32Array;
  readonly target: number;
  readonly max: number;
  /** S. */
  readonly sum: number;
  /** What was answered for the row, or the loss. */
  readonly answer: Float32Array;
  /** Where the failure begins along one logit: between the two numbers. */
  readonly threshold: readonly [number, number] | null;
}

/** A way to be wrong with any number, and how it is estimated. */
interface Family {
  readonly of: (parameter: number) => Hypothesis;
  /** The same in double precision, where that answers otherwise than by its sums. */
  readonly inDouble?: (parameter: number) => Hypothesis;
  readonly estimates: (clue: Clue) => readonly number[];
  /** Batches that tell it from others, on which it is wrong. */
  readonly tests: (parameter: number) => readonly Batch[];
}

/** What is done to numbers in double precision. */
const exactly = (x: number): number => x;

/** Below this e^x rounds to 0 in FP32: ln 2^-150. */
const UNDERFLOW = -103.972;

const thresholdOf = ({ threshold }: Clue): readonly number[] =>
  threshold === null ? [] : [shortestBetween(...threshold)];

/** p_j and a_j where the answer is a logarithm of a probability, or a loss of one row. */
function logarithms({ operation, x, target, max, sum, answer }: Clue): readonly [p: number, log: number][] {
  const p = (j: number): number => Math.exp(x[j] - max) / sum;
  if (operation === 'logSoftmax') return Array.from(answer, (log, j) => [p(j), log]);
  return operation === 'crossEntropy' && answer.length === 1 ? [[p(target), -answer[0]]] : [];
}

const inSum = (clue: Clue): readonly number[] => {
  const { operation, max, sum, answer } = clue;
  if (operation === 'softmax') return [sum * (1 / answer.reduce((all, a) => all + a, 0) - 1)];
  if (operation === 'logSumExp') return [Math.exp(answer[0] - max) - sum];
  return logarithms(clue).map(([p, log]) => sum * (p / Math.exp(log) - 1));
};

const ratios = ({ operation, answer }: Clue): readonly number[] => {
  if (operation !== 'softmax') return [];
  const most = answer.reduce((all, a) => Math.max(all, a), 0);
  return Array.from(answer, (a) => Math.log(a / most));
};

/** A score in place of -Infinity: beside it the weight of a logit of t, and of what is below, is 0. */
const scores = (clue: Clue): readonly number[] => [
  ...ratios(clue).map((ratio) => clue.max + ratio),
  ...thresholdOf(clue).map((t) => t - UNDERFLOW),
];

const counts = ({ x }: Clue): readonly number[] => [x.length - 1];

const zeros = (cols: number): Batch => batchOf([new Array(cols).fill(0)]);

const families: readonly Family[] = [
  {
    of: startingFrom,
    inDouble: (start) => startingFrom(start, exactly),
    estimates: (clue) => thresholdOf(clue).map((t) => t - UNDERFLOW),
    // e^(x - start) is subnormal, and 0 where that is lost beside a large start.
    tests: (start) => [
      ...[95, 100].map((gap) => batchOf([[start - gap, start - 1.005 * gap]])),
      ...[1.5, 2, 3].map((times) => batchOf([[Math.max(times * (start - 104), -MAX_FINITE)]])),
    ],
  },
  {
    of: zeroBelow,
    estimates: (clue) => thresholdOf(clue).flatMap((t) => [t - clue.max, -Math.abs(t)]),
    tests: (c) => [batchOf([[0, c - 0.5]]), batchOf([[0, c - 0.5, c - 1]]), batchOf([[0, c + 0.5]], [1])],
  },
  {
    of: heldBelow,
    estimates: ratios,
    tests: (c) => [batchOf([[0, c - 1]]), batchOf([[0, c - 2, c - 3]])],
  },
  {
    of: moreBy,
    inDouble: (e) => moreBy(e, exactly),
    estimates: inSum,
    tests: () => [zeros(1), zeros(2), batchOf([[0, 1]])],
  },
  {
    of: moreUnderLog,
    inDouble: (e) => moreUnderLog(e, exactly),
    estimates: (clue) => logarithms(clue).map(([p, log]) => Math.exp(log) - p),
    tests: (e) => [batchOf([[0, Math.log(e)]], [1]), batchOf([[0, Math.log(e) - 5]], [1])],
  },
  {
    of: clippedTo,
    inDouble: (e) => clippedTo(e, exactly),
    estimates: (clue) => logarithms(clue).map(([, log]) => Math.exp(log)),
    tests: (e) => [batchOf([[0, Math.log(e) - 1]], [1]), batchOf([[0, Math.log(e) - 5]], [1])],
  },
  {
    of: lossOfAtMost,
    estimates: (clue) => logarithms(clue).map(([, log]) => -log),
    tests: (v) => [batchOf([[0, -v - 1]], [1]), batchOf([[0, -v - 9, 1]], [1])],
  },
  {
    of: cutOffAt,
    estimates: (clue) => [...thresholdOf(clue), ...ratios(clue)].map(Math.abs),
    tests: (v) => [batchOf([[v, v + 1]]), batchOf([[v + 1, v - 1]]), batchOf([[-v, -v - 2]])],
  },
  {
    of: allCutOffAt,
    estimates: (clue) => [...thresholdOf(clue), ...ratios(clue)].map(Math.abs),
    tests: (v) => [
      batchOf([[v, v + 1]]),
      batchOf([[-v, -v - 2]]),
      batchOf([[1 - v, Number.NEGATIVE_INFINITY]]),
    ],
  },
  {
    of: maskedAs,
    estimates: scores,
    tests: (v) => [batchOf([[v, Number.NEGATIVE_INFINITY]]), batchOf([[v - 1, Number.NEGATIVE_INFINITY]])],
  },
  {
    of: hiddenAs,
    estimates: scores,
    tests: (v) => [v, v - 1, v + 1].map((x) => withOptions(batchOf([[0, x]]), { mask: Uint8Array.of(0, 1) })),
  },
  { of: ofTheFirst, estimates: counts, tests: (k) => [zeros(k + 2), zeros(2 * k)] },
  {
    of: amongTheFirst,
    estimates: counts,
    tests: (k) => [
      rowWith(k + 1, { [k]: 89 }),
      rowWith(2 * k, { [2 * k - 1]: 120 }),
      rowWith(2 * k, { [k]: 100 }),
    ],
  },
];

/** Estimates are rounded to so many significant digits. */
const DIGITS = [1, 2, 3, 4, 5];

/** A mistake whose number is estimated, and further batches on which it is to be tried. */
export interface Fitted extends FaultyKernel {
  readonly tests: readonly Batch[];
  /** Whether its sums are in double precision. */
  readonly isPrecise: boolean;
}

/** The mistakes with numbers that are estimated from the finding, which `explains` has to confirm: of each family the one with the fewest digits. */
export function fittedTo(
  finding: Finding,
  explains: (kernel: FaultyKernel['kernel']) => boolean,
): readonly Fitted[] {
  const clue = clueOf(finding);
  if (clue === null) return [];
  return families.flatMap((family) => {
    const estimates = family.estimates(clue).filter((each) => Number.isFinite(each) && each !== 0);
    const rounded = DIGITS.flatMap((digits) => estimates.map((each) => Number(each.toPrecision(digits))));
    for (const parameter of new Set(rounded)) {
      const { of, inDouble = of } = family;
      const fitted = [
        { hypothesis: of(parameter), base: right, isPrecise: false },
        { hypothesis: inDouble(parameter), base: precise, isPrecise: true },
      ].flatMap(({ hypothesis, base, isPrecise }) => {
        const kernel = kernelOf(hypothesis, base);
        return explains(kernel) ? [{ ...hypothesis, kernel, isPrecise, tests: family.tests(parameter) }] : [];
      });
      if (fitted.length > 0) return fitted;
    }
    return [];
  });
}

/** Of a small finding in FP32 whose logits are what is answered, but for those that a mask hides: the numbers of a narrower format agree with many. */
function clueOf({ operation, batch, output, index, boundary, formats }: Finding): Clue | null {
  const { mask, ...options } = batch.options ?? {};
  const isPlain = formats === undefined && Object.keys(options).length === 0 && batch.layout === undefined;
  if (!isPlain || output === null || !isAnswer(output) || batch.logits.length > 8192) return null;
  const perRow = Math.max(1, Math.floor(output.length / batch.rows));
  const row = Math.min(batch.rows - 1, Math.floor((index ?? 0) / perRow));
  const isHidden = (i: number): boolean =>
    mask !== undefined && mask[mask.length === batch.cols ? i : row * batch.cols + i] === 0;
  const x = rowOf(batch, row).map((each, i) => (isHidden(i) ? Number.NEGATIVE_INFINITY : each));
  const max = x.reduce((most, each) => Math.max(most, each), Number.NEGATIVE_INFINITY);
  return {
    operation,
    x,
    target: batch.targets[row],
    max,
    sum: x.reduce((sum, each) => sum + Math.exp(each - max), 0),
    answer: output.length < perRow * batch.rows ? output : output.subarray(row * perRow, (row + 1) * perRow),
    threshold: boundary === null ? null : [boundary.passes, boundary.fails],
  };
}

/** The number with the fewest digits between two, one of them where there is none. */
function shortestBetween(a: number, b: number): number {
  const [low, high] = a < b ? [a, b] : [b, a];
  for (const digits of DIGITS) {
    const rounded = Number(low.toPrecision(digits));
    if (rounded >= low && rounded <= high) return rounded;
  }
  return b;
}
