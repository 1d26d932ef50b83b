/** Correct ways to compute a loss with options, and its gradient. */
import type { CompleteKernel } from '../../../core/kernel.ts';
import type { LossName, OptionName, Options } from '../../../core/options.ts';
import type { Declaration } from '../../../core/target.ts';
import {
  isDense,
  type LossRow,
  type LossSteps,
  lossesWithOptions,
  right,
  validOf,
} from '../options/loss-steps.ts';
import type { OptionSteps } from '../options/steps.ts';
import { exp32, f32, sumOf } from '../parts.ts';
import { blockSum, kahanSum, laneSum, pairwiseSum } from '../sums.ts';
import type { Design } from './design.ts';

const ofLoss: readonly LossName[] = [
  'reduction',
  'ignoreIndex',
  'classWeights',
  'rowWeights',
  'labelSmoothing',
  'zLoss',
  'probabilities',
];
const ofScores: readonly OptionName[] = ['scale', 'softcap', 'bias', 'mask', 'sink'];

/**
 * What is worth a warning of sums in FP32 (docs/verdicts.md): losses near the largest number, of many classes or of large weights, are infinite before they are
 * multiplied by what makes them finite, and NaN where that is 0.
 */
const overflowing = ['crossEntropy/infinite/*/warning', 'crossEntropy/nan/*/warning'];

/** A declaration of a loss that takes these options, and of its gradient. */
function taking(profile: string, names: readonly OptionName[]): Declaration {
  const options = { crossEntropy: names, crossEntropyGrad: [...names, 'upstream' as const] };
  return { profile, options, known: overflowing };
}

const without = (...left: LossName[]): LossName[] => ofLoss.filter((name) => !left.includes(name));

/** The sum in lanes, the sink last. */
const inLanes: Partial<OptionSteps> = {
  sum: (weights, sinkWeight) => f32(laneSum(8)(weights) + sinkWeight),
};

/** A sum in FP32; where that overflows or is NaN, in FP64: it may be finite over what a mean divides by. */
const unlessInfinite =
  (sum: (values: Float32Array) => number): LossSteps['sumOfRows'] =>
  (values) => {
    const added = sum(values);
    return Number.isFinite(added) ? added : right.sumOfRows(values);
  };

/** e / C and 1 - e. */
function partsOf({ x, options: { labelSmoothing: e = 0 } }: LossRow) {
  return { kept: f32(1 - e), spread: f32(e / x.length) };
}

/** 2 zLoss lse, in FP32. */
function slopeOfSquare(row: LossRow, { lse }: LossSteps): number {
  const { zLoss = 0 } = row.options;
  return zLoss === 0 ? 0 : f32(f32(2 * zLoss) * lse(row));
}

/** Log-softmax, nll_loss of it, and where something is smoothed a weighted sum; backward from the stored log-softmax. */
const twoSteps: Partial<LossSteps> = {
  loss(row, _q, { weight, rowWeight, label, logProbability, sum }) {
    const { target } = row;
    const weighted = (loss: number): number => f32(rowWeight(row.r, row.options) * loss);
    const logs = row.x.map((_, j) => logProbability(row, j));
    const { kept, spread } = partsOf(row);
    if (row.options.probabilities !== undefined) {
      const labels = logs.map((_, j) => f32(f32(label(row, j) * kept) + spread));
      return weighted(-sum(logs.map((log, j) => f32(log * f32(labels[j] * weight(row, j))))));
    }
    const own = f32(-weight(row, target) * logs[target]);
    if (spread === 0) return weighted(own);
    const smooth = -sum(logs.map((log, j) => f32(log * f32(weight(row, j) * spread))));
    return weighted(f32(f32(kept * own) + smooth));
  },
  derivative(row, j, q, steps) {
    const share = f32(steps.upstream(row) / steps.divisor(row.call, steps));
    const ofLog = (k: number): number => -f32(q[k] * share);
    const total = f32(-steps.total(q, row) * share);
    const p = exp32(steps.logProbability(row, j));
    return f32(ofLog(j) - f32(p * total));
  },
};

/** lse - z_t, and e / C sum w (lse - z) with lse times the weights' sum; each divided before the rows are added. */
const byLse: Partial<LossSteps> = {
  loss(row, q, steps) {
    const { weight, lse, sum } = steps;
    const { target, z } = row;
    const { kept, spread } = partsOf(row);
    const own = f32(weight(row, target) * f32(lse(row) - z[target]));
    if (spread === 0) return own;
    const ofLogits = sum(z.map((each, j) => f32(f32(-spread * each) * weight(row, j))));
    const ofWeights = f32(spread * sum(z.map((_, j) => weight(row, j))));
    const smooth = f32(ofLogits + f32(ofWeights * lse(row)));
    // Where a part of it overflows: of each class by itself.
    return Number.isNaN(smooth) ? right.loss(row, q, steps) : f32(f32(kept * own) + smooth);
  },
  reduced(losses, squares, call, steps) {
    const { reduction, zLoss = 0 } = call.options;
    if (reduction === 'none') return right.reduced(losses, squares, call, steps);
    const divisor = steps.divisor(call, steps);
    if (divisor === 0) return 0;
    const zDivisor = steps.zDivisor(call, steps);
    const shares = losses.map((loss, r) => {
      const square = zLoss === 0 ? 0 : f32(squares[r] / zDivisor);
      return f32(f32(loss / divisor) + square);
    });
    return steps.sumOfRows(shares);
  },
};

/** As Liger has it: what is smoothed and what is not by themselves, divided, then multiplied by what is upstream. */
const ligerGradient: Partial<LossSteps> = {
  derivative(row, j, _q, steps) {
    const { target } = row;
    const { kept, spread } = partsOf(row);
    const divisor = steps.divisor(row.call, steps);
    const p = steps.probability(row, j);
    // NaN is no less.
    if (divisor === 0) return 0 * p;
    const own = f32(kept * steps.weight(row, target));
    let derivative = f32(f32(own * p) - (j === target ? own : 0));
    if (spread !== 0) {
      const weights = steps.sum(row.x.map((_, k) => steps.weight(row, k)));
      derivative = f32(derivative + f32(spread * f32(f32(p * weights) - steps.weight(row, j))));
    }
    return f32(f32(derivative / divisor) * steps.upstream(row));
  },
  ofSquare: (row, j, steps) => (steps.divisor(row.call, steps) === 0 ? 0 : right.ofSquare(row, j, steps)),
};

/** lse - e mean(z) - (1 - e) z_t, and e^(z - lse) backward, times 1 + 2 zLoss lse before anything is subtracted. */
const flashAttention: Partial<LossSteps> = {
  loss(row, _q, { lse, sum }) {
    const { target, z } = row;
    const { kept, spread } = partsOf(row);
    if (spread === 0) return f32(lse(row) - z[target]);
    const ofLogits = sum(z.map((each) => spread * each));
    return f32(f32(lse(row) - ofLogits) - f32(kept * z[target]));
  },
  probability: (row, j) => {
    const lse = right.lse(row);
    return exp32(f32(row.z[j] - lse));
  },
  derivative(row, j, _q, steps) {
    const { kept, spread } = partsOf(row);
    const p = steps.probability(row, j);
    const scaled = f32(p * f32(1 + slopeOfSquare(row, steps)));
    const label = f32((j === row.target ? kept : 0) + spread);
    const share = f32(steps.upstream(row) / steps.divisor(row.call, steps));
    return f32(f32(scaled - label) * share);
  },
  ofSquare: () => 0,
};

/** The gradient at the target as minus the sum of what the others have. */
const minusTheOthers: Partial<LossSteps> = {
  derivative(row, j, q, steps) {
    if (isDense(row.options) || j !== row.target) return right.derivative(row, j, q, steps);
    const others = row.x.map((_, k) => (k === j ? 0 : steps.probability(row, k)));
    const share = f32(steps.upstream(row) / steps.divisor(row.call, steps));
    // 0 p, as NaN is no less at the target of a row of one class.
    return f32(f32(f32(0 * steps.probability(row, j) - steps.sum(others)) * q[j]) * share);
  },
};

/** The weight of the target, of every class. */
const weightOfTarget: Partial<LossSteps> = {
  weight: (row, j) => right.weight(row, row.options.probabilities === undefined ? row.target : j),
};

const isMean = ({ reduction = 'mean' }: Options): boolean => reduction === 'mean';

const numberOfValid: LossSteps['divisor'] = (call, steps) =>
  isMean(call.options) ? validOf(call, steps).length : 1;

export const lossDesigns: readonly Design[] = [
  {
    name: 'losses-in-turn',
    about: 'each step an operation of its own: the kernel that the mutants are made of',
    declaration: taking('sequential', [...ofScores, ...ofLoss]),
    kernel: lossesWithOptions(),
  },
  {
    name: 'losses-in-lanes',
    about: 'the same, with classes and rows added in 8 lanes, all in FP32',
    declaration: taking('default', [...ofScores, ...ofLoss]),
    kernel: lossesWithOptions(
      { sum: laneSum(8), total: laneSum(8), sumOfRows: unlessInfinite(laneSum(8)) },
      inLanes,
    ),
  },
  {
    name: 'losses-in-two-steps',
    about: 'log-softmax, then nll_loss of it, the gradient from the stored log-softmax: PyTorch',
    declaration: taking('default', [...ofScores, ...ofLoss]),
    kernel: lossesWithOptions({ ...twoSteps, sum: laneSum(8), total: laneSum(8) }, inLanes),
  },
  {
    name: 'losses-by-lse',
    about:
      'lse - z_t, each row divided before all are added, the gradient divided, then times upstream: Liger',
    declaration: {
      ...taking('lse', [...ofScores, ...without('probabilities', 'rowWeights')]),
      semantics: 'liger',
    },
    kernel: lossesWithOptions({ ...byLse, ...ligerGradient, sumOfRows: unlessInfinite(sumOf) }),
  },
  {
    name: 'losses-by-lse-backward-too',
    about: 'lse - e mean(z) - (1 - e) z_t, and e^(z - lse) in the gradient: flash-attention, unsloth',
    declaration: taking('lse', [...ofScores, ...without('probabilities', 'classWeights', 'rowWeights')]),
    kernel: lossesWithOptions(flashAttention),
  },
  {
    name: 'losses-of-labels',
    about: 'labels are smoothed, and all classes multiplied whose label is not 0: optax',
    declaration: {
      ...taking('sequential', ofLoss),
      semantics: { divisor: 'rows', smoothedWeight: 'target', zeroTimesInfinity: 'zero' },
    },
    kernel: lossesWithOptions({
      ...weightOfTarget,
      loss: (row, q, { logProbability, sum }) =>
        sum(q.map((each, j) => (each === 0 ? 0 : each * -logProbability(row, j)))),
      square: (row, steps) => (steps.rowWeight(row.r, row.options) === 0 ? 0 : right.square(row, steps)),
      ofSquare: (row, j, steps) =>
        steps.rowWeight(row.r, row.options) === 0 ? 0 : right.ofSquare(row, j, steps),
      divisor: ({ rows, options }) => (isMean(options) ? rows : 1),
      zDivisor: ({ rows, options }) => (isMean(options) ? rows : 1),
    }),
  },
  {
    name: 'losses-over-valid-rows',
    about: 'weights of samples, a mean over the rows that count, 0 of none: Keras',
    declaration: { ...taking('sequential', ofLoss), semantics: 'keras' },
    kernel: lossesWithOptions({
      ...weightOfTarget,
      divisor: numberOfValid,
      zDivisor: numberOfValid,
      reduced: (losses, squares, call, steps) =>
        numberOfValid(call, steps) === 0 ? 0 : right.reduced(losses, squares, call, steps),
    }),
  },
  {
    name: 'losses-over-weighted-rows',
    about: 'logits - lse, and a mean over the rows whose weight is not 0: TensorFlow.js',
    declaration: { ...taking('lse', without('zLoss')), semantics: 'tfjs' },
    kernel: lossesWithOptions({
      ...weightOfTarget,
      logProbability: (row, j) => f32(row.z[j] - right.lse(row)),
      divisor(call, steps) {
        const { options, rows } = call;
        if (!isMean(options)) return 1;
        if (options.probabilities !== undefined) return rows;
        const weightOf = (target: number, r: number): number =>
          (options.classWeights?.[target] ?? 1) * right.rowWeight(r, options);
        return call.targets.filter((target, r) => !steps.isIgnored(target, call) && weightOf(target, r) !== 0)
          .length;
      },
    }),
  },
  {
    name: 'losses-smoothed-over-the-others',
    about: 'e / (C - 1) for all classes but the target: Megatron',
    declaration: { ...taking('sequential', without('probabilities')), semantics: 'megatron' },
    kernel: lossesWithOptions({
      spread({ x, target, options: { labelSmoothing: e = 0 } }, j) {
        if (x.length === 1) return e;
        return j === target ? 0 : f32(e / (x.length - 1));
      },
    }),
  },
  {
    name: 'losses-added-pairwise',
    about: 'classes and rows added pairwise in FP32',
    declaration: taking('default', ofLoss),
    kernel: lossesWithOptions(
      { sum: pairwiseSum, total: pairwiseSum, sumOfRows: unlessInfinite(pairwiseSum) },
      { sum: (weights) => pairwiseSum(weights) },
    ),
  },
  {
    name: 'losses-added-after-kahan',
    about: 'classes and rows with a compensation',
    declaration: taking('default', ofLoss),
    kernel: lossesWithOptions(
      {
        sum: (values) => {
          const sum = kahanSum(values);
          return Number.isFinite(sum) ? sum : sumOf(values);
        },
        total: kahanSum,
        sumOfRows: unlessInfinite(kahanSum),
      },
      { sum: (weights) => kahanSum(weights) },
    ),
  },
  {
    name: 'losses-added-in-blocks',
    about: 'rows in blocks of 32, the blocks one after another, as of programs that add atomically',
    declaration: taking('sequential', ofLoss),
    kernel: lossesWithOptions({ sum: blockSum(32), sumOfRows: unlessInfinite(blockSum(32)) }),
  },
  {
    name: 'losses-minus-the-others',
    about: 'the gradient at the target as minus the sum of the other probabilities',
    declaration: taking('default', ofLoss),
    kernel: lossesWithOptions({ ...minusTheOthers, sum: laneSum(8), total: laneSum(8) }, inLanes),
  },
  {
    name: 'losses-scaled-first',
    about: 'coefficients times upstream over what the mean divides by, before any probability',
    declaration: taking('sequential', [...ofScores, ...ofLoss]),
    kernel: lossesWithOptions({
      derivative(row, j, q, steps) {
        const share = f32(steps.upstream(row) / steps.divisor(row.call, steps));
        return f32(f32(f32(share * steps.total(q, row)) * steps.probability(row, j)) - f32(share * q[j]));
      },
    }),
  },
  {
    name: 'losses-in-fp64',
    about: 'all of it in FP64, rounded once',
    declaration: taking('strict', ofLoss),
    kernel: inFp64(),
  },
];

/** Straight from the definition, in FP64. */
function inFp64(): Pick<CompleteKernel, 'crossEntropy' | 'crossEntropyGrad'> {
  function rowOf(row: LossRow) {
    const { z, max, options } = row;
    const { zLoss = 0, labelSmoothing: e = 0 } = options;
    const n = z.length;
    // The maximum's own 1 is left out of the sum.
    const at = z.indexOf(max);
    const others = z.reduce((all, each, j) => (j === at ? all : all + Math.exp(each - max)), 0);
    const logSum = Number.isFinite(max) ? Math.log1p(others) : Number.NaN;
    const own = right.rowWeight(row.r, options);
    const q = Array.from(z, (_, j) => own * right.weight(row, j) * ((1 - e) * right.label(row, j) + e / n));
    const logs = Array.from(z, (each) => max - each + logSum);
    const lse = max + logSum;
    const dense = isDense(options);
    const loss = q.reduce((all, each, j) => (dense || j === row.target ? all + each * logs[j] : all), 0);
    const total = q.reduce((all, each) => all + each, 0);
    return {
      q,
      total,
      lse,
      loss,
      square: zLoss === 0 ? 0 : own * zLoss * lse ** 2,
      p: logs.map((log) => Math.exp(-log)),
    };
  }
  const divisorOf: LossSteps['divisor'] = (call, steps) => {
    const { options, targets } = call;
    if (!isMean(options)) return 1;
    const ofClass = (target: number): number =>
      options.probabilities === undefined ? (options.classWeights?.[target] ?? 1) : 1;
    return targets.reduce(
      (sum, target, r) =>
        steps.isIgnored(target, call) ? sum : sum + ofClass(target) * right.rowWeight(r, options),
      0,
    );
  };
  const sums = new WeakMap<LossRow['call'], { loss: number; square: number }>();
  const kept = new WeakMap<LossRow, ReturnType<typeof rowOf>>();
  const of = (row: LossRow) => {
    let known = kept.get(row);
    if (known === undefined) {
      known = rowOf(row);
      kept.set(row, known);
    }
    return known;
  };
  return lossesWithOptions({
    coefficient: () => 0,
    loss(row) {
      const { loss, square } = of(row);
      const { call } = row;
      const sum = sums.get(call) ?? { loss: 0, square: 0 };
      sums.set(call, { loss: sum.loss + loss, square: sum.square + square });
      return loss + square;
    },
    square: () => 0,
    reduced(losses, _squares, call, steps) {
      if (call.options.reduction === 'none') return losses;
      const { loss, square } = sums.get(call) ?? { loss: 0, square: 0 };
      const ofSquares = (call.options.zLoss ?? 0) === 0 ? 0 : square / right.zDivisor(call, steps);
      return f32(loss / divisorOf(call, steps) + ofSquares);
    },
    derivative(row, j, _q, steps) {
      const { q, total, lse, p } = of(row);
      const { zLoss = 0 } = row.options;
      const ofSquare =
        zLoss === 0
          ? 0
          : (2 * right.rowWeight(row.r, row.options) * zLoss * lse * p[j]) / right.zDivisor(row.call, steps);
      return f32(steps.upstream(row) * ((total * p[j] - q[j]) / divisorOf(row.call, steps) + ofSquare));
    },
    ofSquare: () => 0,
  });
}
