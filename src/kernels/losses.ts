/**
 * The losses of rows and their gradients, with options, made of a kernel that has none:
 *
 *     q_j = v ((1 - e) w_t [j = t] + e / C w_j)        loss = sum_j q_j l_j + v zLoss lse^2,  l_j = -ln p_j
 *
 * the sum of the rows over the sum of their weights, or over their number. The gradient is the product of -q_j g with the Jacobian of ln p, and of 2 v zLoss lse g
 * with that of lse, which is p; g is what is upstream, over what the mean divides by.
 *
 * Error: each product rounds once, C - 1 additions a row, N - 1 a batch.
 */
import type { CompleteKernel } from '../core/kernel.ts';
import type { Options } from '../core/options.ts';
import type { Arithmetic } from './arithmetic.ts';
import type { Changes } from './changes.ts';

/** Of rows of scores, which may be wider than there are classes. */
export interface Scores {
  readonly z: Float32Array;
  readonly width: number;
  readonly rows: number;
  readonly cols: number;
}

/** A call of a loss, or of its gradient. */
export interface LossCall extends Scores {
  /** Class indices; 0 where there are probabilities. */
  readonly targets: Int32Array;
  readonly options: Options;
}

/** The steps of a loss and of its gradient, each of which a faulty kernel may replace. `r` is a row. */
export interface LossSteps {
  readonly isIgnored: (r: number, call: LossCall) => boolean;
  /** t_j. */
  readonly labels: (r: number, call: LossCall) => Float32Array;
  /** (1 - e) t_j + e / C. */
  readonly smoothed: (labels: Float32Array, r: number, call: LossCall) => Float32Array;
  /** w_j. */
  readonly weight: (j: number, r: number, call: LossCall) => number;
  /** v of a row. */
  readonly rowWeight: (r: number, call: LossCall) => number;
  /** q_j of a row that counts. */
  readonly coefficients: (r: number, call: LossCall) => Float32Array;
  /** sum_j q_j l_j over all classes, of -ln p of all rows. */
  readonly lossOfAll: (q: Float32Array, logs: Float32Array, r: number, call: LossCall) => number;
  /** q_j of one that is ignored; null where it has no loss. */
  readonly coefficientsOfIgnored: (r: number, call: LossCall) => Float32Array | null;
  /** The derivative of an ignored row, of p and of what is upstream over what the mean divides by; null where that is the one by its q_j. */
  readonly derivativeOfIgnored: ((p: number, share: number) => number) | null;
  /** lse, of which zLoss has the square. */
  readonly lse: (lse: number, r: number, call: LossCall) => number;
  readonly square: (lse: number, r: number, call: LossCall) => number;
  /** Its derivative by lse. */
  readonly ofSquare: (lse: number, call: LossCall) => number;
  /** Whether a row has a part of zLoss. */
  readonly hasSquare: (r: number, call: LossCall) => boolean;
  /** The derivative of lse by the score of class j, of which p is the probability. */
  readonly ofLse: (p: number, j: number, r: number, call: LossCall) => number;
  /** What the mean divides by, and the mean of zLoss. */
  readonly divisor: (call: LossCall) => number;
  readonly count: (call: LossCall) => number;
  readonly sum: (values: Float32Array) => number;
  /** The losses of rows as they are answered, where they are. */
  readonly unreduced: (losses: Float32Array, call: LossCall) => Float32Array;
  readonly upstream: (r: number, call: LossCall) => number;
  /** What is upstream of the part of zLoss. */
  readonly upstreamOfSquare: (r: number, call: LossCall) => number;
  /** By what p is multiplied in the gradient of a row, for the sum of its q_j; null is that sum. */
  readonly total: ((r: number, call: LossCall) => number) | null;
}

/** Whether a mean is asked for. */
export function isMean({ reduction = 'mean' }: Options): boolean {
  return reduction === 'mean';
}

/** The steps by `arithmetic`, but for `changes`. */
function lossSteps({ add, mul, div, sub }: Arithmetic, changes?: Changes<LossSteps>): LossSteps {
  const stepsBut = (changed: Partial<LossSteps>): LossSteps => {
    const steps: LossSteps = {
      isIgnored: (r, { targets, options: { ignoreIndex, probabilities } }) =>
        probabilities === undefined && targets[r] === ignoreIndex,
      labels(r, { targets, cols, options: { probabilities } }) {
        if (probabilities !== undefined) return probabilities.slice(r * cols, (r + 1) * cols);
        const labels = new Float32Array(cols);
        labels[classOf(targets[r], cols)] = 1;
        return labels;
      },
      smoothed(labels, _r, { cols, options: { labelSmoothing: e = 0 } }) {
        if (e === 0) return labels;
        const share = div(e, cols);
        return labels.map((each) => add(mul(each, sub(1, e)), share));
      },
      weight: (j, _r, { options: { classWeights } }) => classWeights?.[j] ?? 1,
      rowWeight: (r, { options: { rowWeights } }) => rowWeights?.[r] ?? 1,
      coefficients(r, call) {
        const { classWeights, rowWeights } = call.options;
        const q = steps.smoothed(steps.labels(r, call), r, call);
        const ofClasses =
          classWeights === undefined ? q : q.map((each, j) => mul(each, steps.weight(j, r, call)));
        if (rowWeights === undefined) return ofClasses;
        const own = steps.rowWeight(r, call);
        return ofClasses.map((each) => mul(each, own));
      },
      lossOfAll: (q, logs, r, { width }) =>
        q.reduce((sum, each, j) => add(sum, mul(each, logs[r * width + j])), 0),
      coefficientsOfIgnored: () => null,
      derivativeOfIgnored: null,
      lse: (lse) => lse,
      square: (lse, _r, { options: { zLoss = 0 } }) => mul(zLoss, mul(lse, lse)),
      ofSquare: (lse, { options: { zLoss = 0 } }) => mul(mul(2, zLoss), lse),
      hasSquare: (r, call) => !steps.isIgnored(r, call),
      ofLse: (p) => p,
      divisor(call) {
        const { targets, options } = call;
        if (!isMean(options)) return 1;
        const { classWeights, rowWeights, probabilities } = options;
        const isWeighted = classWeights !== undefined && probabilities === undefined;
        if (probabilities !== undefined && rowWeights === undefined) return targets.length;
        let sum = 0;
        for (const [r, target] of targets.entries()) {
          if (steps.isIgnored(r, call)) continue;
          const weight = isWeighted ? steps.weight(target, r, call) : 1;
          sum = add(sum, rowWeights === undefined ? weight : mul(weight, steps.rowWeight(r, call)));
        }
        return sum;
      },
      count(call) {
        const { targets, options } = call;
        if (!isMean(options)) return 1;
        const counted = [...targets.keys()].filter((r) => !steps.isIgnored(r, call));
        if (options.rowWeights === undefined) return counted.length;
        return counted.reduce((sum, r) => add(sum, steps.rowWeight(r, call)), 0);
      },
      sum: (values) => values.reduce(add),
      unreduced: (losses) => losses,
      upstream: (r, { options: { upstream = 1 } }) => (typeof upstream === 'number' ? upstream : upstream[r]),
      upstreamOfSquare: (r, call) => steps.upstream(r, call),
      total: null,
      ...changed,
    };
    return steps;
  };
  const right = stepsBut({});
  return changes === undefined ? right : stepsBut(changes(right));
}

/** A target, and of one that is no class the nearest: only a kernel that does not leave ignored rows out looks there. */
function classOf(target: number, cols: number): number {
  return Math.max(0, Math.min(target, cols - 1));
}

/** Losses of scores and their gradients by them, of the arithmetic, but for `changes`. */
export function createLosses(arithmetic: Arithmetic, plain: CompleteKernel, changes?: Changes<LossSteps>) {
  const { add, mul, div, neg } = arithmetic;
  const steps = lossSteps(arithmetic, changes);

  const coefficientsOf = (r: number, call: LossCall): Float32Array | null =>
    steps.isIgnored(r, call) ? steps.coefficientsOfIgnored(r, call) : steps.coefficients(r, call);

  const weighted = (value: number, r: number, call: LossCall): number =>
    call.options.rowWeights === undefined ? value : mul(value, steps.rowWeight(r, call));

  /** The loss of the rows, as its reduction has it. */
  function loss(scores: Scores, targets: Int32Array, options: Options): number | Float32Array {
    const { z, width, rows } = scores;
    const call: LossCall = { ...scores, targets, options };
    const { zLoss = 0, reduction, labelSmoothing: e = 0, probabilities } = options;
    const logs = plain.logSoftmax(z, rows, width, options).map(neg);
    const lses = zLoss === 0 ? null : plain.logSumExp(z, rows, width, options);
    const losses = new Float32Array(rows);
    const squares = new Float32Array(rows);
    const isDense = probabilities !== undefined || e !== 0;
    for (let r = 0; r < rows; r++) {
      const q = coefficientsOf(r, call);
      const target = classOf(targets[r], scores.cols);
      if (q !== null && !isDense) losses[r] = mul(q[target], logs[r * width + target]);
      else if (q !== null) losses[r] = steps.lossOfAll(q, logs, r, call);
      if (lses !== null && steps.hasSquare(r, call))
        squares[r] = weighted(steps.square(steps.lse(lses[r], r, call), r, call), r, call);
    }
    if (reduction === 'none')
      return steps.unreduced(lses === null ? losses : losses.map((each, r) => add(each, squares[r])), call);
    const total = div(steps.sum(losses), steps.divisor(call));
    return lses === null ? total : add(total, div(steps.sum(squares), steps.count(call)));
  }

  /** The derivatives of the loss by the scores. */
  function gradient(scores: Scores, targets: Int32Array, options: Options): Float32Array {
    const { z, width, rows, cols } = scores;
    const call: LossCall = { ...scores, targets, options };
    const { zLoss = 0 } = options;
    const divisor = steps.divisor(call);
    const ofLogs = new Float32Array(rows * width);
    const isCounted = new Uint8Array(rows);
    for (let r = 0; r < rows; r++) {
      const q = coefficientsOf(r, call);
      if (q === null) continue;
      isCounted[r] = 1;
      const share = div(steps.upstream(r, call), divisor);
      for (let j = 0; j < cols; j++) ofLogs[r * width + j] = neg(mul(q[j], share));
    }
    const derivatives = plain.logSoftmaxGrad(ofLogs, z, rows, width, options);
    const { derivativeOfIgnored } = steps;
    const needsSoftmax = zLoss !== 0 || steps.total !== null || derivativeOfIgnored !== null;
    const probabilities = needsSoftmax ? plain.softmax(z, rows, width, options) : null;
    const lses = zLoss === 0 ? null : plain.logSumExp(z, rows, width, options);
    const count = steps.count(call);
    for (let r = 0; r < rows; r++) {
      const from = r * width;
      const share = div(steps.upstream(r, call), divisor);
      if (isCounted[r] === 0) derivatives.fill(0, from, from + width);
      if (probabilities === null) continue;
      if (derivativeOfIgnored !== null && steps.isIgnored(r, call)) {
        for (let j = from; j < from + width; j++)
          derivatives[j] = derivativeOfIgnored(probabilities[j], share);
      } else if (steps.total !== null && isCounted[r] === 1) {
        const of = mul(steps.total(r, call), share);
        for (let j = from; j < from + width; j++) derivatives[j] = add(mul(of, probabilities[j]), ofLogs[j]);
      }
      if (lses === null || !steps.hasSquare(r, call)) continue;
      const ofSquare = weighted(steps.ofSquare(steps.lse(lses[r], r, call), call), r, call);
      const ofLse = mul(ofSquare, div(steps.upstreamOfSquare(r, call), count));
      for (let j = 0; j < width; j++)
        derivatives[from + j] = add(
          derivatives[from + j],
          mul(ofLse, steps.ofLse(probabilities[from + j], j, r, call)),
        );
    }
    return derivatives;
  }

  return { loss, gradient };
}
