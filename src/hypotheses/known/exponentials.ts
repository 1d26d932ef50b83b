/** An exponential that is cut off, that wraps, or that has too few digits; probabilities divided by less than a division. */
import { batchOf, createBatch } from '../../core/batch.ts';
import { MIN_NORMAL } from '../../float32/constants.ts';
import { bf16, fp16 } from '../../formats/index.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { right } from '../steps.ts';
import { roundedTo } from './parts.ts';

const f32 = Math.fround;

/** An exponential that is 0 below some argument. */
export const zeroBelow = (least: number): Hypothesis => ({
  words: `takes e^x for 0 below x = ${least}`,
  changes: { exp: (d) => (d < least ? 0 : right.exp(d)) },
  witness: () => batchOf([[0, least - 0.25]]),
});

/** An exponential that stays as it is below some argument. */
export const heldBelow = (least: number): Hypothesis => ({
  words: `takes ${least} for x in e^x where x is below it`,
  changes: { exp: (d) => right.exp(Math.max(d, least)) },
  witness: () => batchOf([[0, -120]]),
});

/** Where e^x leaves the normal numbers, ln 2^-126, and the bound of many vectorized exponentials. */
const bounds = [-87.33654, -88.37626];

const cutOff: readonly Hypothesis[] = [
  ...[-10, -20, -50, -80, -87, -88].map(zeroBelow),
  ...[-10, -20, -50, -80, -87, -88, ...bounds].map(heldBelow),
  {
    words: 'flushes subnormal exponentials to 0',
    changes: { exp: (d) => (right.exp(d) < MIN_NORMAL ? 0 : right.exp(d)) },
    witness: () => batchOf([[0, -88]]),
  },
  {
    words: 'has NaN for e^x below x = -88',
    changes: { exp: (d) => (d < -88 ? Number.NaN : right.exp(d)) },
    witness: () => batchOf([[0, -89]]),
  },
  {
    words: 'has x for e^x below x = -88.7',
    changes: { exp: (d) => (d < -88.7 ? d : right.exp(d)) },
    witness: () => batchOf([[0, -89]]),
  },
];

/** 2^(x log2 e) with a factor of fewer digits. */
const byFactor =
  (factor: number) =>
  (d: number): number =>
    f32(2 ** f32(d * factor));

const ofFewDigits: readonly Hypothesis[] = [
  ...[fp16, bf16].flatMap((format) => {
    const name = format.name.toUpperCase();
    return [
      {
        words: `stores exponentials in ${name}`,
        changes: { exp: (d: number) => format.round(right.exp(d)) },
        witness: () => batchOf([[0, -0.3]]),
      },
      {
        words: `rounds x - max to ${name}`,
        changes: { exp: (d: number) => right.exp(format.round(d)) },
        witness: () => batchOf([[0, -3.33]]),
      },
      {
        words: `has log2 e as a number of ${name} in 2^(x log2 e)`,
        changes: { exp: byFactor(format.round(Math.LOG2E)) },
        witness: () => batchOf([[0, -20]]),
      },
    ];
  }),
  ...[12, 16, 18].map((bits) => ({
    words: `has e^x to ${bits} bits`,
    changes: { exp: (d: number) => roundedTo(bits, right.exp(d)) },
    witness: () => createBatch(1, 9, [0, -0.3, -0.7, -1.1, -1.3, -1.7, -1.9, -2.3, -2.9]),
  })),
  {
    words: 'has 2^k (1 + f) for 2^(k + f)',
    changes: {
      exp: (d) => {
        if (!(d > -87)) return right.exp(d);
        const k = Math.floor(d * Math.LOG2E);
        return f32(2 ** k * (1 + d * Math.LOG2E - k));
      },
    },
    witness: () => batchOf([[0, -1]]),
  },
  {
    words: 'takes 2^x for e^x',
    changes: { exp: (d) => f32(2 ** d) },
    witness: () => batchOf([[0, -1]]),
  },
];

const divided: readonly Hypothesis[] = [
  {
    words: 'multiplies by a reciprocal of 12 bits',
    changes: { probability: (i, { weights, sum }) => f32(weights[i] * roundedTo(12, 1 / sum)) },
    witness: () => batchOf([[0, 0, 0]]),
  },
  {
    words: 'multiplies by a reciprocal in BF16',
    changes: { probability: (i, { weights, sum }) => f32(weights[i] * bf16.round(1 / sum)) },
    witness: () => batchOf([[0, 0, 0]]),
  },
  {
    words: 'takes e^(x - logsumexp) for the softmax, of a logsumexp that is rounded',
    changes: {
      probability: (i, { x, max, logSum }) => right.exp(f32(x[i] - right.logSumExp(max, logSum))),
    },
    witness: () => batchOf([[1e6, 1e6, 1e6]]),
  },
];

/** Rows of one or two classes, which have a short cut. */
const short: readonly Hypothesis[] = [
  {
    words: 'answers 1 - p of the first for the second of two classes',
    changes: {
      probability(i, row) {
        const isSecond = row.x.length === 2 && i === 1;
        return isSecond ? f32(1 - right.probability(0, row)) : right.probability(i, row);
      },
    },
    witness: () => batchOf([[17, 0]]),
    needs: { words: 'rows of two logits', isMet: ({ cols }) => cols === 2 },
  },
  {
    words: 'answers the logit of a row of one',
    changes: {
      probability: (i, row) => (row.x.length === 1 ? row.x[0] : right.probability(i, row)),
    },
    witness: () => batchOf([[2]]),
    needs: { words: 'rows of one logit', isMet: ({ cols }) => cols === 1 },
  },
];

/** The cut off ones first. */
export const exponentials: readonly Hypothesis[] = [...cutOff, ...ofFewDigits, ...divided, ...short];
