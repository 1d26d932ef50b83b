/** Products of an upstream gradient with a Jacobian. */
import { createBatch } from '../../core/batch.ts';
import type { Kernel } from '../../core/kernel.ts';
import type { Operation } from '../../core/operation.ts';
import { inClass } from './entry.ts';
import { complete, f32 } from './parts.ts';

const { softmax } = complete();

/** What an entry of the product is, from the probabilities and the upstream values of its row. */
type Product = (p: Float32Array, g: Float32Array, i: number) => number;

/** A kernel of one operation. `upstreamOf` says which upstream values row `r` takes. */
function productOf(
  operation: Extract<Operation, 'softmaxGrad' | 'logSoftmaxGrad'>,
  product: Product,
  upstreamOf: (upstream: Float32Array, r: number, cols: number) => Float32Array = (upstream, r, cols) =>
    upstream.subarray(r * cols, (r + 1) * cols),
): Kernel {
  return {
    [operation](upstream: Float32Array, logits: Float32Array, rows: number, cols: number) {
      const probabilities = softmax(logits, rows, cols) as Float32Array;
      return Float32Array.from({ length: rows * cols }, (_, k) => {
        const r = Math.floor(k / cols);
        const p = probabilities.subarray(r * cols, (r + 1) * cols);
        return product(p, upstreamOf(upstream, r, cols), k % cols);
      });
    },
  };
}

const dot = (p: Float32Array, g: Float32Array): number => p.reduce((sum, each, i) => sum + each * g[i], 0);
const total = (g: Float32Array): number => g.reduce((sum, each) => sum + each, 0);

/** g p - p (g . p), as it should be; added in FP64. */
const ofSoftmax: Product = (p, g, i) => f32(p[i] * (g[i] - dot(p, g)));
/** g - p sum g, as it should be. */
const ofLogSoftmax: Product = (p, g, i) => f32(g[i] - p[i] * total(g));

const pair = (...upstream: number[]) => createBatch(1, 2, [0, 0], undefined, upstream);

export const productFaults = inClass('products', [
  {
    id: 'B01',
    name: 'diagonal-jacobian',
    models: 'deeplearning4j/libnd4j#440',
    difficulty: 'easy',
    operation: 'softmaxGrad',
    fault: 'only the diagonal of the Jacobian: g p (1 - p)',
    bucket: 'softmaxGrad/zeroed/ordinary',
    counterexample: pair(1, 0),
    kernel: productOf('softmaxGrad', (p, g, i) => f32(g[i] * p[i] * (1 - p[i]))),
  },
  {
    id: 'B02',
    name: 'upstream-of-sum-one',
    models: 'mlpack/mlpack#2360',
    difficulty: 'easy',
    operation: 'logSoftmaxGrad',
    fault: 'g - p, as if the upstream values added up to 1',
    bucket: 'logSoftmaxGrad/inaccurate/ordinary',
    counterexample: pair(1, 1),
    kernel: productOf('logSoftmaxGrad', (p, g, i) => f32(g[i] - p[i])),
  },
  {
    id: 'B05',
    name: 'upstream-of-the-first-row',
    models: 'linkedin/Liger-Kernel#1298',
    difficulty: 'medium',
    operation: 'softmaxGrad',
    fault: 'the upstream values of the first row for all rows',
    bucket: 'softmaxGrad/zeroed/ordinary',
    counterexample: createBatch(2, 2, [0, 0, 0, 0], undefined, [0, 0, 1, 0]),
    kernel: productOf('softmaxGrad', ofSoftmax, (upstream, _r, cols) => upstream.subarray(0, cols)),
  },
  {
    id: 'B13',
    name: 'upstream-ignored',
    models: 'baidu-research/warp-ctc#69',
    difficulty: 'easy',
    operation: 'logSoftmaxGrad',
    fault: 'the upstream values count as 1',
    bucket: 'logSoftmaxGrad/zeroed/ordinary',
    counterexample: pair(1, 0),
    kernel: productOf('logSoftmaxGrad', ofLogSoftmax, (_upstream, _r, cols) =>
      new Float32Array(cols).fill(1),
    ),
  },
  {
    id: 'Y160',
    name: 'product-without-dot',
    models: null,
    difficulty: 'easy',
    operation: 'softmaxGrad',
    fault: 'g p, without p (g . p)',
    bucket: 'softmaxGrad/inaccurate/ordinary',
    counterexample: pair(1, 0),
    kernel: productOf('softmaxGrad', (p, g, i) => f32(g[i] * p[i])),
  },
  {
    id: 'Y161',
    name: 'own-upstream-for-the-sum',
    models: null,
    difficulty: 'easy',
    operation: 'logSoftmaxGrad',
    fault: 'g - p g, where the sum of the row belongs',
    bucket: 'logSoftmaxGrad/zeroed/ordinary',
    counterexample: pair(1, 0),
    kernel: productOf('logSoftmaxGrad', (p, g, i) => f32(g[i] - p[i] * g[i])),
  },
  {
    id: 'Y162',
    name: 'magnitudes-added',
    models: null,
    difficulty: 'medium',
    operation: 'logSoftmaxGrad',
    fault: 'the sum of the magnitudes of the upstream values',
    bucket: 'logSoftmaxGrad/inaccurate/ordinary',
    counterexample: pair(1, -1),
    kernel: productOf('logSoftmaxGrad', (p, g, i) => f32(g[i] - p[i] * total(g.map(Math.abs)))),
  },
]);
