/** How a row is read and how its answer is stored: masks, cut off logits, other rows, and what is left as it was. */
import { batchOf, rowOf } from '../../core/batch.ts';
import { fromBits, toBits } from '../../float32/bits.ts';
import { MAX_FINITE, MIN_NORMAL } from '../../float32/constants.ts';
import { bf16, fp16 } from '../../formats/index.ts';
import { type Hypothesis, longerThan, moreRowsThan, noMultipleOf, rowsOfZeros } from '../hypothesis.ts';
import { type Row, right, type Steps } from '../steps.ts';
import { heights } from './parts.ts';

const MASKED = Number.NEGATIVE_INFINITY;

/** Each logit read as something else. */
const reading = (change: (x: number) => number): Partial<Steps> => ({ read: ({ x }) => x.map(change) });

/** A masked logit that is read as a number. */
export const maskedAs = (value: number): Hypothesis => ({
  words: `takes ${value === -MAX_FINITE ? 'the lowest float' : value} for a masked logit`,
  changes: reading((x) => (x === MASKED ? value : x)),
  witness: () => batchOf([[MASKED, Math.max(2 * value, -MAX_FINITE)]]),
});

/** A logit that is cut off, by 50 at least, also where a float is more than that from the next. */
const beyond = (most: number): number => Math.min(Math.max(most + 50, 2 * most), MAX_FINITE);

/** Finite logits of at most some magnitude. */
export const cutOffAt = (most: number): Hypothesis => ({
  words: `cuts logits off at ${most} and ${-most}`,
  changes: reading((x) => (Number.isFinite(x) ? Math.min(most, Math.max(-most, x)) : x)),
  witness: () => batchOf([[most, beyond(most)]]),
});

/** Logits of at most some magnitude, infinite ones too. */
export const allCutOffAt = (most: number): Hypothesis => ({
  words: `cuts logits off at ${most} and ${-most}, masked ones too`,
  changes: reading((x) => Math.min(most, Math.max(-most, x))),
  witness: () => batchOf([[0, MASKED, most, beyond(most)]]),
});

/** e^(x - max) / S of a row. */
function softmaxOf(row: Row): Float32Array {
  const max = right.max(row);
  const weights = row.x.map((x) => right.exp(x - max));
  const sum = right.add(weights);
  return weights.map((weight) => weight / sum);
}

const logits: readonly Hypothesis[] = [
  {
    words: 'takes the softmax of the logits for these',
    changes: { read: softmaxOf },
    witness: () => batchOf([[0, 1]]),
  },
  ...[-1e4, -1e9, -MAX_FINITE].map(maskedAs),
  ...[20, 50, 80, 88, 100, 1e4].flatMap((most) => [cutOffAt(most), allCutOffAt(most)]),
  ...[fp16, bf16].map(({ name, round }) => ({
    words: `rounds logits to ${name.toUpperCase()}`,
    changes: reading(round),
    witness: () => batchOf([[0, 3.33]]),
  })),
  {
    words: 'reads subnormal logits as 0',
    changes: reading((x) => (Math.abs(x) < MIN_NORMAL ? 0 : x)),
    witness: () => batchOf([[1e-40]]),
  },
  {
    words: 'reads the first row for every row',
    changes: { read: ({ batch }) => rowOf(batch, 0) },
    witness: () =>
      batchOf([
        [0, 1],
        [1, 0],
      ]),
    needs: moreRowsThan(1),
  },
  {
    words: 'reads the row before for every row but the first',
    changes: { read: ({ batch, r }) => rowOf(batch, Math.max(0, r - 1)) },
    witness: () =>
      batchOf([
        [0, 1],
        [1, 0],
      ]),
    needs: moreRowsThan(1),
  },
];

/** Rows that are not answered: 0, and no loss. */
const leaving = (isLeft: (row: Row) => boolean): Partial<Steps> => ({
  stored: (answer, row) => {
    if (isLeft(row)) answer.fill(0);
  },
  loss: (target, reduced, steps) => (isLeft(reduced) ? 0 : right.loss(target, reduced, steps)),
});

/** Numbers of a row that are not written. */
const leavingFrom = (first: (n: number) => number): Partial<Steps> => ({
  stored: (answer, _row, perLogit) => {
    if (perLogit) answer.fill(0, first(answer.length));
  },
});

const answers: readonly Hypothesis[] = [
  {
    words: 'cuts answers off to BF16, toward 0',
    changes: {
      stored: (answer) => answer.set(answer.map((each) => fromBits((toBits(each) & 0xffff0000) >>> 0))),
    },
    witness: () => batchOf([[0, 1]]),
  },
  ...[fp16, bf16].map(({ name, round }) => ({
    words: `rounds answers to ${name.toUpperCase()}`,
    changes: { stored: (answer: Float32Array) => answer.set(answer.map(round)) },
    witness: () => batchOf([[0, 1]]),
  })),
  ...heights.map((count) => ({
    words: `leaves all but the first ${count === 1 ? 'row' : `${count} rows`} at 0`,
    changes: leaving(({ r }) => r >= count),
    witness: () => rowsOfZeros(count + 1, 2),
    needs: moreRowsThan(count),
  })),
  {
    words: 'leaves the last of several rows at 0',
    changes: leaving(({ r, batch }) => r > 0 && r === batch.rows - 1),
    witness: () => rowsOfZeros(2, 2),
    needs: moreRowsThan(1),
  },
  ...[256, 1024, 4096, 65_536].map((count) => ({
    words: `leaves what is behind the first ${count} numbers of a row at 0`,
    changes: leavingFrom(() => count),
    witness: () => rowsOfZeros(1, count + 1),
    needs: longerThan(count),
  })),
  ...[4, 8, 16, 32].map((width) => ({
    words: `leaves what is behind the last whole ${width} of a row at 0`,
    changes: leavingFrom((n) => n - (n % width)),
    witness: () => rowsOfZeros(1, width + 1),
    needs: noMultipleOf(width),
  })),
];

/** The logits first. */
export const rows: readonly Hypothesis[] = [...logits, ...answers];
