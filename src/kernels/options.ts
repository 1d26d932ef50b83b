/**
 * Options of a kernel that has none: what they make of the logits before it, and of its derivatives behind it.
 *
 *     z_i = mask(bias_i + cap(scale x_i / temperature)),   cap(y) = softcap tanh(y / softcap),   dz_i / dx_i = scale (1 - tanh^2) / temperature
 *
 * Each is an operation of FP32's of its own, as eager PyTorch has them. What a mask hides is not read. The sink is a column behind the logits
 * that the answer leaves out, as GPT-OSS has it, with 0 for its upstream value. Weights b of a logSumExp leave out what they are 0 of, and add ln sum b_i p_i.
 *
 * Error, with u = 2^-24: each of scale, temperature and bias rounds z once, u |z|; the cap, with w = x / c and k = 2w / sinh 2w <= 1, by (1/2 + 1 + 2k) u |z|, the
 * tanh within 1/2 ULP. What a logit is off by, its softmax is off by relative to itself. At the flat ends of a cap, 1 - t^2 cancels.
 */
import type { CompleteKernel } from '../core/kernel.ts';
import type { Options } from '../core/options.ts';
import { lossNames } from '../options/index.ts';
import type { Arithmetic } from './arithmetic.ts';
import type { Changes } from './changes.ts';
import { createLosses, type LossSteps } from './losses.ts';
import { cellOf, scoresOf, throughScoresOf } from './scores.ts';

/** A call whose logits become scores. */
export interface ScoreCall {
  readonly logits: Float32Array;
  readonly rows: number;
  readonly cols: number;
  readonly options: Options;
}

/**
 * The steps from logits to scores, and of derivatives behind them, each of which a faulty kernel may replace. `i` is the number of a logit in the batch. Where none is replaced
 * scores.ts takes a step of all logits at a time.
 */
export interface ScoreSteps {
  readonly isHidden: (i: number, call: ScoreCall) => boolean;
  /** b of a term of a logSumExp. */
  readonly weight: (i: number, call: ScoreCall) => number;
  /** Whether a term is left out of the maximum too, as its weight is 0. */
  readonly isLeftOut: (i: number, call: ScoreCall) => boolean;
  readonly scale: (call: ScoreCall) => number | undefined;
  readonly temperature: (call: ScoreCall) => number | undefined;
  /** A logit times the scale, over the temperature. */
  readonly scaled: (i: number, call: ScoreCall) => number;
  readonly capped: (y: number, call: ScoreCall) => number;
  /** Undefined where there is none. */
  readonly bias: (i: number, call: ScoreCall) => number | undefined;
  /** z of a logit that takes part. */
  readonly shown: (i: number, call: ScoreCall) => number;
  /** z of a hidden one. */
  readonly hidden: (i: number, call: ScoreCall) => number;
  /** Undefined where there is none. */
  readonly sink: (row: number, call: ScoreCall) => number | undefined;
  /** The derivative by a logit that takes part, of that by its z. */
  readonly through: (derivative: number, i: number, call: ScoreCall) => number;
  readonly throughHidden: (derivative: number) => number;
}

/** The steps by `arithmetic`, but for `changes`. */
function scoreSteps({ add, mul, div, sub, tanh }: Arithmetic, changes?: Changes<ScoreSteps>): ScoreSteps {
  const stepsBut = (changed: Partial<ScoreSteps>): ScoreSteps => {
    const steps: ScoreSteps = {
      isHidden: (i, { cols, options: { mask } }) => mask !== undefined && mask[cellOf(mask, i, cols)] === 0,
      isLeftOut: (i, call) => steps.weight(i, call) === 0,
      weight: (i, { cols, options: { weights } }) =>
        weights === undefined ? 1 : weights[cellOf(weights, i, cols)],
      scale: ({ options }) => options.scale,
      temperature: ({ options }) => options.temperature,
      scaled(i, call) {
        const scale = steps.scale(call);
        const temperature = steps.temperature(call);
        const value = scale === undefined ? call.logits[i] : mul(call.logits[i], scale);
        return temperature === undefined ? value : div(value, temperature);
      },
      capped: (y, { options: { softcap } }) =>
        softcap === undefined ? y : mul(softcap, tanh(div(y, softcap))),
      bias: (i, { cols, options: { bias } }) => bias?.[cellOf(bias, i, cols)],
      shown(i, call) {
        const value = steps.capped(steps.scaled(i, call), call);
        const bias = steps.bias(i, call);
        return bias === undefined ? value : add(value, bias);
      },
      hidden: () => Number.NEGATIVE_INFINITY,
      sink: (row, { options: { sink } }) => (typeof sink === 'object' ? sink[row] : sink),
      through(derivative, i, call) {
        const { softcap } = call.options;
        const scale = steps.scale(call);
        const temperature = steps.temperature(call);
        let value = derivative;
        if (softcap !== undefined) {
          const t = tanh(div(steps.scaled(i, call), softcap));
          value = mul(value, sub(1, mul(t, t)));
        }
        if (temperature !== undefined) value = div(value, temperature);
        return scale === undefined ? value : mul(value, scale);
      },
      throughHidden: () => 0,
      ...changed,
    };
    return steps;
  };
  const right = stepsBut({});
  return changes === undefined ? right : stepsBut(changes(right));
}

/** What {@link takingOptions} takes wrong, and nothing unless told. */
export interface OptionChanges {
  readonly scores?: Changes<ScoreSteps>;
  readonly losses?: Changes<LossSteps>;
}

/**
 * `plain` with every option in every operation, each step before and behind it taken by `arithmetic`, but for `changes`; without any, `plain` itself. It is given scores, of which
 * a sink is the last of a row, and told the options of which they were made: a faulty one takes the sink for something else.
 */
export function takingOptions(
  arithmetic: Arithmetic,
  plain: CompleteKernel,
  changes: OptionChanges = {},
): CompleteKernel {
  const { add, mul, log } = arithmetic;
  const steps = scoreSteps(arithmetic, changes.scores);
  const losses = createLosses(arithmetic, plain, changes.losses);

  /** What a loss has where nothing is stated: faulty ones go through the steps of options then too. */
  const ofNone = changes.losses === undefined ? undefined : {};
  const isPlain = (options: Options): boolean => changes.losses === undefined && !hasLossOptions(options);

  /** z of a logit. */
  function scoreOf(i: number, call: ScoreCall): number {
    if (steps.isHidden(i, call)) return steps.hidden(i, call);
    const isLeftOut = call.options.weights !== undefined && steps.isLeftOut(i, call);
    return isLeftOut ? Number.NEGATIVE_INFINITY : steps.shown(i, call);
  }

  /** z of all rows, with a column for the sink where there is one. */
  function scores(logits: Float32Array, rows: number, options: Options): Float32Array {
    const cols = logits.length / rows;
    if (changes.scores === undefined) return scoresOf(arithmetic, logits, rows, cols, options);
    const call: ScoreCall = { logits, rows, cols, options };
    const hasSink = rows > 0 && steps.sink(0, call) !== undefined;
    const z = new Float32Array(hasSink ? rows * (cols + 1) : rows * cols);
    for (let row = 0, to = 0; row < rows; row++) {
      for (let i = row * cols; i < (row + 1) * cols; i++, to++) z[to] = scoreOf(i, call);
      if (hasSink) z[to++] = steps.sink(row, call) as number;
    }
    return z;
  }

  /** The derivatives by z, in place, become those by the logits. */
  function throughScores(derivatives: Float32Array, logits: Float32Array, cols: number, options: Options) {
    if (changes.scores === undefined) return throughScoresOf(arithmetic, derivatives, logits, cols, options);
    const call: ScoreCall = { logits, rows: logits.length / cols, cols, options };
    for (let i = 0; i < logits.length; i++)
      derivatives[i] = steps.isHidden(i, call)
        ? steps.throughHidden(derivatives[i])
        : steps.through(derivatives[i], i, call);
    return derivatives;
  }

  /** An answer for each logit. */
  const forEach =
    (operation: 'softmax' | 'logSoftmax'): CompleteKernel['softmax'] =>
    (logits, rows, cols, options) => {
      if (options === undefined) return plain[operation](logits, rows, cols);
      const z = scores(logits, rows, options);
      return columns(plain[operation](z, rows, z.length / rows, options), rows, cols);
    };

  /** A product with upstream values. */
  const product =
    (operation: 'softmaxGrad' | 'logSoftmaxGrad'): CompleteKernel['softmaxGrad'] =>
    (upstream, logits, rows, cols, options) => {
      if (options === undefined) return plain[operation](upstream, logits, rows, cols);
      const z = scores(logits, rows, options);
      const width = z.length / rows;
      const derivatives = columns(
        plain[operation](columns(upstream, rows, width), z, rows, width, options),
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
      const width = z.length / rows;
      const lses = plain.logSumExp(z, rows, width, options);
      // A hypothesis has what a row is reduced to in the place of its lse.
      if (options.weights === undefined || lses.length !== rows) return lses;
      const call: ScoreCall = { logits, rows, cols, options };
      const p = plain.softmax(z, rows, width, options);
      return lses.map((lse, r) => {
        let sum = width > cols ? p[r * width + cols] : 0; // A sink has a weight of 1.
        for (let i = 0; i < cols; i++)
          sum = add(sum, mul(steps.weight(r * cols + i, call), p[r * width + i]));
        return add(lse, log(sum));
      });
    },
    crossEntropy: ((logits, given, rows, cols, stated) => {
      const { targets, options = ofNone } = withProbabilities(given, rows, stated);
      if (options === undefined) return plain.crossEntropy(logits, targets, rows, cols);
      const z = scores(logits, rows, options);
      const width = z.length / rows;
      if (isPlain(options)) return plain.crossEntropy(z, targets, rows, width, options);
      return losses.loss({ z, width, rows, cols }, targets, options);
    }) as CompleteKernel['crossEntropy'],
    crossEntropyGrad(logits, given, rows, cols, stated) {
      const { targets, options = ofNone } = withProbabilities(given, rows, stated);
      if (options === undefined) return plain.crossEntropyGrad(logits, targets, rows, cols);
      const z = scores(logits, rows, options);
      const width = z.length / rows;
      const derivatives = isPlain(options)
        ? plain.crossEntropyGrad(z, targets, rows, width, options)
        : losses.gradient({ z, width, rows, cols }, targets, options);
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
function hasLossOptions(options: Options): boolean {
  return lossNames.some((name) => options[name] !== undefined);
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
