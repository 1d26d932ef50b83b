/** Losses of rows that are ignored, or made one wrongly: what the mean divides by, how losses are added and where they are written. */
import { batchOf } from '../../core/batch.ts';
import { bf16, fp16 } from '../../formats/index.ts';
import type { Changes } from '../../kernels/changes.ts';
import { isMean, type LossCall, type LossSteps } from '../../kernels/losses.ts';
import { cellOf } from '../../kernels/scores.ts';
import { withOptions } from '../../options/index.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { isDense, oneRow, sumOf, twoRows, withLosses, withLossGradients } from '../loss-kernels.ts';
import { bits, floats } from './parts.ts';

const f32 = Math.fround;

/** What the mean divides by, where a mean is asked for. */
const dividing =
  (divisor: (call: LossCall, steps: LossSteps) => number): Changes<LossSteps> =>
  (steps) => ({
    divisor: (call) => (isMean(call.options) ? divisor(call, steps) : steps.divisor(call)),
  });

/** How many rows count. */
const countOf = (call: LossCall, steps: LossSteps): number =>
  call.targets.filter((_, r) => !steps.isIgnored(r, call)).length;

/** Whether the mask hides the target of a row. */
const isTargetHidden = (r: number, { targets, cols, options: { mask } }: LossCall): boolean =>
  mask !== undefined && mask[cellOf(mask, r * cols + targets[r], cols)] === 0;

const hasWeights = ({ options }: LossCall): boolean => options.classWeights !== undefined;
const hasIgnored = ({ options }: LossCall): boolean => options.ignoreIndex !== undefined;

/** The two reductions, each in the other's place. */
const exchanged: Hypothesis = {
  words: 'gives the mean where the sum is asked for, and the sum for the mean',
  witness: twoRows({ reduction: 'sum' }),
  ...withLosses((steps) => ({
    divisor(call) {
      const { options } = call;
      if (isMean(options)) return 1;
      return steps.divisor(
        options.reduction === 'sum' ? { ...call, options: { ...options, reduction: 'mean' } } : call,
      );
    },
  })),
};

const ignored: readonly Hypothesis[] = [
  {
    words: 'divides the mean by all rows, ignored ones too',
    witness: twoRows({ ignoreIndex: 1 }),
    ...withLosses(
      dividing((call, steps) => (hasIgnored(call) && !hasWeights(call) ? call.rows : steps.divisor(call))),
    ),
  },
  {
    words: 'ignores no row',
    // One that ignores -100 alone is right there.
    witness: twoRows({ ignoreIndex: -100 }, [0, -100]),
    ...withLosses(() => ({ isIgnored: () => false })),
  },
  {
    words: 'ignores rows whose target is -100, whatever ignoreIndex is',
    // One that ignores all that is negative is right there.
    witness: twoRows({ ignoreIndex: -1 }, [0, -1]),
    ...withLosses(() => ({ isIgnored: (r, { targets }) => targets[r] === -100 })),
  },
  {
    words: 'ignores rows whose target is negative, whatever ignoreIndex is',
    witness: twoRows({ ignoreIndex: 1 }),
    ...withLosses(() => ({ isIgnored: (r, { targets }) => targets[r] < 0 })),
  },
  {
    words: 'ignores the class that ignoreIndex counts from the end too',
    witness: twoRows({ ignoreIndex: -1 }, [0, 1]),
    ...withLosses(() => ({
      isIgnored: (r, { targets, cols, options: { ignoreIndex = Number.NaN } }) =>
        targets[r] === ignoreIndex || targets[r] === ignoreIndex + cols,
    })),
  },
  {
    words: 'multiplies ignored rows by 0, and does not leave them out',
    witness: () =>
      withOptions(
        batchOf(
          [
            [0, Number.NaN],
            [0, 0],
          ],
          [0, 1],
          undefined,
          0,
        ),
        { ignoreIndex: 0 },
      ),
    ...withLosses(() => ({
      coefficientsOfIgnored: (_r, { cols }) => new Float32Array(cols),
    })),
  },
  {
    words: 'gives ignored rows their softmax for a gradient',
    witness: twoRows({ ignoreIndex: 1 }),
    ...withLossGradients(() => ({ derivativeOfIgnored: (p, share) => f32(p * share) })),
  },
  {
    words: 'smooths labels of ignored rows too',
    witness: twoRows({ ignoreIndex: 1, labelSmoothing: 0.5 }),
    ...withLosses((steps) => ({
      coefficientsOfIgnored: (r, call) => (isDense(call) ? steps.coefficients(r, call) : null),
    })),
  },
  {
    words: 'has no loss where the target is hidden by the mask, and counts the row in the mean',
    witness: oneRow({ mask: bits(0, 1) }),
    ...withLosses((steps) => ({
      isIgnored: (r, call) => steps.isIgnored(r, call) || isTargetHidden(r, call),
      divisor: steps.divisor,
      count: steps.count,
    })),
  },
  {
    words: 'counts zLoss in ignored rows too',
    witness: twoRows({ ignoreIndex: 1, zLoss: 1 }),
    ...withLosses(() => ({ hasSquare: () => true })),
  },
];

const divisors: readonly Hypothesis[] = [
  {
    words: 'answers the sum for a mean that is asked for',
    witness: twoRows({ reduction: 'mean' }),
    ...withLosses((steps) => ({
      divisor: (call) => (call.options.reduction === 'mean' ? 1 : steps.divisor(call)),
      count: (call) => (call.options.reduction === 'mean' ? 1 : steps.count(call)),
    })),
  },
  {
    words: 'divides the sum that is asked for by the number of rows',
    witness: twoRows({ reduction: 'sum' }),
    ...withLosses((steps) => ({
      divisor: (call) => (call.options.reduction === 'sum' ? call.rows : steps.divisor(call)),
      count: (call) => (call.options.reduction === 'sum' ? call.rows : steps.count(call)),
    })),
  },
  {
    words: 'divides the losses of rows that are asked for by their number',
    witness: twoRows({ reduction: 'none' }),
    ...withLosses((steps) => ({
      unreduced: (losses, { rows }) => losses.map((loss) => loss / rows),
      divisor: (call) => (call.options.reduction === 'none' ? call.rows : steps.divisor(call)),
    })),
  },
  {
    words: 'divides the mean of weighted losses by the number of rows that count',
    // One that multiplies by weights twice answers the same for rows of equal weights.
    witness: twoRows({ classWeights: floats(2, 1) }),
    ...withLosses(dividing(countOf)),
  },
  {
    words: 'divides the mean by the number of rows, weighted and ignored ones too',
    witness: twoRows({ classWeights: floats(2, 1) }),
    ...withLosses(dividing(({ rows }) => rows)),
  },
  {
    words: 'does not divide the mean where rows are ignored or weighted',
    witness: twoRows({ classWeights: floats(2, 1) }),
    ...withLosses(
      dividing((call, steps) => (hasIgnored(call) || hasWeights(call) ? 1 : steps.divisor(call))),
    ),
  },
  {
    words: 'divides the mean by the weights of all classes',
    witness: oneRow({ classWeights: floats(1, 1) }),
    ...withLosses(
      dividing((call, steps) => {
        const { classWeights } = call.options;
        return classWeights === undefined ? steps.divisor(call) : sumOf(classWeights);
      }),
    ),
  },
  {
    words: 'divides the mean by the weights of ignored rows too',
    witness: twoRows({ classWeights: floats(1, 1), ignoreIndex: -1 }, [0, -1]),
    ...withLosses(
      dividing((call, steps) =>
        hasWeights(call)
          ? call.targets.reduce((sum, target, r) => sum + steps.weight(Math.max(0, target), r, call), 0)
          : steps.divisor(call),
      ),
    ),
  },
  {
    words: 'divides the mean by 1 at least',
    witness: oneRow({ classWeights: floats(0.5, 1) }),
    ...withLosses(dividing((call, steps) => Math.max(1, steps.divisor(call)))),
  },
  ...[1e-5, 1e-6, 1e-8, 1e-12].map((epsilon) => ({
    words: `adds ${epsilon} to what the mean divides by`,
    // All rows are ignored, and weights are small.
    witness: twoRows({ ignoreIndex: -1, classWeights: floats(epsilon, epsilon) }, [0, 1]),
    ...withLosses(dividing((call, steps) => f32(steps.divisor(call) + epsilon))),
  })),
  ...[fp16, bf16].map((format) => ({
    words: `adds up in ${format.name.toUpperCase()} what the mean divides by`,
    witness: oneRow({ classWeights: floats(4097, 1) }),
    ...withLosses(
      dividing((call, steps) =>
        call.targets.reduce(
          (sum, target, r) =>
            steps.isIgnored(r, call) ? sum : format.round(sum + steps.weight(target, r, call)),
          0,
        ),
      ),
    ),
  })),
  ...[fp16, bf16].map(({ name, round }) => ({
    words: `stores in ${name.toUpperCase()} what the mean divides by`,
    witness: oneRow({ classWeights: floats(4097, 1) }),
    ...withLosses(dividing((call, steps) => round(steps.divisor(call)))),
  })),
  ...[fp16, bf16].map((format) => ({
    words: `adds up the losses of rows in ${format.name.toUpperCase()}`,
    witness: oneRow({ reduction: 'sum' }),
    ...withLosses(() => ({
      sum: (values) => values.reduce((sum, value) => format.round(sum + value), 0),
    })),
  })),
  {
    words: 'has the loss of the row before for each row',
    witness: twoRows({ reduction: 'none' }),
    ...withLosses(() => ({ unreduced: (losses) => losses.map((_, r) => losses[Math.max(0, r - 1)]) })),
  },
  {
    words: 'has the losses of the rows that count first, and the zeros of ignored rows last',
    witness: twoRows({ reduction: 'none', ignoreIndex: 0 }),
    ...withLosses((steps) => ({
      unreduced(losses, call) {
        const kept = losses.filter((_, r) => !steps.isIgnored(r, call));
        return losses.map((_, r) => kept[r] ?? 0);
      },
    })),
  },
];

/** Every one, the simplest first. */
export const reductions: readonly Hypothesis[] = [...ignored, ...divisors, exchanged];
