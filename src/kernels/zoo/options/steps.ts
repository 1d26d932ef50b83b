/**
 * A correct kernel with options in steps, each of which a mutant may replace, as parts.ts has one without:
 *
 *     z_i = mask(bias_i + cap(scale x_i / temperature)),   m = max(z, sink),   w_i = b_i e^(z_i - m),   S = sum w_i + e^(sink - m)
 *
 * and a derivative by z times dz / dx. All in FP32, an operation each; the mean of losses and the sums of products in FP64.
 */
import type { CompleteKernel, Kernel } from '../../../core/kernel.ts';
import type { Operation } from '../../../core/operation.ts';
import type { Options } from '../../../core/options.ts';
import { exp32, f32, maxOf, sumOf } from '../parts.ts';

const { NEGATIVE_INFINITY: HIDDEN } = Number;

/** A row of logits with the options of its call. */
export interface OptionRow {
  readonly x: Float32Array;
  /** Its number, from 0. */
  readonly r: number;
  readonly rows: number;
  readonly options: Options;
}

/** The steps of a kernel with options. Numbers are FP32 values. */
export interface OptionSteps {
  /** The mask's number at logit `i`: 0 hides. */
  readonly mask: (row: OptionRow, i: number) => number;
  readonly bias: (row: OptionRow, i: number) => number;
  /** -Infinity where there is none. */
  readonly sink: (row: OptionRow) => number;
  readonly scaled: (x: number, scale: number) => number;
  readonly divided: (y: number, temperature: number) => number;
  readonly tanh: (w: number) => number;
  readonly capped: (y: number, softcap: number, steps: OptionSteps) => number;
  readonly added: (y: number, bias: number) => number;
  /** z of a logit that takes part. */
  readonly shown: (row: OptionRow, i: number, steps: OptionSteps) => number;
  /** z of a hidden one. */
  readonly hidden: (x: number) => number;
  readonly scores: (row: OptionRow, steps: OptionSteps) => Float32Array;
  /** m. */
  readonly max: (z: Float32Array, sink: number, row: OptionRow) => number;
  readonly weights: (z: Float32Array, max: number, row: OptionRow, steps: OptionSteps) => Float32Array;
  /** b of a term of a logSumExp, 1 elsewhere; 0 hides. */
  readonly factor: (row: OptionRow, i: number) => number;
  readonly sinkWeight: (sink: number, max: number) => number;
  readonly sum: (weights: Float32Array, sinkWeight: number, row: OptionRow, steps: OptionSteps) => number;
  readonly logProbability: (z: number, max: number, sum: number, row: OptionRow, i: number) => number;
  /** dz / dx of a logit that takes part. */
  readonly slope: (row: OptionRow, i: number, steps: OptionSteps) => number;
  /** That of a hidden one, of which the derivative by z is `derivative`. */
  readonly ofHidden: (derivative: number) => number;
}

/** The number at a logit, of what is given for each logit of the batch or for each column. */
export function at(values: ArrayLike<number>, { r, x }: OptionRow, i: number): number {
  return values[values.length === x.length ? i : r * x.length + i];
}

/** Every step right. */
export const right: OptionSteps = {
  mask: (row, i) => (row.options.mask === undefined ? 1 : at(row.options.mask, row, i)),
  bias: (row, i) => (row.options.bias === undefined ? 0 : at(row.options.bias, row, i)),
  sink: ({ r, options: { sink = HIDDEN } }) => (typeof sink === 'number' ? sink : sink[r]),
  scaled: (x, scale) => f32(x * scale),
  divided: (y, temperature) => f32(y / temperature),
  tanh: (w) => f32(Math.tanh(w)),
  capped: (y, softcap, { tanh }) => f32(softcap * tanh(f32(y / softcap))),
  added: (y, bias) => f32(y + bias),
  shown(row, i, steps) {
    const { softcap } = row.options;
    const y = scaledLogit(row, i, steps);
    return steps.added(softcap === undefined ? y : steps.capped(y, softcap, steps), steps.bias(row, i));
  },
  hidden: () => HIDDEN,
  scores: (row, steps) =>
    row.x.map((x, i) =>
      steps.mask(row, i) === 0 || steps.factor(row, i) === 0 ? steps.hidden(x) : steps.shown(row, i, steps),
    ),
  max: (z, sink) => Math.max(maxOf(z), sink),
  weights: (z, max) => z.map((each) => exp32(f32(each - max))),
  factor: (row, i) => (row.options.weights === undefined ? 1 : at(row.options.weights, row, i)),
  sinkWeight: (sink, max) => exp32(f32(sink - max)),
  sum: (weights, sinkWeight) => f32(sumOf(weights) + sinkWeight),
  logProbability: (z, max, sum) => f32(f32(z - max) - f32(Math.log(sum))),
  slope(row, i, steps) {
    const { scale = 1, temperature = 1, softcap } = row.options;
    const ofFactors = f32(scale / temperature);
    if (softcap === undefined) return ofFactors;
    const t = steps.tanh(f32(scaledLogit(row, i, steps) / softcap));
    return f32(ofFactors * f32(1 - f32(t * t)));
  },
  ofHidden: () => 0,
};

/** scale x / temperature of logit `i`. */
export function scaledLogit(
  { x, options: { scale, temperature } }: OptionRow,
  i: number,
  steps: OptionSteps,
): number {
  const y = scale === undefined ? x[i] : steps.scaled(x[i], scale);
  return temperature === undefined ? y : steps.divided(y, temperature);
}

/** The kernel of all operations whose steps are right but for `changes`. */
export function completeWithOptions(changes: Partial<OptionSteps> = {}): CompleteKernel {
  const steps: OptionSteps = { ...right, ...changes };

  function reduce(row: OptionRow) {
    const z = steps.scores(row, steps);
    const sink = steps.sink(row);
    const max = steps.max(z, sink, row);
    const weights = steps.weights(z, max, row, steps).map((each, i) => f32(each * steps.factor(row, i)));
    // No sink weighs nothing, whatever the maximum is.
    const sinkWeight = sink === HIDDEN && !Number.isNaN(max) ? 0 : steps.sinkWeight(sink, max);
    return { z, max, weights, sum: steps.sum(weights, sinkWeight, row, steps) };
  }
  function probabilities(row: OptionRow): Float32Array {
    const { weights, sum } = reduce(row);
    return weights.map((weight) => f32(weight / sum));
  }
  function logProbabilities(row: OptionRow): Float32Array {
    const { z, max, sum } = reduce(row);
    return z.map((each, i) => steps.logProbability(each, max, sum, row, i));
  }
  /** What `derivative` says by z, by the logits. */
  function through(row: OptionRow, derivative: (i: number) => number): Float32Array {
    return row.x.map((_, i) => {
      if (steps.mask(row, i) === 0) return steps.ofHidden(derivative(i));
      return f32(derivative(i) * steps.slope(row, i, steps));
    });
  }
  const each = (
    logits: Float32Array,
    rows: number,
    options: Options,
    answer: (row: OptionRow) => Float32Array,
  ): Float32Array => {
    const cols = logits.length / rows;
    const answers = Array.from({ length: rows }, (_, r) =>
      answer({ x: logits.subarray(r * cols, (r + 1) * cols), r, rows, options }),
    );
    const joined = new Float32Array(answers.reduce((length, one) => length + one.length, 0));
    for (const [r, one] of answers.entries()) joined.set(one, r * one.length);
    return joined;
  };
  const upstreamOf = (upstream: Float32Array, { r, x }: OptionRow): Float32Array =>
    upstream.subarray(r * x.length, (r + 1) * x.length);

  return {
    softmax: (logits, rows, _cols, options = {}) => each(logits, rows, options, probabilities),
    logSoftmax: (logits, rows, _cols, options = {}) => each(logits, rows, options, logProbabilities),
    logSumExp: (logits, rows, _cols, options = {}) =>
      each(logits, rows, options, (row) => {
        const { max, sum } = reduce(row);
        return Float32Array.of(
          Math.abs(max) === Number.POSITIVE_INFINITY ? max : f32(max + f32(Math.log(sum))),
        );
      }),
    crossEntropy(
      logits: Float32Array,
      targets: Int32Array,
      rows: number,
      _cols: number,
      options: Options = {},
    ) {
      const losses = each(logits, rows, options, (row) =>
        Float32Array.of(-logProbabilities(row)[targets[row.r]]),
      );
      return f32(losses.reduce((sum, loss) => sum + loss, 0) / rows);
    },
    crossEntropyGrad: (logits, targets, rows, _cols, options = {}) =>
      each(logits, rows, options, (row) => {
        const p = probabilities(row);
        const target = targets[row.r];
        return through(row, (i) => f32(f32(i === target ? p[i] - 1 : p[i]) / rows));
      }),
    softmaxGrad: (upstream, logits, rows, _cols, options = {}) =>
      each(logits, rows, options, (row) => {
        const g = upstreamOf(upstream, row);
        const p = probabilities(row);
        const dot = p.reduce((sum, one, i) => sum + one * g[i], 0);
        return through(row, (i) => f32(p[i] * (g[i] - dot)));
      }),
    logSoftmaxGrad: (upstream, logits, rows, _cols, options = {}) =>
      each(logits, rows, options, (row) => {
        const g = upstreamOf(upstream, row);
        const p = probabilities(row);
        const total = g.reduce((sum, one) => sum + one, 0);
        return through(row, (i) => f32(g[i] - p[i] * total));
      }),
  };
}

/** One operation of {@link completeWithOptions}, alone. */
export function onlyWithOptions(operation: Operation, changes: Partial<OptionSteps>): Kernel {
  const kernel = completeWithOptions(changes);
  return { [operation]: kernel[operation] };
}
