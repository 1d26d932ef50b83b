/** Known ways to be wrong, each a faulty definition, the simplest first. Those that differ by a number are one way with several. */
import type { CompleteKernel } from '../core/kernel.ts';
import { bf16, fp16 } from '../formats/index.ts';
import { naive } from '../kernels/naive.ts';
import { kernelWith, right, type Steps } from './steps.ts';

const f32 = Math.fround;

/** A way to be wrong. */
export interface Hypothesis {
  /** What such a kernel does: `answers as a kernel would that …`. */
  readonly words: string;
  readonly kernel: CompleteKernel;
}

/** The same, as steps of which some are wrong. */
interface Stepwise {
  readonly words: string;
  readonly changes: Partial<Steps>;
}

const startingAt =
  (start: number): Steps['max'] =>
  (row, batch) =>
    Math.max(start, right.max(row, batch));

const maxOf =
  (choose: (row: Float32Array) => Float32Array): Steps['max'] =>
  (row, batch) => {
    const chosen = choose(row);
    return chosen.length === 0 ? row[0] : right.max(chosen, batch);
  };

const whole =
  (width: number) =>
  (row: Float32Array): Float32Array =>
    row.subarray(0, row.length - (row.length % width));

const storedSum =
  (round: (x: number) => number): Steps['sum'] =>
  (weights) =>
    weights.reduce((sum, weight) => round(sum + weight), 0);

const widths = [2, 4, 8, 16, 32, 64];

const doubleSum: Steps['sum'] = (weights) => weights.reduce((sum, weight) => sum + weight, 0);

const stepwise: readonly Stepwise[] = [
  {
    words: 'subtracts no maximum',
    changes: {
      max: () => 0,
      sum: doubleSum,
      logProbability: (_x, _max, sum, weight) => f32(Math.log(f32(weight / sum))),
    },
  },
  { words: 'subtracts no maximum before e^x, and takes the logarithm of the sum', changes: { max: () => 0 } },
  ...[0, -1, -10, -100, -1e4, -5e4, -1e5, -1e9, 2 ** -126].map((start) => ({
    words: `takes ${start} for the maximum where all logits are below it`,
    changes: { max: startingAt(f32(start)) },
  })),
  {
    words: 'subtracts the first logit for the maximum',
    changes: { max: maxOf((row) => row.subarray(0, 1)) },
  },
  { words: 'leaves the first logit out of the maximum', changes: { max: maxOf((row) => row.subarray(1)) } },
  {
    words: 'leaves the last logit out of the maximum',
    changes: { max: maxOf((row) => row.subarray(0, -1)) },
  },
  {
    words: 'subtracts the maximum of the whole batch',
    changes: { max: (_row, batch) => right.max(batch.logits, batch) },
  },
  {
    words: 'subtracts the maximum of the first row',
    changes: { max: (_row, batch) => right.max(batch.logits.subarray(0, batch.cols), batch) },
  },
  ...widths.map((width) => ({
    words: `leaves the logits behind the last whole ${width} out of the maximum`,
    changes: { max: maxOf(whole(width)) },
  })),
  ...widths.map((width) => ({
    words: `leaves the logits behind the last whole ${width} out of the sum`,
    changes: { sum: (weights: Float32Array) => right.sum(whole(width)(weights), weights, 0) },
  })),
  {
    words: 'leaves the last logit out of the sum',
    changes: { sum: (weights) => right.sum(weights.subarray(0, -1), weights, 0) },
  },
  ...widths.map((width) => ({
    words: `adds logits of 0 up to a multiple of ${width} to the sum`,
    changes: {
      sum: (weights: Float32Array, row: Float32Array, max: number) =>
        f32(right.sum(weights, row, max) + ((width - (row.length % width)) % width) * f32(Math.exp(-max))),
    },
  })),
  { words: 'adds up in FP16', changes: { sum: storedSum(fp16.round) } },
  { words: 'adds up in BF16', changes: { sum: storedSum(bf16.round) } },
  {
    words: 'takes the logarithm of the rounded softmax',
    changes: { logProbability: (_x, _max, sum, weight) => f32(Math.log(f32(weight / sum))) },
  },
  {
    words: 'subtracts a rounded logsumexp from the logit',
    changes: {
      logProbability: (x, max, sum) => f32(x - f32(max + f32(Math.log(sum)))),
      saved: (x, max, sum) => f32(Math.exp(f32(x - f32(max + f32(Math.log(sum)))))),
    },
  },
  ...[1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-20].map((epsilon) => ({
    words: `adds ${epsilon} to the sum`,
    changes: {
      sum: (weights: Float32Array, row: Float32Array, max: number) =>
        f32(right.sum(weights, row, max) + f32(epsilon)),
    },
  })),
  ...[1e-5, 1e-7, 1e-8, 1e-10, 1e-12].map((epsilon) => ({
    words: `adds ${epsilon} under the logarithm of the softmax`,
    changes: {
      logProbability: (_x: number, _max: number, sum: number, weight: number) =>
        f32(Math.log(f32(f32(weight / sum) + f32(epsilon)))),
    },
  })),
  ...[-10, -20, -50, -80, -87, -88].map((least) => ({
    words: `takes e^x for 0 below x = ${least}`,
    changes: { exp: (d: number) => (d < least ? 0 : right.exp(d)) },
  })),
  ...[-10, -20, -50, -80, -87, -88].map((least) => ({
    words: `takes ${least} for x in e^x where x is below it`,
    changes: { exp: (d: number) => right.exp(Math.max(d, least)) },
  })),
  { words: 'takes the class after the target', changes: { target: (t, cols) => Math.min(t + 1, cols - 1) } },
  { words: 'takes the class before the target', changes: { target: (t) => Math.max(t - 1, 0) } },
  { words: 'takes class 0 for every target', changes: { target: () => 0 } },
  { words: 'adds the losses of rows and does not divide by their number', changes: { share: () => 1 } },
];

/** Every one, the simplest first, the same words with sums in FP32 and in double precision; the naive kernel is e^x / S, -ln p and what autograd makes of these. */
export const hypotheses: readonly Hypothesis[] = [
  { words: 'subtracts no maximum', kernel: naive },
  ...stepwise.map(({ words, changes }) => ({ words, kernel: kernelWith(changes) })),
];
