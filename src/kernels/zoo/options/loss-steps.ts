/**
 * A correct loss with options, and its gradient, in steps, each of which a mutant may replace: of scores z as steps.ts has them
 *
 *     q_j = v w_j ((1 - e) t_j + e / C)    loss of a row = sum_j q_j l_j + v zLoss lse^2,  l_j = -ln p_j
 *     its gradient = U / W (Q p_j - q_j) + 2 v zLoss U / V lse p_j,  Q = sum_j q_j
 *
 * t_j is 1 at the target and 0 elsewhere, or a probability; W and V are what the mean divides by. Where the target alone counts, nothing else is
 * multiplied. All in FP32, an operation each; sums of rows in FP64.
 */
import type { CompleteKernel, Kernel } from '../../../core/kernel.ts';
import type { Options } from '../../../core/options.ts';
import { f32, sumOf } from '../parts.ts';
import { type OptionRow, type OptionSteps, right as rightScores } from './steps.ts';

/** All rows of a call. */
export interface LossCall {
  readonly rows: number;
  readonly cols: number;
  /** Class indices; 0 where there are probabilities. */
  readonly targets: Int32Array;
  readonly options: Options;
}

/** One of them, with its scores, their maximum and the sum of e^(z_j - max), the sink's too. */
export interface LossRow extends OptionRow {
  readonly z: Float32Array;
  readonly max: number;
  readonly sum: number;
  readonly target: number;
  readonly call: LossCall;
}

/** The steps of a loss and of its gradient. Numbers are FP32 values. */
export interface LossSteps {
  readonly isIgnored: (target: number, call: LossCall) => boolean;
  /** w_j. */
  readonly weight: (row: LossRow, j: number) => number;
  /** v of row r. */
  readonly rowWeight: (r: number, options: Options) => number;
  /** t_j. */
  readonly label: (row: LossRow, j: number) => number;
  /** 1 - e, of the label. */
  readonly kept: (row: LossRow) => number;
  /** e / C. */
  readonly spread: (row: LossRow, j: number) => number;
  /** q_j. */
  readonly coefficient: (row: LossRow, j: number, steps: LossSteps) => number;
  /** Q. */
  readonly total: (q: Float32Array, row: LossRow) => number;
  /** The sum of a row's products. */
  readonly sum: (values: Float32Array) => number;
  readonly logProbability: (row: LossRow, j: number) => number;
  readonly probability: (row: LossRow, j: number) => number;
  readonly lse: (row: LossRow) => number;
  /** A row's loss without zLoss. */
  readonly loss: (row: LossRow, q: Float32Array, steps: LossSteps) => number;
  /** zLoss lse^2. */
  readonly square: (row: LossRow, steps: LossSteps) => number;
  /** What an ignored row has of both. */
  readonly lossOfIgnored: (row: LossRow, steps: LossSteps) => number;
  readonly squareOfIgnored: (row: LossRow, steps: LossSteps) => number;
  /** W and V. */
  readonly divisor: (call: LossCall, steps: LossSteps) => number;
  readonly zDivisor: (call: LossCall, steps: LossSteps) => number;
  /** The sum of rows. */
  readonly sumOfRows: (values: Float32Array) => number;
  readonly reduced: (
    losses: Float32Array,
    squares: Float32Array,
    call: LossCall,
    steps: LossSteps,
  ) => number | Float32Array;
  /** U. */
  readonly upstream: (row: LossRow) => number;
  /** The derivative by z_j, without zLoss and with it. */
  readonly derivative: (row: LossRow, j: number, q: Float32Array, steps: LossSteps) => number;
  readonly ofSquare: (row: LossRow, j: number, steps: LossSteps) => number;
  /** Of an ignored row. */
  readonly derivativeOfIgnored: (row: LossRow, j: number, steps: LossSteps) => number;
}

/** Whether every class counts, and not the target alone. */
export function isDense({ probabilities, labelSmoothing = 0 }: Options): boolean {
  return probabilities !== undefined || labelSmoothing !== 0;
}

/** The targets of rows that count. */
export function validOf(call: LossCall, { isIgnored }: Pick<LossSteps, 'isIgnored'>): Int32Array {
  return call.targets.filter((target) => !isIgnored(target, call));
}

/** The rows that count. */
function validRowsOf(call: LossCall, { isIgnored }: Pick<LossSteps, 'isIgnored'>): number[] {
  return [...call.targets.keys()].filter((r) => !isIgnored(call.targets[r], call));
}

/** q of a row. */
export function coefficientsOf(row: LossRow, steps: LossSteps): Float32Array {
  return row.x.map((_, j) => steps.coefficient(row, j, steps));
}

/** Every step right, with PyTorch's semantics. */
export const right: LossSteps = {
  isIgnored: (target, { options: { ignoreIndex, probabilities } }) =>
    probabilities === undefined && target === ignoreIndex,
  weight: ({ options }, j) => options.classWeights?.[j] ?? 1,
  rowWeight: (r, { rowWeights }) => rowWeights?.[r] ?? 1,
  label({ r, x, target, options: { probabilities } }, j) {
    return probabilities === undefined ? Number(j === target) : probabilities[r * x.length + j];
  },
  kept: ({ options: { labelSmoothing: e = 0 } }) => f32(1 - e),
  spread: ({ x, options: { labelSmoothing: e = 0 } }) => f32(e / x.length),
  coefficient(row, j, { weight, rowWeight, label, kept, spread }) {
    const ofClass = f32(weight(row, j) * f32(f32(kept(row) * label(row, j)) + spread(row, j)));
    return f32(rowWeight(row.r, row.options) * ofClass);
  },
  total: (q) => sumOf(q),
  sum: sumOf,
  logProbability: ({ z, max, sum }, j) => f32(f32(z[j] - max) - f32(Math.log(sum))),
  probability: ({ z, max, sum }, j) => f32(f32(Math.exp(f32(z[j] - max))) / sum),
  // NaN of a row without a finite maximum, whose sum is.
  lse: ({ max, sum }) => f32(max + f32(Math.log(sum))),
  loss(row, q, { logProbability, sum }) {
    const { target } = row;
    if (!isDense(row.options)) return f32(q[target] * -logProbability(row, target));
    return sum(q.map((each, j) => each * -logProbability(row, j)));
  },
  square(row, { lse, rowWeight }) {
    const { zLoss = 0 } = row.options;
    const square = zLoss === 0 ? 0 : f32(zLoss * f32(lse(row) * lse(row)));
    return f32(rowWeight(row.r, row.options) * square);
  },
  lossOfIgnored: () => 0,
  squareOfIgnored: () => 0,
  divisor(call, steps) {
    const { reduction = 'mean', probabilities, classWeights } = call.options;
    if (reduction !== 'mean') return 1;
    const weights = Float32Array.from(validRowsOf(call, steps), (r) => {
      const ofClass = probabilities === undefined ? (classWeights?.[call.targets[r]] ?? 1) : 1;
      return ofClass * steps.rowWeight(r, call.options);
    });
    return f32(steps.sumOfRows(weights));
  },
  zDivisor(call, steps) {
    if ((call.options.reduction ?? 'mean') !== 'mean') return 1;
    const weights = Float32Array.from(validRowsOf(call, steps), (r) => steps.rowWeight(r, call.options));
    return f32(steps.sumOfRows(weights));
  },
  // In FP64: in FP32 the sum may overflow where the mean does not.
  sumOfRows: (values) => values.reduce((sum, value) => sum + value, 0),
  reduced(losses, squares, call, steps) {
    const { reduction, zLoss = 0 } = call.options;
    if (reduction === 'none') return losses.map((loss, r) => loss + squares[r]);
    const loss = f32(steps.sumOfRows(losses) / steps.divisor(call, steps));
    return zLoss === 0 ? loss : f32(loss + f32(steps.sumOfRows(squares) / steps.zDivisor(call, steps)));
  },
  upstream: ({ r, options: { upstream = 1 } }) => (typeof upstream === 'number' ? upstream : upstream[r]),
  derivative(row, j, q, steps) {
    const share = f32(steps.upstream(row) / steps.divisor(row.call, steps));
    return f32(f32(f32(steps.total(q, row) * steps.probability(row, j)) - q[j]) * share);
  },
  ofSquare(row, j, steps) {
    const { zLoss = 0 } = row.options;
    if (zLoss === 0) return 0;
    const share = f32(steps.upstream(row) / steps.zDivisor(row.call, steps));
    const ofRow = f32(f32(2 * zLoss) * steps.rowWeight(row.r, row.options));
    return f32(f32(ofRow * f32(steps.lse(row) * steps.probability(row, j))) * share);
  },
  derivativeOfIgnored: () => 0,
};

/** The loss and the gradient whose steps are right but for `changes`. */
export function lossesWithOptions(
  changes: Partial<LossSteps> = {},
  ofScores: Partial<OptionSteps> = {},
): Pick<CompleteKernel, 'crossEntropy' | 'crossEntropyGrad'> {
  const scores: OptionSteps = { ...rightScores, ...ofScores };

  function rowsOf(logits: Float32Array, call: LossCall): LossRow[] {
    const { rows, cols, targets, options } = call;
    return Array.from({ length: rows }, (_, r) => {
      const row = { x: logits.subarray(r * cols, (r + 1) * cols), r, rows, options };
      const z = scores.scores(row, scores);
      const sink = scores.sink(row);
      const max = scores.max(z, sink, row);
      const weights = scores.weights(z, max, row, scores);
      const sinkWeight = sink === Number.NEGATIVE_INFINITY ? 0 : scores.sinkWeight(sink, max);
      const sum = scores.sum(weights, sinkWeight, row, scores);
      return { ...row, z, max, sum, target: targets[r], call };
    });
  }

  return {
    crossEntropy: ((logits, targets, rows, cols, options) => {
      const call = callOf(targets, rows, cols, options);
      const steps = ofOneCall({ ...right, ...changes });
      const losses = new Float32Array(rows);
      const squares = new Float32Array(rows);
      for (const row of rowsOf(logits, call)) {
        const ignored = steps.isIgnored(row.target, call);
        losses[row.r] = ignored
          ? steps.lossOfIgnored(row, steps)
          : steps.loss(row, coefficientsOf(row, steps), steps);
        squares[row.r] = ignored ? steps.squareOfIgnored(row, steps) : steps.square(row, steps);
      }
      return steps.reduced(losses, squares, call, steps);
    }) as CompleteKernel['crossEntropy'],
    crossEntropyGrad(logits, targets, rows, cols, options) {
      const call = callOf(targets, rows, cols, options);
      const steps = ofOneCall({ ...right, ...changes });
      const answer = new Float32Array(rows * cols);
      for (const row of rowsOf(logits, call)) {
        const ignored = steps.isIgnored(row.target, call);
        const q = ignored ? new Float32Array(cols) : coefficientsOf(row, steps);
        for (let j = 0; j < cols; j++) {
          if (scores.mask(row, j) === 0) continue;
          const byScore = ignored
            ? steps.derivativeOfIgnored(row, j, steps)
            : f32(steps.derivative(row, j, q, steps) + steps.ofSquare(row, j, steps));
          answer[row.r * cols + j] = ignored ? byScore : f32(byScore * scores.slope(row, j, scores));
        }
      }
      return answer;
    },
  };
}

/** One of the two, alone. */
export function onlyLoss(
  operation: 'crossEntropy' | 'crossEntropyGrad',
  changes: Partial<LossSteps>,
): Kernel {
  return { [operation]: lossesWithOptions(changes)[operation] };
}

/** Probabilities stand in the targets' place. */
function callOf(
  targets: Int32Array | Float32Array,
  rows: number,
  cols: number,
  options: Options = {},
): LossCall {
  return targets instanceof Float32Array
    ? { rows, cols, targets: new Int32Array(rows), options: { ...options, probabilities: targets } }
    : { rows, cols, targets, options };
}

/** The steps, of which those that all rows have in common, or all classes of a row, are taken once. */
function ofOneCall(steps: LossSteps): LossSteps {
  const divisors = new WeakMap<LossCall, number>();
  const zDivisors = new WeakMap<LossCall, number>();
  const totals = new WeakMap<Float32Array, number>();
  return {
    ...steps,
    divisor: (call) => once(divisors, call, () => steps.divisor(call, steps)),
    zDivisor: (call) => once(zDivisors, call, () => steps.zDivisor(call, steps)),
    total: (q, row) => once(totals, q, () => steps.total(q, row)),
  };
}

function once<K extends object>(known: WeakMap<K, number>, key: K, compute: () => number): number {
  let value = known.get(key);
  if (value === undefined) {
    value = compute();
    known.set(key, value);
  }
  return value;
}
