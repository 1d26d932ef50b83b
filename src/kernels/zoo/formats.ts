/** Logits and answers of 16 bits: what is stored on the way, what is added there, and how numbers are narrowed. */
import { type Batch, batchOf, createBatch } from '../../core/batch.ts';
import { inFormat } from '../../core/grid.ts';
import type { Kernel } from '../../core/kernel.ts';
import type { Declaration } from '../../core/target.ts';
import type { Format } from '../../formats/format.ts';
import { bf16, type FormatName, fp16, fp32 } from '../../formats/index.ts';
import { storedIn } from '../stored.ts';
import { filled, inClass } from './entry.ts';
import { exp2, LOG2E } from './exp.ts';
import { byRow, complete, correct, exp32, f32, maxOf, only, type Row, type Steps, sumOf } from './parts.ts';
import { onlineSum } from './sums.ts';

/** The kernel with logits and answers of the format, or answers of FP32, and its declaration. */
function stored(
  format: Format,
  kernel: Kernel,
  answer: Format = format,
): { readonly kernel: Kernel; readonly declaration: Declaration } {
  const [logits, ofAnswer] = [format, answer].map(({ name }) => name as FormatName);
  return {
    kernel: storedIn(kernel, format, answer),
    declaration: { profile: 'sequential', format: { logits, answer: ofAnswer } },
  };
}

const inBf16 = (batch: Batch): Batch => inFormat(batch, 'bf16');
const inFp16 = (batch: Batch): Batch => inFormat(batch, 'fp16');

/** The sum with every addition rounded to the storage. */
const storedSum =
  ({ round }: Format): Steps['sum'] =>
  (weights) =>
    weights.reduce((sum, weight) => round(sum + weight), 0);

/** The number of the format next to `x` on the side of zero. */
function cutOff(x: number, { round, toOrdinal, fromOrdinal }: Format): number {
  const nearest = round(x);
  return Math.abs(nearest) > Math.abs(x) ? fromOrdinal(toOrdinal(nearest) - Math.sign(nearest)) : nearest;
}

/** Numbers below the normal range of the format as 0. */
const flushed =
  ({ minNormal }: Format) =>
  (x: number): number =>
    Math.abs(x) < minNormal ? 0 : x;

/** The largest logit in the first eight of each sixteen, as if the second eight had the same. */
function maxOfFirstEights({ x }: Row): number {
  return maxOf(x.filter((_, i) => i % 16 < 8));
}

/** A kernel of a vector-Jacobian product, whose entries are made of the probabilities and the upstream values of a row. */
function productOf(
  operation: 'softmaxGrad' | 'logSoftmaxGrad',
  entries: (p: Float32Array, g: Float32Array) => Float32Array,
): Kernel {
  const { softmax } = complete();
  return {
    [operation]: (upstream: Float32Array, logits: Float32Array, rows: number, cols: number) =>
      byRow(softmax(logits, rows, cols) as Float32Array, rows, ({ x: p, r }) =>
        entries(p, upstream.subarray(r * cols, (r + 1) * cols)),
      ),
  };
}

export const formatFaults = inClass('formats', [
  {
    id: 'Y200',
    name: 'sum-added-in-bf16',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'the sum is rounded to BF16 at each step: it stops at 256',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: inBf16(batchOf([[3, 0, 3, 3, 3, 0, 0, 0]])),
    ...stored(bf16, only('softmax', { sum: storedSum(bf16) })),
  },
  {
    id: 'Y201',
    name: 'sum-added-in-fp16',
    models: 'microsoft/onnxruntime#24577',
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'the sum is rounded to FP16 at each step: it stops at 2,048',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: inFp16(batchOf([[6, 0, 0, 0]])),
    ...stored(fp16, only('softmax', { sum: storedSum(fp16) })),
  },
  {
    id: 'Y202',
    name: 'weights-stored-in-bf16',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'the exponentials are stored in BF16 before they are added and divided',
    bucket: 'softmax/inaccurate/ordinary/warning',
    counterexample: inBf16(batchOf([[0, 2]])),
    ...stored(bf16, only('softmax', { exp: (d) => bf16.round(exp32(d)) })),
  },
  {
    id: 'Y203',
    name: 'answer-cut-off',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'the lower half of an FP32 is left out for BF16: rounded to zero, not to nearest',
    bucket: 'softmax/inaccurate/ordinary/warning',
    counterexample: inBf16(batchOf([[0, 1]])),
    ...stored(bf16, only('softmax', { divide: (weight, sum) => cutOff(f32(weight / sum), bf16) })),
  },
  {
    id: 'Y204',
    name: 'fp16-by-way-of-bf16',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'answers of FP16 go through BF16',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: inFp16(batchOf([[1, 0]])),
    ...stored(fp16, only('softmax', { divide: (weight, sum) => bf16.round(f32(weight / sum)) })),
  },
  {
    id: 'Y205',
    name: 'reciprocal-in-bf16',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'multiplied by a reciprocal of the sum that is stored in BF16',
    bucket: 'softmax/inaccurate/ordinary/warning',
    counterexample: inBf16(batchOf([[0, 0.2]])),
    ...stored(bf16, only('softmax', { divide: (weight, sum) => f32(weight * bf16.round(1 / sum)) })),
  },
  {
    id: 'Y206',
    name: 'rescaled-in-bf16',
    models: null,
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'in one pass, the factor by which the sum is rescaled is of BF16',
    bucket: 'softmax/inaccurate/ordinary/warning',
    counterexample: inBf16(batchOf([[0, 0, 0, 0, 1]])),
    ...stored(
      bf16,
      only('softmax', {
        sum: (_weights, { x }) =>
          onlineSum({ block: 4, rescale: (old, max) => bf16.round(exp32(f32(old - max))) })(x),
      }),
    ),
  },
  {
    id: 'Y207',
    name: 'log-of-stored-softmax',
    models: null,
    difficulty: 'easy',
    operation: 'logSoftmax',
    fault: 'the logarithm of a probability that was stored in BF16',
    bucket: 'logSoftmax/infinite/underflow',
    counterexample: inBf16(batchOf([[0, -93]])),
    ...stored(
      bf16,
      only('logSoftmax', {
        logProbability: (x, max, sum, { exp, shift, divide, log }) =>
          log(bf16.round(divide(exp(shift(x, max)), sum))),
      }),
    ),
  },
  {
    id: 'Y208',
    name: 'minus-lse-in-bf16',
    models: null,
    difficulty: 'easy',
    operation: 'logSoftmax',
    fault: 'x minus a logsumexp that was stored in BF16',
    bucket: 'logSoftmax/inaccurate/ordinary',
    counterexample: inBf16(batchOf([[0, 4]])),
    ...stored(
      bf16,
      only('logSoftmax', {
        logProbability: (x, max, sum, steps) =>
          f32(x - bf16.round(correct.logSumExp(max, sum, { ...correct, ...steps }))),
      }),
    ),
  },
  {
    id: 'Y209',
    name: 'softmax-by-lse-in-bf16',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'e^(x - lse) by a logsumexp that was stored in BF16',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: inBf16(batchOf([[4, 0]])),
    ...stored(
      bf16,
      only('softmax', {
        probabilities: (_weights, sum, row, steps) => {
          const lse = bf16.round(steps.logSumExp(steps.max(row), sum, steps));
          return row.x.map((x) => steps.exp(f32(x - lse)));
        },
      }),
    ),
  },
  {
    id: 'Y210',
    name: 'log2-e-in-bf16',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: '2^(d log2 e), log2 e as a number of BF16',
    bucket: 'softmax/inaccurate/ordinary/warning',
    counterexample: inBf16(batchOf([[0, 2]])),
    ...stored(bf16, only('softmax', { exp: (d) => exp2(f32(d * bf16.round(LOG2E))) })),
  },
  {
    id: 'Y211',
    name: 'no-max-in-bf16',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'the path of BF16 subtracts no maximum',
    bucket: 'softmax/nan/exp-overflow',
    counterexample: inBf16(batchOf([[89]])),
    ...stored(bf16, only('softmax', { shift: (x) => x })),
  },
  {
    id: 'Y212',
    name: 'no-max-in-fp16',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'no maximum is subtracted, and exponentials are stored in FP16: infinite from 11.1 on',
    bucket: 'softmax/nan/ordinary',
    counterexample: inFp16(batchOf([[12]])),
    ...stored(fp16, only('softmax', { shift: (x) => x, exp: (d) => fp16.round(exp32(d)) })),
  },
  {
    id: 'Y213',
    name: 'subnormals-of-fp16-flushed',
    models: null,
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'answers below the normal range of FP16 are 0, which nobody declares',
    bucket: 'softmax/zeroed/ordinary',
    counterexample: inFp16(batchOf([[0, 10]])),
    ...stored(fp16, only('softmax', { divide: (weight, sum) => flushed(fp16)(f32(weight / sum)) })),
  },
  {
    id: 'Y214',
    name: 'subnormal-logits-of-fp16-as-zero',
    models: null,
    difficulty: 'very hard',
    operation: 'logSumExp',
    fault: 'logits below the normal range of FP16 are read as 0',
    bucket: 'logSumExp/zeroed/ordinary',
    counterexample: inFp16(batchOf([[2 ** -15]])),
    ...stored(
      fp16,
      only('logSumExp', {
        max: ({ x }) => maxOf(x.map(flushed(fp16))),
        shift: (x, max) => f32(flushed(fp16)(x) - max),
      }),
    ),
  },
  {
    id: 'Y215',
    name: 'clipped-at-65504',
    models: null,
    difficulty: 'hard',
    operation: 'logSoftmax',
    fault: 'what is beyond the largest number of FP16 is that number, not an infinity',
    bucket: 'logSoftmax/inaccurate/exp-overflow',
    counterexample: inFp16(batchOf([[89, -65472]])),
    ...stored(
      fp16,
      only('logSoftmax', {
        logProbability: (...step) => {
          const exact = correct.logProbability(...step);
          return Number.isFinite(exact) ? Math.max(exact, -fp16.maxFinite) : exact;
        },
      }),
    ),
  },
  {
    id: 'Y216',
    name: 'max-of-first-eight-of-sixteen',
    models: null,
    difficulty: 'hard',
    operation: 'softmax',
    fault:
      'sixteen words are two vectors of FP32, and the maximum is that of the first (PyTorch 1.13, along the first axis)',
    bucket: 'softmax/nan/underflow',
    counterexample: inBf16(batchOf([[...new Array<number>(8).fill(-89), 0]])),
    ...stored(bf16, only('softmax', { max: maxOfFirstEights })),
  },
  {
    id: 'Y217',
    name: 'gradient-of-stored-softmax',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropyGrad',
    fault: 'p - 1 of a probability that was stored in BF16',
    bucket: 'crossEntropyGrad/inaccurate/ordinary/warning',
    counterexample: inBf16(batchOf([[0, 2]], [0])),
    ...stored(
      bf16,
      only('crossEntropyGrad', {
        derivative: (p, ...rest) => correct.derivative(bf16.round(p), ...rest),
      }),
    ),
  },
  {
    id: 'Y218',
    name: 'gradient-of-stored-log-softmax',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropyGrad',
    fault: 'e^ of a logarithm that was stored in BF16, as the backward pass of a loss has it',
    bucket: 'crossEntropyGrad/inaccurate/ordinary/warning',
    counterexample: inBf16(batchOf([[0, 1]], [1])),
    ...stored(
      bf16,
      only('crossEntropyGrad', {
        probabilities: (_weights, sum, row, steps) =>
          row.x.map((x) => steps.exp(bf16.round(steps.logProbability(x, steps.max(row), sum, steps)))),
      }),
    ),
  },
  {
    id: 'Y219',
    name: 'row-count-in-bf16',
    models: null,
    difficulty: 'hard',
    operation: 'crossEntropyGrad',
    fault: 'the mean divides by a number of rows in BF16, which 257 and 259 are not',
    bucket: 'crossEntropyGrad/inaccurate/ordinary',
    counterexample: inBf16(filled(257, 2, 0)),
    ...stored(
      bf16,
      only('crossEntropyGrad', {
        derivative: (p, i, target, { rows }) => f32(f32(i === target ? p - 1 : p) / bf16.round(rows)),
      }),
      fp32,
    ),
  },
  {
    id: 'Y220',
    name: 'losses-added-in-bf16',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'the losses of the rows are added in BF16',
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: inBf16(filled(38, 2, 0)),
    ...stored(
      bf16,
      only('crossEntropy', {
        mean: (losses) => f32(losses.reduce((sum, loss) => bf16.round(sum + loss), 0) / losses.length),
      }),
    ),
  },
  {
    id: 'Y221',
    name: 'dot-added-in-bf16',
    models: null,
    difficulty: 'easy',
    operation: 'softmaxGrad',
    fault: 'the sum of g p is added in BF16',
    bucket: 'softmaxGrad/inaccurate/ordinary',
    counterexample: inBf16(createBatch(1, 2, [0, 1], undefined, [1, 0])),
    ...stored(
      bf16,
      productOf('softmaxGrad', (p, g) => {
        const dot = p.reduce((sum, each, i) => bf16.round(sum + each * g[i]), 0);
        return p.map((each, i) => f32(each * f32(g[i] - dot)));
      }),
      fp32,
    ),
  },
  {
    id: 'Y222',
    name: 'upstream-added-in-fp16',
    models: null,
    difficulty: 'easy',
    operation: 'logSoftmaxGrad',
    fault: 'the sum of the upstream values is added in FP16',
    bucket: 'logSoftmaxGrad/inaccurate/ordinary/warning',
    counterexample: inFp16(createBatch(1, 3, [0, 0, 0], undefined, [2048, 1, 1])),
    ...stored(
      fp16,
      productOf('logSoftmaxGrad', (p, g) => {
        const total = g.reduce((sum, each) => fp16.round(sum + each), 0);
        return p.map((each, i) => f32(g[i] - f32(each * total)));
      }),
    ),
  },
  {
    id: 'Y223',
    name: 'sum-stored-in-fp16',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'the sum, added in FP32, is stored in FP16',
    bucket: 'softmax/inaccurate/ordinary/warning',
    counterexample: inFp16(batchOf([[0, 1]])),
    ...stored(fp16, only('softmax', { sum: (weights) => fp16.round(sumOf(weights)) })),
  },
]);
