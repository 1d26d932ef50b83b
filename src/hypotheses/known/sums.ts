/** The sum of the exponentials: what is left out of it, what joins it, how it is added and stored. */
import { batchOf, createBatch, rowOf } from '../../core/batch.ts';
import type { Format } from '../../formats/format.ts';
import { bf16, fp16 } from '../../formats/index.ts';
import {
  type Hypothesis,
  longerThan,
  moreRowsThan,
  type Need,
  noMultipleOf,
  rowsOfZeros,
  rowWith,
} from '../hypothesis.ts';
import { type Row, right, type Steps } from '../steps.ts';
import { lengths, whole, widths } from './parts.ts';

const f32 = Math.fround;

const MASKED = Number.NEGATIVE_INFINITY;

const multipleOf = (width: number): Need => ({
  words: `rows that are a multiple of ${width} long`,
  isMet: ({ cols }) => cols % width === 0,
});

/** The sum of a row without the terms whose index does not pass. */
const where =
  (isAdded: (i: number, n: number) => boolean): Steps['terms'] =>
  (weights) =>
    weights.filter((_, i) => isAdded(i, weights.length));

/** A sum that is rounded at each step. */
const addIn =
  ({ round }: Format): Steps['add'] =>
  (terms) =>
    terms.reduce((sum, term) => round(sum + term), 0);

/** The numbers, and behind them others up to a multiple of `width`. */
function padded(values: Float32Array, width: number, value: number): Float32Array {
  const all = new Float32Array(Math.ceil(values.length / width) * width).fill(value);
  all.set(values);
  return all;
}

/** Neighbors added in rounds; what is left over in a round is dropped. */
function addByPairs(terms: Float32Array): number {
  if (terms.length < 2) return right.add(terms);
  const pairs = new Float32Array(terms.length >> 1);
  return addByPairs(pairs.map((_, i) => terms[2 * i] + terms[2 * i + 1]));
}

/** A sum of the first logits of a row. */
export const ofTheFirst = (count: number): Hypothesis => ({
  words: `adds up the first ${count} logits of a row`,
  changes: { terms: (weights) => weights.subarray(0, count) },
  witness: () => rowWith(count + 1, { [count]: 20 }),
  needs: longerThan(count),
});

/** A sum to which a number is added; `round` is what is done to numbers in between. */
export const moreBy = (epsilon: number, round = f32): Hypothesis => ({
  words: `adds ${epsilon} to the sum`,
  changes: { sum: (sum) => round(round(sum) + round(epsilon)) },
  witness: () => batchOf([[0]]),
});

const leftOut: readonly Hypothesis[] = [
  ...widths.map((width) => ({
    words: `leaves the logits behind the last whole ${width} out of the sum`,
    changes: { terms: whole(width) },
    witness: () => rowsOfZeros(1, width + 1),
    needs: noMultipleOf(width),
  })),
  {
    words: 'leaves the last logit out of the sum',
    changes: { terms: (weights) => weights.subarray(0, -1) },
    witness: () => batchOf([[0, 0]]),
  },
  {
    words: 'leaves the last of several logits out of the sum',
    changes: { terms: where((i, n) => n === 1 || i < n - 1) },
    witness: () => batchOf([[0, 0]]),
    needs: longerThan(1),
  },
  {
    words: 'leaves the first logit out of the sum',
    changes: { terms: (weights) => weights.subarray(1) },
    witness: () => batchOf([[0, 0]]),
  },
  ...[4, 8, 32].map((k) => ({
    words: `leaves every ${k}th logit out of the sum`,
    changes: { terms: where((i) => i % k !== k - 1) },
    witness: () => rowsOfZeros(1, k),
    needs: longerThan(k - 1),
  })),
  ...lengths.map(ofTheFirst),
  ...[256, 65_536].map((modulus) => ({
    words: `adds up as many logits as the length modulo ${modulus}`,
    changes: { terms: (weights: Float32Array) => weights.subarray(0, weights.length % modulus) },
    witness: () => rowsOfZeros(1, modulus),
    needs: longerThan(modulus - 1),
  })),
  ...[4, 8, 16, 32].map((width) => ({
    words: `leaves the last whole ${width} out of the sum where the row ends with it`,
    changes: { terms: where((i, n) => n % width !== 0 || i < n - width) },
    witness: () => rowsOfZeros(1, width),
    needs: multipleOf(width),
  })),
  {
    words: 'leaves the last logit out of the sum where 31 are behind the last whole 32',
    changes: { terms: where((i, n) => n % 32 !== 31 || i < n - 1) },
    witness: () => rowsOfZeros(1, 31),
    needs: { words: 'rows of 31 logits, or 32 more', isMet: ({ cols }) => cols % 32 === 31 },
  },
  ...[512, 1024, 2048].map((count) => ({
    words: `leaves the last logit out of the sum in rows of over ${count}`,
    changes: { terms: where((i, n) => n <= count || i < n - 1) },
    witness: () => rowWith(count + 1, { [count]: 20 }),
    needs: longerThan(count),
  })),
  ...[4096, 65_536].map((count) => ({
    words: `adds up the first ${count} logits of the batch`,
    changes: {
      terms: (weights: Float32Array, { r }: Row) =>
        weights.subarray(0, Math.max(0, count - r * weights.length)),
    },
    witness: () => rowsOfZeros(2, count),
    needs: {
      words: `batches of over ${count} logits`,
      isMet: ({ rows, cols }: { rows: number; cols: number }) => rows * cols > count,
    },
  })),
  {
    words: 'adds neighbors in rounds, and drops what is left over in a round',
    changes: { add: addByPairs },
    witness: () => batchOf([[0, 0, 0]]),
    needs: longerThan(2),
  },
  {
    words: 'leaves exponentials below 1e-6 out of the sum',
    changes: { terms: (weights) => weights.filter((weight) => !(weight < 1e-6)) },
    witness: () => createBatch(1, 101, new Float32Array(101).fill(-14).with(0, 0)),
    needs: longerThan(1),
  },
];

const joining: readonly Hypothesis[] = [
  ...widths.map((width) => ({
    words: `adds logits of 0 up to a multiple of ${width} to the sum`,
    changes: {
      terms: (weights: Float32Array, _row: Row, max: number) => padded(weights, width, right.exp(-max)),
    },
    witness: () => batchOf([[0]]),
    needs: noMultipleOf(width),
  })),
  ...[4, 8, 16, 32].map((width) => ({
    words: `adds the maximum up to a multiple of ${width} to the sum`,
    changes: { terms: (weights: Float32Array) => padded(weights, width, 1) },
    witness: () => batchOf([[1]]),
    needs: noMultipleOf(width),
  })),
  {
    words: 'adds the sum of the row before to that of a row',
    changes: {
      sum: (sum, { r, batch }) => {
        if (r === 0) return sum;
        const row = { x: rowOf(batch, r - 1), r: r - 1, batch };
        const max = right.max(row);
        return f32(sum + right.add(row.x.map((x) => right.exp(f32(x - max)))));
      },
    },
    witness: () => batchOf([[0], [0]]),
    needs: moreRowsThan(1),
  },
  ...[1e-5, 1e-6, 1e-7].map((epsilon) => moreBy(epsilon)),
];

const stored: readonly Hypothesis[] = [
  ...[fp16, bf16].flatMap((format) => [
    {
      words: `adds up in ${format.name.toUpperCase()}`,
      changes: { add: addIn(format) },
      witness: () => rowsOfZeros(1, 2049),
    },
    {
      words: `stores the sum in ${format.name.toUpperCase()}`,
      changes: { sum: (sum: number) => format.round(sum) },
      witness: () => rowsOfZeros(1, 2049),
    },
  ]),
  {
    words: 'adds up in 8.24 fixed point, which wraps at 256',
    changes: {
      add: (terms) => terms.reduce((sum, term) => (sum + Math.round(term * 2 ** 24)) >>> 0, 0) * 2 ** -24,
    },
    witness: () => rowsOfZeros(1, 256),
  },
];

/**
 * The terms of a sum in one pass, by blocks with a running maximum: `kept` says what becomes of a block's exponential relative to
 * the maximum `own` up to there, in a row whose maximum is `max`.
 */
const online =
  (block: number, kept: (own: number, max: number) => number): Steps['terms'] =>
  (weights, { x }, max, { exp }) => {
    const terms = weights.slice();
    let own = MASKED;
    for (let start = 0; start < x.length; start += block) {
      const end = Math.min(x.length, start + block);
      for (let i = start; i < end; i++) own = Math.max(own, x[i]);
      if (own === max) return terms;
      for (let i = start; i < end; i++) terms[i] = own === MASKED ? 0 : exp(f32(x[i] - own)) * kept(own, max);
    }
    return terms;
  };

/** Blocks in one pass; -Infinity minus -Infinity where those so far are masked. */
const inOnePass: readonly Hypothesis[] = [
  ...[1, 4, 32, 64, 128, 1024].map((block) => ({
    words: `goes through a row ${block === 1 ? 'logit by logit' : `in blocks of ${block}`}, and does not rescale the sum where the maximum rises`,
    changes: { terms: online(block, () => 1) },
    witness: () => rowWith(block + 1, { [block]: 1 }),
    needs: longerThan(block),
  })),
  ...[4, 32, 128, 1024].map((block) => ({
    words: `goes through a row in blocks of ${block}, and multiplies the sum by e^(new - old) where the maximum rises`,
    changes: { terms: online(block, (own, max) => right.exp(f32(max - own))) },
    witness: () => rowWith(block + 1, { [block]: 1 }),
    needs: longerThan(block),
  })),
  ...[4, 32, 64, 128].map((block) => ({
    words: `has NaN where the first ${block} logits of a longer row are masked`,
    changes: {
      terms: (weights: Float32Array, { x }: Row) =>
        x.length > block && x.subarray(0, block).every((each) => each === MASKED)
          ? weights.map(() => Number.NaN)
          : weights,
    },
    witness: () => createBatch(1, block + 1, new Float32Array(block + 1).fill(MASKED).with(block, 0)),
    needs: longerThan(block),
  })),
];

/** What is left out first. */
export const sums: readonly Hypothesis[] = [...leftOut, ...joining, ...stored, ...inOnePass];
