/** Weights of classes, smoothed labels and probabilities that are left out, or taken for something else. */
import type { Changes } from '../../kernels/changes.ts';
import { isMean, type LossCall, type LossSteps } from '../../kernels/losses.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { isDense, maxOf, oneRow, sumOf, twoRows, withLosses, withLossGradients } from '../loss-kernels.ts';
import { floats } from './parts.ts';

const f32 = Math.fround;

const weights: readonly Hypothesis[] = [
  {
    words: 'leaves out the weights of classes',
    witness: twoRows({ reduction: 'sum', classWeights: floats(2, 1) }),
    ...withLosses(() => ({ weight: () => 1 })),
  },
  {
    words: 'multiplies by the weight of a class twice',
    // Of one row it would be as one that does not divide by the weight.
    witness: twoRows({ classWeights: floats(2, 1) }),
    ...withLosses((steps) => ({
      coefficients: (r, call) =>
        steps.coefficients(r, call).map((each, j) => f32(each * steps.weight(j, r, call))),
    })),
  },
  {
    words: 'takes the weight of the class that has the number of the row',
    witness: twoRows({ reduction: 'sum', classWeights: floats(2, 1) }, [1, 0]),
    ...withLosses((steps) => ({
      weight: (_j, r, call) => steps.weight(r % call.cols, r, call),
      divisor: steps.divisor,
    })),
  },
  {
    words: 'takes the weight of the class of the largest logit',
    witness: twoRows({ reduction: 'sum', classWeights: floats(2, 1) }),
    ...withLosses((steps) => ({
      weight(_j, r, call) {
        const { z, width, cols } = call;
        const row = z.subarray(r * width, r * width + cols);
        return steps.weight(Math.max(0, row.indexOf(Math.max(...row))), r, call);
      },
      divisor: steps.divisor,
    })),
  },
  {
    words: 'takes a weight of 0 for none',
    witness: twoRows({ reduction: 'sum', classWeights: floats(0, 1) }),
    ...withLosses((steps) => ({ weight: (j, r, call) => steps.weight(j, r, call) || 1 })),
  },
  {
    words: 'takes a weight of 0 for none, and not where the mean divides by it',
    witness: twoRows({ classWeights: floats(0, 1) }),
    ...withLosses((steps) => ({
      weight: (j, r, call) => steps.weight(j, r, call) || 1,
      divisor: steps.divisor,
    })),
  },
  {
    words: 'multiplies by the weight what is subtracted at the target, and not the softmax',
    witness: twoRows({ reduction: 'sum', classWeights: floats(2, 1) }),
    ...withLossGradients((steps) => ({
      total: (r, call) => (isDense(call) ? sumOf(steps.coefficients(r, call)) : 1),
    })),
  },
];

/** Whether the label of a target is smoothed. */
const isOfTarget = ({ options: { labelSmoothing = 0, probabilities: given } }: LossCall): boolean =>
  labelSmoothing !== 0 && given === undefined;

/** The logarithms of probabilities that are made of the exact ones, in a sum over all classes. */
const ofProbabilities =
  (made: (p: number) => number): Changes<LossSteps> =>
  (steps) => ({
    lossOfAll: (q, logs, r, call) =>
      steps.lossOfAll(
        q,
        logs.map((each) => -f32(Math.log(made(f32(Math.exp(-each)))))),
        r,
        call,
      ),
  });

const smoothing: readonly Hypothesis[] = [
  {
    words: 'leaves out the smoothing of labels',
    witness: twoRows({ labelSmoothing: 0.5 }),
    ...withLosses(() => ({ smoothed: (labels) => labels })),
  },
  {
    words: 'smooths labels over the classes but the target, e / (C - 1)',
    witness: twoRows({ labelSmoothing: 0.5 }),
    // (1 - f) + f / C = 1 - e and f / C = e / (C - 1).
    ...withLosses((steps) => ({
      smoothed(labels, r, call) {
        const { cols, options } = call;
        if (options.labelSmoothing === undefined || cols === 1) return steps.smoothed(labels, r, call);
        const labelSmoothing = f32((options.labelSmoothing * cols) / (cols - 1));
        return steps.smoothed(labels, r, { ...call, options: { ...options, labelSmoothing } });
      },
    })),
  },
  {
    words: 'adds e / (C - 1) to every class in smoothing',
    witness: oneRow({ labelSmoothing: 0.5 }),
    ...withLosses(() => ({
      smoothed: (labels, _r, { cols, options: { labelSmoothing: e = 0 } }) =>
        labels.map((each) => f32(f32(each * f32(1 - e)) + f32(e / Math.max(1, cols - 1)))),
    })),
  },
  {
    words: 'keeps the whole label beside what is smoothed',
    witness: oneRow({ labelSmoothing: 0.5 }),
    ...withLosses(() => ({
      smoothed: (labels, _r, { cols, options: { labelSmoothing: e = 0 } }) =>
        labels.map((each) => f32(each + f32(e / cols))),
    })),
  },
  {
    words: 'smooths labels without weights',
    witness: oneRow({ classWeights: floats(2, 1), labelSmoothing: 0.5 }),
    ...withLosses((steps) => ({
      coefficients(r, call) {
        const { cols, options } = call;
        const share = f32((options.labelSmoothing ?? 0) / cols);
        const own = options.rowWeights === undefined ? 1 : steps.rowWeight(r, call);
        const q = steps.smoothed(steps.labels(r, call), r, call);
        return q.map((each, j) => f32(f32(f32((each - share) * steps.weight(j, r, call)) + share) * own));
      },
    })),
  },
  {
    words: 'gives what is smoothed the weight of the target',
    witness: oneRow({ classWeights: floats(1, 2), labelSmoothing: 0.5 }),
    ...withLosses((steps) => ({
      weight: (j, r, call) =>
        steps.weight(call.options.probabilities === undefined ? call.targets[r] : j, r, call),
    })),
  },
  {
    words: 'multiplies the softmax by the weight of the target where labels are smoothed',
    witness: oneRow({ classWeights: floats(1, 2), labelSmoothing: 0.5 }),
    ...withLossGradients((steps) => ({
      total(r, call) {
        const { probabilities: given, classWeights } = call.options;
        const isWeighted = given === undefined && classWeights !== undefined;
        return isWeighted ? steps.weight(call.targets[r], r, call) : sumOf(steps.coefficients(r, call));
      },
    })),
  },
  {
    words: 'subtracts 1 - e at the target, and nothing elsewhere',
    witness: oneRow({ labelSmoothing: 0.5 }),
    ...withLossGradients((steps) => ({
      smoothed: (labels, r, call) =>
        isOfTarget(call)
          ? labels.map((each) => f32(each * f32(1 - (call.options.labelSmoothing ?? 0))))
          : steps.smoothed(labels, r, call),
      total: (r, call) => (isOfTarget(call) ? 1 : sumOf(steps.coefficients(r, call))),
    })),
  },
  {
    words: 'leaves out a smoothing of labels of 1',
    witness: oneRow({ labelSmoothing: 1 }),
    ...withLosses((steps) => ({
      smoothed: (labels, r, call) =>
        call.options.labelSmoothing === 1 ? labels : steps.smoothed(labels, r, call),
    })),
  },
  {
    words:
      'takes logarithms of probabilities where labels are smoothed, which are infinite once these underflow',
    witness: oneRow({ labelSmoothing: 1 }, [0, -104]),
    ...withLosses(ofProbabilities((p) => p)),
  },
  ...[1e-7, 1e-8, 1e-12].map((epsilon) => ({
    words: `takes logarithms of probabilities of at least ${epsilon} where labels are smoothed`,
    witness: oneRow({ labelSmoothing: 1 }, [0, -40]),
    ...withLosses(ofProbabilities((p) => Math.max(p, epsilon))),
  })),
  {
    words: 'smooths no probabilities',
    witness: oneRow({ labelSmoothing: 0.5, probabilities: floats(1, 0) }),
    ...withLosses((steps) => ({
      smoothed: (labels, r, call) =>
        call.options.probabilities === undefined ? steps.smoothed(labels, r, call) : labels,
    })),
  },
  {
    words: 'leaves the class that is ignored as a target out of what is smoothed',
    witness: oneRow({ ignoreIndex: 1, labelSmoothing: 0.5 }),
    ...withLosses((steps) => ({
      smoothed: (labels, r, call) =>
        steps
          .smoothed(labels, r, call)
          .map((each, j) => (j === call.options.ignoreIndex && labels[j] === 0 ? 0 : each)),
    })),
  },
];

/** ln sum_j e^(z_j - max) + max of a row, which is infinite where the maximum is. */
function lseOf(r: number, call: LossCall): number {
  const max = maxOf(r, call);
  if (Math.abs(max) === Number.POSITIVE_INFINITY) return max;
  const { z, width } = call;
  const sum = z.subarray(r * width, (r + 1) * width).reduce((sum, each) => sum + Math.exp(each - max), 0);
  return f32(max + Math.log(sum));
}

const probabilities: readonly Hypothesis[] = [
  {
    words: 'takes probabilities to add up to 1 in the gradient',
    witness: oneRow({ probabilities: floats(1, 1) }),
    ...withLossGradients((steps) => ({
      total: (r, call) => (call.options.probabilities === undefined ? sumOf(steps.coefficients(r, call)) : 1),
    })),
  },
  {
    words: 'takes probabilities to add up to 1 in the loss, lse - sum t z',
    witness: oneRow({ probabilities: floats(1, 1) }),
    ...withLosses((steps) => ({
      lossOfAll(q, logs, r, call) {
        if (call.options.probabilities === undefined) return steps.lossOfAll(q, logs, r, call);
        const { z, width } = call;
        return f32(lseOf(r, call) - q.reduce((sum, each, j) => sum + (each && each * z[r * width + j]), 0));
      },
    })),
  },
  {
    words: 'divides probabilities by their sum',
    witness: oneRow({ probabilities: floats(1, 1) }),
    ...withLosses((steps) => ({
      labels(r, call) {
        const labels = steps.labels(r, call);
        return labels.map((each) => f32(each / (sumOf(labels) || 1)));
      },
    })),
  },
  {
    words: 'takes the class of the largest probability for a target',
    witness: oneRow({ probabilities: floats(0.5, 1) }),
    ...withLosses((steps) => ({
      labels(r, call) {
        const labels = steps.labels(r, call);
        const likeliest = labels.indexOf(Math.max(...labels));
        return labels.map((_, j) => Number(j === likeliest));
      },
    })),
  },
  {
    words: 'takes the probabilities of the first row for all rows',
    witness: twoRows({ probabilities: floats(1, 0, 0, 1) }),
    ...withLosses((steps) => ({
      labels: (r, call) => steps.labels(call.options.probabilities === undefined ? r : 0, call),
    })),
  },
  {
    words: 'divides the mean by the sum of all probabilities',
    witness: oneRow({ probabilities: floats(1, 1) }),
    ...withLosses((steps) => ({
      divisor(call) {
        const { probabilities: given } = call.options;
        return given !== undefined && isMean(call.options) ? sumOf(given) : steps.divisor(call);
      },
    })),
  },
  {
    words: 'cuts probabilities off at 1',
    witness: oneRow({ probabilities: floats(2, 0) }),
    ...withLosses((steps) => ({
      labels: (r, call) => steps.labels(r, call).map((each) => Math.min(1, each)),
    })),
  },
];

/** Every one, the simplest of an option first. */
export const labels: readonly Hypothesis[] = [...weights, ...smoothing, ...probabilities];
