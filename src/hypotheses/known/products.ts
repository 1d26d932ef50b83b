/** Products of upstream values with a Jacobian. */
import { batchOf, createBatch, rowOfValues, upstreamOf } from '../../core/batch.ts';
import { bf16, fp16 } from '../../formats/index.ts';
import { type Hypothesis, moreRowsThan } from '../hypothesis.ts';
import { right } from '../steps.ts';

const f32 = Math.fround;

const pair = () => batchOf([[0, 0]], [0], [1, 3]);

/** Of softmax first. */
export const products: readonly Hypothesis[] = [
  {
    words: 'has only the diagonal of the Jacobian',
    changes: {
      softmaxProduct: (p, g) => f32(g * f32(p * f32(1 - p))),
      logSoftmaxProduct: (p, g) => f32(g * f32(1 - p)),
    },
    witness: pair,
  },
  {
    words: 'leaves the sum over the row out of the product',
    changes: { softmaxProduct: (p, g) => f32(g * p), logSoftmaxProduct: (_p, g) => g },
    witness: pair,
  },
  {
    words: 'takes 1 for the sum of the upstream values',
    changes: { logSoftmaxProduct: (p, g) => f32(g - p) },
    witness: pair,
  },
  {
    words: 'adds the sum over the row, where it is to be subtracted',
    changes: {
      softmaxProduct: (p, g, dot) => f32(p * f32(g + dot)),
      logSoftmaxProduct: (p, g, total) => f32(g + f32(p * total)),
    },
    witness: pair,
  },
  {
    words: 'takes the upstream values of the first row for all rows',
    changes: { upstream: ({ batch }) => rowOfValues(upstreamOf(batch), batch, 0) },
    witness: () => createBatch(2, 2, [0, 0, 0, 0], [0, 0], [1, 3, 3, 1]),
    needs: moreRowsThan(1),
  },
  {
    words: 'takes 1 for every upstream value',
    changes: { upstream: ({ x }) => new Float32Array(x.length).fill(1) },
    witness: pair,
  },
  {
    words: 'adds up the magnitudes of upstream values',
    changes: { total: (values) => right.total(values.map(Math.abs)) },
    witness: () => batchOf([[0, 0]], [0], [1, -1]),
  },
  ...[fp16, bf16].map(({ name, round }) => ({
    words: `adds up upstream values in ${name.toUpperCase()}`,
    changes: { total: (values: Float32Array) => values.reduce((sum, value) => round(sum + value), 0) },
    witness: () => batchOf([[0, 0, 0]], [0], [1, 0.0001, 3]),
  })),
];
