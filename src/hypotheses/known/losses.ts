/** Cross-entropy and its gradient: the target, what counts as ignored, the mean, clipped probabilities and derivatives. */
import { batchOf, rowOf } from '../../core/batch.ts';
import { bf16, fp16 } from '../../formats/index.ts';
import { type Hypothesis, longerThan, moreRowsThan, rowsOfZeros, rowWith } from '../hypothesis.ts';
import { type Row, right, type Steps } from '../steps.ts';
import { roundedTo } from './parts.ts';

const f32 = Math.fround;

const targets: readonly Hypothesis[] = [
  {
    words: 'takes the class after the target',
    changes: { target: (t, { x }) => Math.min(t + 1, x.length - 1) },
    witness: () => batchOf([[0, 5]]),
    needs: longerThan(1),
  },
  {
    words: 'takes the class before the target',
    changes: { target: (t) => Math.max(t - 1, 0) },
    witness: () => batchOf([[0, 5]], [1]),
    needs: longerThan(1),
  },
  {
    words: 'takes class 0 for every target',
    changes: { target: () => 0 },
    witness: () => batchOf([[0, 5]], [1]),
    needs: longerThan(1),
  },
  ...[256, 65_536].map((modulus) => ({
    words: `takes targets modulo ${modulus}`,
    changes: { target: (t: number) => t % modulus },
    witness: () => rowWith(modulus + 1, { [modulus]: 20 }, modulus),
    needs: longerThan(modulus),
  })),
  {
    words: 'takes the class of the largest logit for the target',
    changes: { target: (_t, { x }) => x.reduce((best, each, i) => (each > x[best] ? i : best), 0) },
    witness: () => batchOf([[0, 5]]),
    needs: longerThan(1),
  },
  {
    words: 'looks for the target by its logit, and takes the first that equals it',
    changes: { target: (t, { x }) => Math.max(0, x.indexOf(x[t])) },
    witness: () => batchOf([[0, 0]], [1]),
    needs: longerThan(1),
  },
  {
    words: 'takes the target of the first row for all rows',
    changes: { target: (_t, { batch }) => batch.targets[0] },
    witness: () =>
      batchOf(
        [
          [0, 5],
          [0, 5],
        ],
        [0, 1],
      ),
    needs: moreRowsThan(1),
  },
  {
    words: "takes the target's logit from the first row",
    changes: {
      loss: (t, { batch, max, logSum }) => -f32(f32(rowOf(batch, 0)[t] - max) - logSum),
    },
    witness: () => batchOf([[0], [1]]),
    needs: moreRowsThan(1),
  },
];

/** No loss and no gradient for targets that count as ignored. */
const ignoring = (isIgnored: (target: number, row: Row) => boolean): Partial<Steps> => ({
  loss: (target, reduced, steps) =>
    isIgnored(target, reduced) ? 0 : right.loss(target, reduced, { ...steps }),
  derivative: (p, i, target, row) => (isIgnored(target, row) ? 0 : right.derivative(p, i, target, row)),
});

const ignored: readonly Hypothesis[] = [
  {
    words: 'ignores rows whose target is class 0, and counts them in the mean',
    changes: ignoring((target) => target === 0),
    witness: () => batchOf([[0, 0]]),
  },
  {
    words: 'ignores rows whose target is the last of several classes, and counts them in the mean',
    changes: ignoring((target, { x }) => x.length > 1 && target === x.length - 1),
    witness: () => batchOf([[0, 0]], [1]),
    needs: longerThan(1),
  },
  {
    words: 'ignores rows whose target is class 255, and counts them in the mean',
    changes: ignoring((target) => target === 255),
    witness: () => rowsOfZeros(1, 256, 255),
    needs: longerThan(255),
  },
  {
    words: 'ignores rows whose target is masked, and counts them in the mean',
    changes: ignoring((target, { x }) => x[target] === Number.NEGATIVE_INFINITY),
    witness: () => batchOf([[0, Number.NEGATIVE_INFINITY]], [1]),
  },
];

/** The loss by a probability that is kept within bounds; `round` is what is done to numbers in between. */
export const clippedTo = (epsilon: number, round = f32): Hypothesis => ({
  words: `keeps the probability of the target between ${epsilon} and 1 - ${epsilon}`,
  changes: {
    loss: (target, { weights, sum }) =>
      -round(Math.log(round(Math.min(1 - epsilon, Math.max(epsilon, round(weights[target] / sum)))))),
  },
  witness: () => batchOf([[0, -40]], [1]),
});

/** Losses that are cut off. */
export const lossOfAtMost = (most: number): Hypothesis => ({
  words: `cuts the loss of a row off at ${most}`,
  changes: { loss: (target, reduced, steps) => Math.min(most, right.loss(target, reduced, steps)) },
  witness: () => batchOf([[0, -2 * most]], [1]),
});

const lossesOfRows: readonly Hypothesis[] = [
  {
    words: 'adds the losses of rows and does not divide by their number',
    changes: { share: () => 1 },
    witness: () =>
      batchOf([
        [0, 0],
        [0, 0],
      ]),
    needs: moreRowsThan(1),
  },
  {
    words: 'divides the sum of the losses by the number of classes',
    changes: { share: ({ cols }) => 1 / cols },
    witness: () => batchOf([[0, 0]]),
  },
  {
    words: 'divides by the number of rows twice',
    changes: { share: ({ rows }) => 1 / rows ** 2 },
    witness: () =>
      batchOf([
        [0, 0],
        [0, 0],
      ]),
    needs: moreRowsThan(1),
  },
  {
    words: 'has the loss with the wrong sign',
    changes: { loss: (target, reduced, steps) => -right.loss(target, reduced, steps) },
    witness: () => batchOf([[0, 0]]),
  },
  lossOfAtMost(100),
  ...[1e-7, 1e-12].map((epsilon) => clippedTo(epsilon)),
  ...[fp16, bf16].map(({ name, round }) => ({
    words: `stores the losses of rows in ${name.toUpperCase()}`,
    changes: { loss: (...step: Parameters<Steps['loss']>) => round(right.loss(...step)) },
    // Beyond 65504, where FP16 ends and a rounding to its bits does not.
    witness: () => batchOf([[0, -70000]], [1]),
  })),
  {
    words: 'has the losses of rows to 11 bits',
    changes: { loss: (...step) => roundedTo(11, right.loss(...step)) },
    witness: () => batchOf([[0, 0, 0]]),
  },
];

/** The derivative, of a row that is right, changed. */
const derivativeAs = (change: (derivative: number) => number): Partial<Steps> => ({
  derivative: (...step) => change(right.derivative(...step)),
});

/** The gradient of a loss changed as it is answered. */
const ofMean = (change: (each: number) => number): Pick<Hypothesis, 'changes' | 'isBackward'> => ({
  changes: { stored: (answer) => answer.set(answer.map(change)) },
  isBackward: true,
});

const gradients: readonly Hypothesis[] = [
  {
    words: 'has twice the gradient',
    changes: derivativeAs((each) => 2 * each),
    witness: () => batchOf([[0, 0]]),
  },
  {
    words: 'does not divide the gradient by the number of rows',
    changes: {
      derivative: (p, i, target, row) => right.derivative(p, i, target, row) * row.batch.rows,
    },
    witness: () =>
      batchOf([
        [0, 0],
        [0, 0],
      ]),
    needs: moreRowsThan(1),
  },
  {
    words: 'does not subtract 1 at the target',
    changes: { derivative: (p) => p },
    witness: () => batchOf([[0, 0]]),
  },
  {
    words: 'does not subtract 1 where the target is the last class',
    changes: {
      derivative: (p, i, target, { x }) => (i === target && target < x.length - 1 ? p - 1 : p),
    },
    witness: () => batchOf([[0, 0]], [1]),
  },
  {
    words: "subtracts 1 at every logit that equals the target's",
    changes: { derivative: (p, i, target, { x }) => (i === target || x[i] === x[target] ? p - 1 : p) },
    witness: () => batchOf([[0, 0]]),
    needs: longerThan(1),
  },
  {
    words: 'sets derivatives below 1e-3 to 0',
    changes: derivativeAs((each) => (Math.abs(each) < 1e-3 ? 0 : each)),
    witness: () => batchOf([[0, -8]]),
  },
  {
    words: 'cuts derivatives off at 0.9',
    changes: derivativeAs((each) => Math.min(0.9, Math.max(-0.9, each))),
    witness: () => batchOf([[0, 5]]),
  },
  {
    words: 'sets numbers of the gradient of a mean below 1e-3 to 0',
    ...ofMean((each) => (Math.abs(each) < 1e-3 ? 0 : each)),
    witness: () => batchOf([[0, -8]]),
  },
  {
    words: 'cuts the gradient of a mean off at 0.9',
    ...ofMean((each) => f32(Math.min(0.9, Math.max(-0.9, each)))),
    witness: () => batchOf([[0, 5]]),
  },
  ...[fp16, bf16].map(({ name, round }) => ({
    words: `stores the gradient in ${name.toUpperCase()}`,
    changes: derivativeAs(round),
    witness: () => batchOf([[0, 0, 0]]),
  })),
];

/** The targets first. */
export const losses: readonly Hypothesis[] = [...targets, ...ignored, ...lossesOfRows, ...gradients];
