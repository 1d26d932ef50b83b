/** No maximum, or a number that is not the maximum. */
import { batchOf, rowOf } from '../../core/batch.ts';
import { toBits } from '../../float32/bits.ts';
import { bf16, fp16 } from '../../formats/index.ts';
import { type Hypothesis, longerThan, moreRowsThan, noMultipleOf, rowWith } from '../hypothesis.ts';
import { addInDouble, type Reduced, type Row, right, type Steps } from '../steps.ts';
import { lengths, whole, widths } from './parts.ts';

const f32 = Math.fround;

const MASKED = Number.NEGATIVE_INFINITY;

const maxOf = (x: Float32Array, { r, batch }: Row): number => right.max({ x, r, batch });

/** The maximum of what is chosen of a row, and where that is nothing the first logit. */
const maxOfChosen =
  (choose: (x: Float32Array, row: Row) => Float32Array): Steps['max'] =>
  (row) => {
    const chosen = choose(row.x, row);
    return chosen.length === 0 ? row.x[0] : maxOf(chosen, row);
  };

/** FP32's words as signed integers: in the order of the values, but for the negative ones among themselves. */
const signedWord = (x: number): number => toBits(x) | 0;

const withoutMax: readonly Hypothesis[] = [
  {
    words: 'subtracts no maximum',
    changes: {
      max: () => 0,
      add: addInDouble,
      logProbability: (i, { weights, sum }) => f32(Math.log(f32(weights[i] / sum))),
      logSumExp: (_max, logSum) => logSum,
    },
    witness: () => batchOf([[89]]),
  },
  {
    words: 'subtracts no maximum before e^x, and takes the logarithm of the sum',
    changes: { max: () => 0, logSumExp: (_max, logSum) => logSum },
    witness: () => batchOf([[89]]),
  },
];

const withoutSmallMax: readonly Hypothesis[] = [
  {
    words: 'subtracts no maximum of up to 88.72',
    changes: {
      max(row) {
        const max = right.max(row);
        return max <= 88.72 ? 0 : max;
      },
    },
    witness: () => batchOf([[88.5, 88.5]]),
  },
  {
    words: 'subtracts no maximum, and stores exponentials in FP16',
    changes: { max: () => 0, exp: (d) => fp16.round(right.exp(d)), logSumExp: (_max, logSum) => logSum },
    witness: () => batchOf([[12]]),
  },
];

/** e^x for e^(x - max), of some logits of a row, in the sum alone or in the answer too. */
const unshifted = (
  where: string,
  isUnshifted: (i: number, n: number) => boolean,
): Omit<Hypothesis, 'witness'>[] => {
  const weight = (i: number, { x, weights }: Reduced): number =>
    isUnshifted(i, x.length) ? right.exp(x[i]) : weights[i];
  const terms: Steps['terms'] = (weights, { x }) =>
    weights.map((each, i) => (isUnshifted(i, x.length) ? right.exp(x[i]) : each));
  const probability: Steps['probability'] = (i, row) => f32(weight(i, row) / row.sum);
  return [
    { words: `subtracts no maximum ${where}, in the sum`, changes: { terms } },
    { words: `subtracts no maximum ${where}`, changes: { terms, probability, saved: probability } },
  ];
};

const unshiftedParts: readonly Hypothesis[] = [4, 8, 16, 32].flatMap((width) => {
  const behind = unshifted(`behind the last whole ${width} of a row`, (i, n) => i >= n - (n % width));
  const before = unshifted(`before the last whole ${width} of a row ends`, (i, n) => i < n - (n % width));
  return [
    ...behind.map((each) => ({ ...each, witness: () => batchOf([[1]]), needs: noMultipleOf(width) })),
    ...before.map((each) => ({
      ...each,
      witness: () => rowWith(width + 1, { [width]: 1 }),
      needs: longerThan(width - 1),
    })),
  ];
});

/** A maximum that starts from a number. */
export const startingFrom = (start: number, round = f32): Hypothesis => ({
  words: `takes ${start} for the maximum where all logits are below it`,
  changes: { max: (row) => Math.max(round(start), right.max(row)) },
  witness: () => batchOf([[Math.max(f32(start * 1.0005 - 104), -3.4028e38)]]),
});

const startingAt = [0, -1, -10, -100, -1e4, -5e4, -65504, -1e5, -1e9, -1e30, -3.4e38, 2 ** -126].map(
  (start) => startingFrom(start),
);

/** A maximum of the first logits of a row. */
export const amongTheFirst = (count: number): Hypothesis => ({
  words: `looks for the maximum among the first ${count} logits`,
  changes: { max: maxOfChosen((x) => x.subarray(0, count)) },
  witness: () => rowWith(count + 1, { [count]: 89 }),
  needs: longerThan(count),
});

const ofSome: readonly Hypothesis[] = [
  {
    words: 'subtracts the first logit for the maximum',
    changes: { max: maxOfChosen((x) => x.subarray(0, 1)) },
    witness: () => batchOf([[0, 89]]),
    needs: longerThan(1),
  },
  {
    words: 'leaves the first logit out of the maximum',
    changes: { max: maxOfChosen((x) => x.subarray(1)) },
    witness: () => batchOf([[89, 0]]),
    needs: longerThan(1),
  },
  {
    words: 'leaves the first logit out of the maximum, and has none of a single one',
    changes: { max: (row) => maxOf(row.x.subarray(1), row) },
    witness: () => batchOf([[0]]),
  },
  {
    words: 'leaves the last logit out of the maximum',
    changes: { max: maxOfChosen((x) => x.subarray(0, -1)) },
    witness: () => batchOf([[0, 89]]),
    needs: longerThan(1),
  },
  {
    words: 'does not reset the maximum before the next row',
    changes: { max: (row) => maxOf(row.batch.logits.subarray(0, (row.r + 1) * row.x.length), row) },
    witness: () => batchOf([[104], [0]]),
    needs: moreRowsThan(1),
  },
  {
    words: 'subtracts the maximum of the whole batch',
    changes: { max: (row) => maxOf(row.batch.logits, row) },
    witness: () => batchOf([[0], [104]]),
    needs: moreRowsThan(1),
  },
  {
    words: 'subtracts the maximum of the first row',
    changes: { max: (row) => maxOf(rowOf(row.batch, 0), row) },
    witness: () => batchOf([[0], [104]]),
    needs: moreRowsThan(1),
  },
  ...widths.map((width) => ({
    words: `leaves the logits behind the last whole ${width} out of the maximum`,
    changes: { max: maxOfChosen(whole(width)) },
    witness: () => rowWith(width + 1, { [width]: 89 }),
    needs: noMultipleOf(width),
  })),
  ...widths.map((width) => ({
    words: `leaves the logits behind the last whole ${width} out of the maximum and the sum`,
    changes: { max: maxOfChosen(whole(width)), terms: whole(width) },
    witness: () => rowWith(width + 1, { [width]: 1 }),
    needs: noMultipleOf(width),
  })),
  {
    words: 'subtracts the maximum of the row before',
    changes: { max: (row) => maxOf(rowOf(row.batch, Math.max(0, row.r - 1)), row) },
    witness: () => batchOf([[0], [104]]),
    needs: moreRowsThan(1),
  },
  ...[2, 4, 8, 16, 32].map((lanes) => ({
    words: `leaves the upper half of ${lanes} lanes out of the maximum`,
    changes: { max: maxOfChosen((x) => x.filter((_, i) => i % lanes < lanes / 2)) },
    witness: () => rowWith(lanes / 2 + 1, { [lanes / 2]: 89 }),
    needs: longerThan(lanes / 2),
  })),
  ...lengths.map(amongTheFirst),
  ...[4, 8, 16, 32].map((width) => ({
    words: `pads rows to a multiple of ${width} with 0, which joins the maximum`,
    changes: { max: (row: Row) => Math.max(row.x.length % width === 0 ? MASKED : 0, right.max(row)) },
    witness: () => batchOf([[-104]]),
    needs: noMultipleOf(width),
  })),
];

const ofOtherNumbers: readonly Hypothesis[] = [
  {
    words: 'subtracts the largest magnitude for the maximum',
    changes: { max: (row) => maxOf(row.x.map(Math.abs), row) },
    witness: () => batchOf([[-52]]),
  },
  {
    words: 'subtracts the minimum for the maximum',
    changes: {
      max: (row) =>
        -maxOf(
          row.x.map((x) => -x),
          row,
        ),
    },
    witness: () => batchOf([[0, 89]]),
    needs: longerThan(1),
  },
  {
    words: 'compares logits by their words as signed integers for the maximum',
    changes: {
      max: ({ x }) => x.reduce((max, each) => (signedWord(each) > signedWord(max) ? each : max), x[0]),
    },
    witness: () => batchOf([[-1, -105]]),
    needs: longerThan(1),
  },
  {
    words: 'truncates the maximum to an integer of 32 bits, which wraps',
    changes: {
      max: (row) => (Number.isFinite(right.max(row)) ? Math.trunc(right.max(row)) | 0 : right.max(row)),
    },
    witness: () => batchOf([[3e9]]),
  },
  {
    words: 'takes the maximum of logits that are rounded to BF16',
    changes: { max: (row) => maxOf(row.x.map(bf16.round), row) },
    witness: () => batchOf([[32857]]),
  },
  {
    words: 'leaves NaN out of the maximum, and takes 0 for e^NaN',
    changes: {
      max: (row) =>
        maxOf(
          row.x.filter((x) => !Number.isNaN(x)),
          row,
        ),
      exp: (d) => (Number.isNaN(d) ? 0 : right.exp(d)),
    },
    witness: () => batchOf([[Number.NaN, 0]]),
  },
];

/** The simplest first. */
export const maxima: readonly Hypothesis[] = [
  ...withoutMax,
  ...withoutSmallMax,
  ...startingAt,
  ...ofSome,
  ...unshiftedParts,
  ...ofOtherNumbers,
];
