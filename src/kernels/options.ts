/**
 * Options of a kernel that has none: what they make of the logits before it, and of its derivatives behind it.
 *
 *     z_i = mask(bias_i + cap(scale x_i)),   cap(y) = softcap tanh(y / softcap),   dz_i / dx_i = scale (1 - tanh^2)
 *
 * Each is an operation of FP32's of its own, as eager PyTorch has them. What a mask hides is not read. The sink is a column behind the logits
 * that the answer leaves out, as GPT-OSS has it, with 0 for its upstream value.
 *
 * Error, with u = 2^-24: each of scale and bias rounds z once, u |z|; the cap, with w = x / c and k = 2w / sinh 2w <= 1, by (1/2 + 1 + 2k) u |z|, the
 * tanh within 1/2 ULP. What a logit is off by, its softmax is off by relative to itself. At the flat ends of a cap, 1 - t^2 cancels.
 */
import type { CompleteKernel } from '../core/kernel.ts';
import type { Options } from '../core/options.ts';
import type { Arithmetic } from './arithmetic.ts';
import { createLosses } from './losses.ts';

/** `plain` with every option in every operation, each step before and behind it taken by `arithmetic`; without any, `plain` itself. */
export function takingOptions(arithmetic: Arithmetic, plain: CompleteKernel): CompleteKernel {
  const { add, mul, div, sub, tanh } = arithmetic;
  const losses = createLosses(arithmetic, plain);

  const scaled = (x: number, { scale }: Options): number => (scale === undefined ? x : mul(x, scale));

  /** z of all rows, with a column for the sink where there is one. */
  function scores(logits: Float32Array, rows: number, options: Options): Float32Array {
    const { softcap, bias, mask, sink } = options;
    const cols = logits.length / rows;
    const z = new Float32Array(sink === undefined ? rows * cols : rows * (cols + 1));
    for (let row = 0, to = 0; row < rows; row++) {
      for (let i = row * cols; i < (row + 1) * cols; i++, to++) {
        if (mask !== undefined && mask[cellOf(mask, i, cols)] === 0) {
          z[to] = Number.NEGATIVE_INFINITY;
          continue;
        }
        let value = scaled(logits[i], options);
        if (softcap !== undefined) value = mul(softcap, tanh(div(value, softcap)));
        z[to] = bias === undefined ? value : add(value, bias[cellOf(bias, i, cols)]);
      }
      if (sink !== undefined) z[to++] = typeof sink === 'number' ? sink : sink[row];
    }
    return z;
  }

  /** The derivatives by z, in place, become those by the logits. */
  function throughScores(derivatives: Float32Array, logits: Float32Array, cols: number, options: Options) {
    const { scale, softcap, mask } = options;
    for (let i = 0; i < logits.length; i++) {
      if (mask !== undefined && mask[cellOf(mask, i, cols)] === 0) {
        derivatives[i] = 0;
        continue;
      }
      let derivative = derivatives[i];
      if (softcap !== undefined) {
        const t = tanh(div(scaled(logits[i], options), softcap));
        derivative = mul(derivative, sub(1, mul(t, t)));
      }
      derivatives[i] = scale === undefined ? derivative : mul(derivative, scale);
    }
    return derivatives;
  }

  /** An answer for each logit. */
  const forEach =
    (operation: 'softmax' | 'logSoftmax'): CompleteKernel['softmax'] =>
    (logits, rows, cols, options) => {
      if (options === undefined) return plain[operation](logits, rows, cols);
      const z = scores(logits, rows, options);
      return columns(plain[operation](z, rows, z.length / rows), rows, cols);
    };

  /** A product with upstream values. */
  const product =
    (operation: 'softmaxGrad' | 'logSoftmaxGrad'): CompleteKernel['softmaxGrad'] =>
    (upstream, logits, rows, cols, options) => {
      if (options === undefined) return plain[operation](upstream, logits, rows, cols);
      const z = scores(logits, rows, options);
      const width = z.length / rows;
      const derivatives = columns(
        plain[operation](columns(upstream, rows, width), z, rows, width),
        rows,
        cols,
      );
      return throughScores(derivatives, logits, cols, options);
    };

  return {
    softmax: forEach('softmax'),
    logSoftmax: forEach('logSoftmax'),
    logSumExp(logits, rows, cols, options) {
      if (options === undefined) return plain.logSumExp(logits, rows, cols);
      const z = scores(logits, rows, options);
      return plain.logSumExp(z, rows, z.length / rows);
    },
    crossEntropy: ((logits, given, rows, cols, stated) => {
      const { targets, options } = withProbabilities(given, rows, stated);
      if (options === undefined) return plain.crossEntropy(logits, targets, rows, cols);
      const z = scores(logits, rows, options);
      const width = z.length / rows;
      if (!hasLossOptions(options)) return plain.crossEntropy(z, targets, rows, width);
      return losses.loss({ z, width, rows, cols }, targets, options);
    }) as CompleteKernel['crossEntropy'],
    crossEntropyGrad(logits, given, rows, cols, stated) {
      const { targets, options } = withProbabilities(given, rows, stated);
      if (options === undefined) return plain.crossEntropyGrad(logits, targets, rows, cols);
      const z = scores(logits, rows, options);
      const width = z.length / rows;
      const derivatives = hasLossOptions(options)
        ? losses.gradient({ z, width, rows, cols }, targets, options)
        : plain.crossEntropyGrad(z, targets, rows, width);
      return throughScores(columns(derivatives, rows, cols), logits, cols, options);
    },
    softmaxGrad: product('softmaxGrad'),
    logSoftmaxGrad: product('logSoftmaxGrad'),
  };
}

/** Probabilities, which stand in the place of targets, as an option. */
function withProbabilities(targets: Int32Array | Float32Array, rows: number, options: Options | undefined) {
  return targets instanceof Float32Array
    ? { targets: new Int32Array(rows), options: { ...options, probabilities: targets } }
    : { targets, options };
}

/** Whether a loss has options of its own. */
function hasLossOptions({ scale, softcap, bias, mask, sink, ...others }: Options): boolean {
  return Object.keys(others).length > 0;
}

/** Where the number of cell `i` is, in what is given for each cell or for each of the `cols` columns. */
function cellOf(values: ArrayLike<number>, i: number, cols: number): number {
  return values.length === cols ? i % cols : i;
}

/** The first `cols` columns of a matrix, 0 where it has fewer; the matrix itself where it has as many. */
function columns(matrix: Float32Array, rows: number, cols: number): Float32Array {
  const width = matrix.length / rows;
  if (width === cols) return matrix;
  const kept = new Float32Array(rows * cols);
  for (let row = 0; row < rows; row++)
    kept.set(matrix.subarray(row * width, row * width + Math.min(width, cols)), row * cols);
  return kept;
}
