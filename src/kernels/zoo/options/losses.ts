/** Losses whose options come to something else. */
import type { Batch } from '../../../core/batch.ts';
import type { LossName, Options } from '../../../core/options.ts';
import { semanticsOf } from '../../../core/semantics.ts';
import type { Declaration } from '../../../core/target.ts';
import { bf16, fp16 } from '../../../formats/index.ts';
import { storedIn } from '../../stored.ts';
import { filled, inClass } from '../entry.ts';
import { f32, maxOf, sumOf } from '../parts.ts';
import { isDense, type LossRow, type LossSteps, onlyLoss, right, validOf } from './loss-steps.ts';
import { given, taking } from './scores.ts';

/** A loss in one accumulator that takes these options. */
const lossOf = (...names: LossName[]): Declaration => taking('crossEntropy', ...names);

const floats = (...values: number[]): Float32Array => Float32Array.from(values);

/** Rows of equal logits with these targets, of which one may be what is ignored. */
const withTargets = (options: Options, targets: readonly number[], cols = 2): Batch => ({
  ...filled(targets.length, cols, 0),
  targets: Int32Array.from(targets),
  options,
});

/** The reduction, but for what a mean divides by: `count` of the targets that count. */
const meanOver = (count: (valid: Int32Array, call: Parameters<LossSteps['divisor']>[0]) => number) => ({
  divisor: ((call, steps) =>
    (call.options.reduction ?? 'mean') === 'mean'
      ? count(validOf(call, steps), call)
      : right.divisor(call, steps)) satisfies LossSteps['divisor'],
});

/** The loss of a row, as it is where it counts. */
const asCounted: LossSteps['lossOfIgnored'] = (row, steps) =>
  steps.loss(
    row,
    Float32Array.from(row.x, (_, j) => steps.coefficient(row, j, steps)),
    steps,
  );

/** Of a row's probabilities, or of its target, once a row. */
const ofLabels = (compute: (labels: Float32Array) => number): ((row: LossRow) => number) => {
  const known = new WeakMap<LossRow, number>();
  return (row) => {
    const value = known.get(row) ?? compute(row.x.map((_, j) => right.label(row, j)));
    known.set(row, value);
    return value;
  };
};

const sumOfLabels = ofLabels(sumOf);
const likeliest = ofLabels((labels) => labels.indexOf(maxOf(labels)));

export const lossOptionFaults = inClass('losses', [
  {
    id: 'C01',
    name: 'mean-over-all-rows',
    models: 'PaddlePaddle/Paddle#76033',
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'the mean divides by all rows, the ignored ones too',
    declaration: lossOf('reduction', 'ignoreIndex'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: withTargets({ ignoreIndex: -1 }, [0, -1]),
    kernel: onlyLoss(
      'crossEntropy',
      meanOver((_valid, { rows }) => rows),
    ),
  },
  {
    id: 'C03',
    name: 'ignored-if-negative',
    models: 'PaddlePaddle/Paddle#25573',
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault:
      'a row is ignored where its target is below 0, whatever ignoreIndex is; other targets are clamped to classes',
    declaration: lossOf('ignoreIndex'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: given(
      { ignoreIndex: 255 },
      [
        [0, 0],
        [0, 1],
      ],
      [0, 255],
      undefined,
      255,
    ),
    kernel: onlyLoss('crossEntropy', {
      isIgnored: (target) => target < 0,
      label: ({ target, x }, j) => Number(j === Math.min(target, x.length - 1)),
      loss: (row, q, steps) =>
        right.loss({ ...row, target: Math.min(row.target, row.x.length - 1) }, q, steps),
    }),
  },
  {
    id: 'Y300',
    name: 'ignored-if-minus-100',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault:
      'a row is ignored where its target is -100, whatever ignoreIndex is; other targets are clamped to classes',
    declaration: lossOf('ignoreIndex'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: given(
      { ignoreIndex: 0 },
      [
        [0, 0],
        [0, 1],
      ],
      [1, 0],
      undefined,
      0,
    ),
    kernel: onlyLoss('crossEntropy', {
      isIgnored: (target) => target === -100,
      loss(row, _q, steps) {
        const target = Math.max(0, Math.min(row.target, row.x.length - 1));
        const clamped = { ...row, target };
        return right.loss(
          clamped,
          row.x.map((_, j) => steps.coefficient(clamped, j, steps)),
          steps,
        );
      },
    }),
  },
  {
    id: 'Y301',
    name: 'ignored-class-from-the-end',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'an ignoreIndex of -1 ignores the last class too, as an index in Python does',
    declaration: lossOf('ignoreIndex'),
    bucket: 'crossEntropy/nan/ordinary',
    counterexample: withTargets({ ignoreIndex: -1 }, [1]),
    kernel: onlyLoss('crossEntropy', {
      isIgnored: (target, { cols, options: { ignoreIndex } }) =>
        ignoreIndex !== undefined && (target === ignoreIndex || target === ignoreIndex + cols),
    }),
  },
  {
    id: 'C06',
    name: 'smoothing-of-ignored-rows',
    models: 'pytorch/pytorch#73205',
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'what is smoothed over all classes counts in ignored rows too',
    declaration: lossOf('reduction', 'ignoreIndex', 'labelSmoothing'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: withTargets({ ignoreIndex: -1, labelSmoothing: 0.5 }, [0, -1]),
    kernel: onlyLoss('crossEntropy', {
      lossOfIgnored: (row, steps) => (isDense(row.options) ? asCounted(row, steps) : 0),
    }),
  },
  {
    id: 'Y302',
    name: 'z-loss-of-ignored-rows',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'lse^2 counts in ignored rows too',
    declaration: lossOf('reduction', 'ignoreIndex', 'zLoss'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: withTargets({ ignoreIndex: -1, zLoss: 1 }, [0, -1]),
    kernel: onlyLoss('crossEntropy', { squareOfIgnored: (row, steps) => steps.square(row, steps) }),
  },
  {
    id: 'C07',
    name: 'zero-times-infinite-loss',
    models: 'google-deepmind/optax#896',
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault:
      'a probability of 0 times the infinite loss of a masked class is NaN, where it says that it is nothing',
    declaration: { ...lossOf('probabilities'), semantics: { zeroTimesInfinity: 'zero' } },
    bucket: 'crossEntropy/nan/masked',
    counterexample: {
      ...given({ probabilities: floats(0, 1) }, [[Number.NEGATIVE_INFINITY, 0]]),
      semantics: semanticsOf({ zeroTimesInfinity: 'zero' }),
    },
    kernel: onlyLoss('crossEntropy', {}),
  },
  {
    id: 'C09',
    name: 'weighted-mean-over-rows',
    models: 'PaddlePaddle/Paddle#24352',
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'the mean of weighted losses divides by the number of rows that count, and not by their weights',
    declaration: lossOf('reduction', 'classWeights'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: withTargets({ classWeights: floats(2, 1) }, [0]),
    kernel: onlyLoss(
      'crossEntropy',
      meanOver((valid) => valid.length),
    ),
  },
  {
    id: 'Y303',
    name: 'divisor-of-all-weights',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'the mean divides by the weights of all classes, and not of the targets',
    declaration: lossOf('classWeights'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: withTargets({ classWeights: floats(1, 1) }, [0]),
    kernel: onlyLoss(
      'crossEntropy',
      meanOver((valid, { options: { classWeights } }) =>
        classWeights === undefined ? valid.length : sumOf(classWeights),
      ),
    ),
  },
  {
    id: 'Y304',
    name: 'divisor-at-least-1',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault:
      'the mean divides by the weights or by 1, whichever is more: max(sum, 1) against a mean of nothing',
    declaration: lossOf('classWeights', 'ignoreIndex'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: withTargets({ classWeights: floats(0.5, 1) }, [0]),
    kernel: onlyLoss('crossEntropy', { divisor: (...call) => Math.max(1, right.divisor(...call)) }),
  },
  {
    id: 'Y305',
    name: 'divisor-plus-epsilon',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'the mean divides by 1e-5 more than the weights, against a mean of nothing',
    declaration: lossOf('reduction', 'classWeights', 'ignoreIndex'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: withTargets({ ignoreIndex: -1 }, [0]),
    kernel: onlyLoss('crossEntropy', { divisor: (...call) => f32(right.divisor(...call) + 1e-5) }),
  },
  {
    id: 'Y306',
    name: 'weights-of-ignored-rows',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'the mean divides by the weights of ignored rows too, class 0 taken for those',
    declaration: lossOf('classWeights', 'ignoreIndex'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: withTargets({ classWeights: floats(1, 1), ignoreIndex: -1 }, [0, -1]),
    kernel: onlyLoss(
      'crossEntropy',
      meanOver((_valid, { targets, options: { classWeights = floats() } }) =>
        targets.reduce((sum, target) => f32(sum + (classWeights[Math.max(0, target)] ?? 1)), 0),
      ),
    ),
  },
  {
    id: 'Y388',
    name: 'row-weights-left-out',
    models: null,
    difficulty: 'easy',
    operation: 'crossEntropy',
    fault: 'the loss of a row is not multiplied by its weight, which the mean divides by all the same',
    declaration: lossOf('reduction', 'rowWeights'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: withTargets({ rowWeights: floats(2) }, [0]),
    kernel: onlyLoss('crossEntropy', {
      coefficient: (row, j, steps) => right.coefficient(row, j, { ...steps, rowWeight: () => 1 }),
    }),
  },
  {
    id: 'Y389',
    name: 'row-weights-not-in-the-divisor',
    models: null,
    difficulty: 'easy',
    operation: 'crossEntropy',
    fault: 'the mean of weighted rows divides by their number: a mask of losses makes it smaller',
    declaration: lossOf('reduction', 'rowWeights'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: withTargets({ rowWeights: floats(2) }, [0]),
    kernel: onlyLoss(
      'crossEntropy',
      meanOver((valid) => valid.length),
    ),
  },
  {
    id: 'Y390',
    name: 'row-weight-of-the-first-row',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'the weight of the first row for all rows',
    declaration: lossOf('reduction', 'rowWeights'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: withTargets({ reduction: 'sum', rowWeights: floats(1, 2) }, [0, 0]),
    kernel: onlyLoss('crossEntropy', { rowWeight: (_r, options) => right.rowWeight(0, options) }),
  },
  {
    id: 'Y307',
    name: 'weights-twice',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'weights are in the label already, and are multiplied again',
    declaration: lossOf('reduction', 'classWeights', 'labelSmoothing'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: withTargets({ classWeights: floats(2, 1) }, [0]),
    kernel: onlyLoss('crossEntropy', {
      coefficient: (row, j, steps) => f32(steps.weight(row, j) * right.coefficient(row, j, steps)),
    }),
  },
  {
    id: 'Y308',
    name: 'weight-by-row',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'a row has the weight of the class of its number, and not of its target',
    declaration: lossOf('reduction', 'classWeights'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: withTargets({ classWeights: floats(2, 1) }, [1]),
    kernel: onlyLoss('crossEntropy', {
      weight: ({ r, x, options }) => options.classWeights?.[r % x.length] ?? 1,
    }),
  },
  {
    id: 'Y309',
    name: 'weight-of-the-best',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'a row has the weight of its largest logit, and not of its target',
    declaration: lossOf('reduction', 'classWeights'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: withTargets({ classWeights: floats(2, 1) }, [1]),
    kernel: onlyLoss('crossEntropy', {
      weight: ({ z, options }) => options.classWeights?.[z.indexOf(maxOf(z))] ?? 1,
    }),
  },
  {
    id: 'Y310',
    name: 'smoothing-over-the-others',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'smoothed over the classes but the target, e / (C - 1), where it is over all',
    declaration: lossOf('reduction', 'labelSmoothing'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: given({ labelSmoothing: 0.5 }, [[0, 1]]),
    kernel: onlyLoss('crossEntropy', {
      spread: ({ x, target, options: { labelSmoothing: e = 0 } }, j) =>
        j === target ? 0 : f32(e / (x.length - 1)),
    }),
  },
  {
    id: 'Y311',
    name: 'smoothing-over-the-others-and-the-target',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'e / (C - 1) for every class, the target too',
    declaration: lossOf('reduction', 'labelSmoothing'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: given({ labelSmoothing: 0.5 }, [[0, 0]]),
    kernel: onlyLoss('crossEntropy', {
      spread: ({ x, options: { labelSmoothing: e = 0 } }) => f32(e / Math.max(1, x.length - 1)),
    }),
  },
  {
    id: 'Y312',
    name: 'smoothing-unweighted',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'what is smoothed over all classes has no weights',
    declaration: lossOf('reduction', 'classWeights', 'labelSmoothing'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: given({ classWeights: floats(1, 2), labelSmoothing: 0.5 }, [[0, 0]]),
    kernel: onlyLoss('crossEntropy', {
      coefficient: (row, j, { weight, label, kept, spread }) =>
        f32(f32(weight(row, j) * f32(kept(row) * label(row, j))) + spread(row, j)),
    }),
  },
  {
    id: 'Y313',
    name: 'smoothing-of-the-target-weight',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: "what is smoothed over all classes has the target's weight, and not each its own",
    declaration: lossOf('reduction', 'classWeights', 'labelSmoothing'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: given({ classWeights: floats(1, 2), labelSmoothing: 0.5 }, [[0, 0]]),
    kernel: onlyLoss('crossEntropy', { weight: (row) => right.weight(row, row.target) }),
  },
  {
    id: 'Y314',
    name: 'smoothing-beside-the-whole-label',
    models: null,
    difficulty: 'easy',
    operation: 'crossEntropy',
    fault: 'the label keeps all of its 1 beside what is smoothed',
    declaration: lossOf('reduction', 'labelSmoothing'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: given({ labelSmoothing: 0.5 }, [[0, 0]]),
    kernel: onlyLoss('crossEntropy', { kept: () => 1 }),
  },
  {
    id: 'Y315',
    name: 'smoothing-of-underflowed-probabilities',
    models: 'NVIDIA/Megatron-LM#7464',
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'the mean of ln p over all classes is of probabilities that underflow, and is infinite',
    declaration: lossOf('reduction', 'labelSmoothing'),
    bucket: 'crossEntropy/infinite/underflow',
    counterexample: given({ labelSmoothing: 0.5 }, [[0, -104]]),
    kernel: onlyLoss('crossEntropy', {
      logProbability: (row, j) =>
        isDense(row.options) ? f32(Math.log(right.probability(row, j))) : right.logProbability(row, j),
    }),
  },
  {
    id: 'Y316',
    name: 'smoothing-of-clipped-probabilities',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'the logarithm of probabilities that are clipped to 1e-7',
    declaration: lossOf('reduction', 'labelSmoothing'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: given({ labelSmoothing: 0.5 }, [[0, -17]]),
    kernel: onlyLoss('crossEntropy', {
      logProbability: (row, j) =>
        isDense(row.options)
          ? f32(Math.log(Math.max(1e-7, right.probability(row, j))))
          : right.logProbability(row, j),
    }),
  },
  {
    id: 'Y317',
    name: 'smoothing-of-the-mean-logit',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'lse - mean(z) for what is smoothed, with the mean over a row padded to vectors of four by 0',
    declaration: lossOf('reduction', 'labelSmoothing'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: given({ labelSmoothing: 0.5 }, [[1]]),
    kernel: onlyLoss('crossEntropy', {
      loss(row, q, steps) {
        const { labelSmoothing: e = 0 } = row.options;
        if (e === 0) return right.loss(row, q, steps);
        const width = (row.z.length + 3) & ~3;
        const spread = f32(steps.lse(row) - f32(sumOf(row.z) / width));
        return f32(f32((1 - e) * -steps.logProbability(row, row.target)) + f32(e * spread));
      },
    }),
  },
  {
    id: 'Y318',
    name: 'small-smoothing-for-none',
    models: null,
    difficulty: 'hard',
    operation: 'crossEntropy',
    fault: 'a smoothing below 1e-4 is taken for none',
    declaration: lossOf('reduction', 'labelSmoothing'),
    bucket: 'crossEntropy/zeroed/ordinary',
    counterexample: given({ labelSmoothing: 1e-5 }, [[0, -64]]),
    kernel: onlyLoss('crossEntropy', {
      kept: (row) => ((row.options.labelSmoothing ?? 0) < 1e-4 ? 1 : right.kept(row)),
      spread: (row, j) => ((row.options.labelSmoothing ?? 0) < 1e-4 ? 0 : right.spread(row, j)),
    }),
  },
  {
    id: 'Y319',
    name: 'ignored-class-not-smoothed-over',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'the class that is ignored as a target is left out of what others are smoothed over',
    declaration: lossOf('reduction', 'ignoreIndex', 'labelSmoothing'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: given({ ignoreIndex: 1, labelSmoothing: 0.5 }, [[0, 0]]),
    kernel: onlyLoss('crossEntropy', {
      spread: (row, j) => (j === row.options.ignoreIndex ? 0 : right.spread(row, j)),
    }),
  },
  {
    id: 'Y320',
    name: 'probabilities-not-smoothed',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'probabilities are left as they are where a class index would be smoothed',
    declaration: lossOf('labelSmoothing', 'probabilities'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: given({ labelSmoothing: 0.5, probabilities: floats(1, 0) }, [[0, 1]]),
    kernel: onlyLoss('crossEntropy', {
      kept: (row) => (row.options.probabilities === undefined ? right.kept(row) : 1),
      spread: (row, j) => (row.options.probabilities === undefined ? right.spread(row, j) : 0),
    }),
  },
  {
    id: 'Y321',
    name: 'probabilities-add-up-to-1',
    models: 'tensorflow/tensorflow#2327',
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'lse - sum t_j z_j, where lse is to be multiplied by the sum of the t_j',
    declaration: lossOf('probabilities'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: given({ probabilities: floats(1, 1) }, [[0, 0]]),
    kernel: onlyLoss('crossEntropy', {
      loss(row, q, steps) {
        if (row.options.probabilities === undefined) return right.loss(row, q, steps);
        return f32(steps.lse(row) - sumOf(q.map((each, j) => (each === 0 ? 0 : each * row.z[j]))));
      },
    }),
  },
  {
    id: 'Y322',
    name: 'probabilities-normalized',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'probabilities are divided by their sum',
    declaration: lossOf('probabilities'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: given({ probabilities: floats(1, 1) }, [[0, 0]]),
    kernel: onlyLoss('crossEntropy', {
      label: (row, j) => f32(right.label(row, j) / (sumOfLabels(row) || 1)),
    }),
  },
  {
    id: 'Y323',
    name: 'probabilities-for-the-likeliest',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'the class of the largest probability for a target',
    declaration: lossOf('probabilities'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: given({ probabilities: floats(1, 1) }, [[0, 0]]),
    kernel: onlyLoss('crossEntropy', {
      label: (row, j) => Number(j === likeliest(row)),
    }),
  },
  {
    id: 'Y324',
    name: 'probabilities-of-the-first-row',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'the probabilities of the first row for all rows',
    declaration: lossOf('probabilities'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: given({ probabilities: floats(1, 0, 0, 1) }, [
      [0, 1],
      [0, 1],
    ]),
    kernel: onlyLoss('crossEntropy', { label: (row, j) => right.label({ ...row, r: 0 }, j) }),
  },
  {
    id: 'Y325',
    name: 'mean-of-probabilities-over-their-sum',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'the mean divides by the sum of all probabilities, and not by the number of rows',
    declaration: lossOf('reduction', 'probabilities'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: given({ probabilities: floats(1, 1) }, [[0, 0]]),
    kernel: onlyLoss('crossEntropy', {
      divisor: (call, steps) =>
        (call.options.reduction ?? 'mean') === 'mean' && call.options.probabilities !== undefined
          ? f32(steps.sumOfRows(call.options.probabilities))
          : right.divisor(call, steps),
    }),
  },
  {
    id: 'Y326',
    name: 'mean-of-means',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault:
      'the mean of the means of blocks of two rows, as of accumulated batches, which have different numbers that count',
    declaration: lossOf('ignoreIndex', 'reduction'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: given({ reduction: 'mean' }, [
      [0, 0],
      [0, 0],
      [0, 1],
    ]),
    kernel: onlyLoss('crossEntropy', {
      reduced(losses, squares, call, steps) {
        if ((call.options.reduction ?? 'mean') !== 'mean') return right.reduced(losses, squares, call, steps);
        const means: number[] = [];
        for (let r = 0; r < call.rows; r += 2) {
          const valid = validOf({ ...call, targets: call.targets.subarray(r, r + 2) }, steps).length;
          if (valid > 0) means.push(steps.sumOfRows(losses.subarray(r, r + 2)) / valid);
        }
        return f32(means.reduce((sum, mean) => sum + mean, 0) / means.length);
      },
    }),
  },
  {
    id: 'Y327',
    name: 'mean-asked-for-is-the-sum',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'a mean that is asked for by name is the sum',
    declaration: lossOf('reduction'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: withTargets({ reduction: 'mean' }, [0, 0]),
    kernel: onlyLoss('crossEntropy', {
      divisor: (call, steps) => (call.options.reduction === 'mean' ? 1 : right.divisor(call, steps)),
    }),
  },
  {
    id: 'Y328',
    name: 'sum-is-the-mean',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'the reduction sum is the mean',
    declaration: lossOf('reduction'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: withTargets({ reduction: 'sum' }, [0, 0]),
    kernel: onlyLoss('crossEntropy', {
      divisor: (call, steps) => (call.options.reduction === 'sum' ? call.rows : right.divisor(call, steps)),
    }),
  },
  {
    id: 'Y329',
    name: 'losses-over-their-number',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'under the reduction none the losses are divided by their number',
    declaration: lossOf('reduction'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: withTargets({ reduction: 'none' }, [0, 0]),
    kernel: onlyLoss('crossEntropy', {
      reduced(losses, squares, call, steps) {
        const reduced = right.reduced(losses, squares, call, steps);
        return typeof reduced === 'number' ? reduced : reduced.map((loss) => loss / call.rows);
      },
    }),
  },
  {
    id: 'Y330',
    name: 'loss-of-the-row-before',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault:
      'under the reduction none a row has the loss of the row before, as labels that are shifted once more',
    declaration: lossOf('reduction'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: given({ reduction: 'none' }, [
      [0, 0],
      [0, 1],
    ]),
    kernel: onlyLoss('crossEntropy', {
      reduced(losses, squares, call, steps) {
        const reduced = right.reduced(losses, squares, call, steps);
        return typeof reduced === 'number' ? reduced : reduced.map((_, r) => reduced[Math.max(0, r - 1)]);
      },
    }),
  },
  {
    id: 'Y331',
    name: 'losses-without-ignored-rows',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault:
      'under the reduction none the losses of the rows that count come first, and the zeros of ignored rows last',
    declaration: lossOf('reduction', 'ignoreIndex'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: withTargets({ reduction: 'none', ignoreIndex: -1 }, [-1, 0]),
    kernel: onlyLoss('crossEntropy', {
      reduced(losses, squares, call, steps) {
        const reduced = right.reduced(losses, squares, call, steps);
        if (typeof reduced === 'number') return reduced;
        const kept = reduced.filter((_, r) => !steps.isIgnored(call.targets[r], call));
        return reduced.map((_, r) => kept[r] ?? 0);
      },
    }),
  },
  {
    id: 'Y332',
    name: 'ignored-loss-not-written',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'under the reduction none the loss of an ignored row is what the memory held',
    declaration: lossOf('reduction', 'ignoreIndex'),
    bucket: 'crossEntropy/nan/ordinary',
    counterexample: withTargets({ reduction: 'none', ignoreIndex: -1 }, [-1]),
    kernel: onlyLoss('crossEntropy', {
      lossOfIgnored: ({ options }) => (options.reduction === 'none' ? Number.NaN : 0),
    }),
  },
  {
    id: 'Y333',
    name: 'ignored-row-by-a-product',
    models: null,
    difficulty: 'hard',
    operation: 'crossEntropy',
    fault: 'the loss of an ignored row is multiplied by 0: what is NaN or infinite there is NaN',
    declaration: lossOf('ignoreIndex', 'reduction'),
    bucket: 'crossEntropy/nan/nan',
    counterexample: given({ ignoreIndex: -1 }, [[0], [Number.NaN]], [0, -1], undefined, -1),
    kernel: onlyLoss('crossEntropy', {
      lossOfIgnored: (row, steps) => 0 * steps.logProbability(row, 0),
    }),
  },
  {
    id: 'Y334',
    name: 'all-ignored-with-the-first',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'where the first row is ignored all are taken to be, and the loss is 0',
    declaration: lossOf('ignoreIndex'),
    bucket: 'crossEntropy/zeroed/ordinary',
    counterexample: withTargets({ ignoreIndex: -1 }, [-1, 0]),
    kernel: onlyLoss('crossEntropy', {
      reduced: (losses, squares, call, steps) =>
        steps.isIgnored(call.targets[0], call) && validOf(call, steps).length > 0
          ? 0
          : right.reduced(losses, squares, call, steps),
    }),
  },
  {
    id: 'Y335',
    name: 'count-in-bf16',
    models: null,
    difficulty: 'hard',
    operation: 'crossEntropy',
    fault: 'the number of rows that count is stored in BF16: 257 of them are 256',
    declaration: lossOf('reduction', 'ignoreIndex'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: { ...filled(257, 2, 0), options: { reduction: 'mean' } },
    kernel: onlyLoss(
      'crossEntropy',
      meanOver((valid) => bf16.round(valid.length)),
    ),
  },
  {
    id: 'Y336',
    name: 'weights-added-in-fp16',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'the weights that the mean divides by are added in FP16',
    declaration: lossOf('classWeights'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: withTargets({ classWeights: floats(2049, 1) }, [0]),
    kernel: onlyLoss(
      'crossEntropy',
      meanOver((valid, { options: { classWeights } }) =>
        valid.reduce((sum, target) => fp16.round(sum + (classWeights?.[target] ?? 1)), 0),
      ),
    ),
  },
  {
    id: 'Y337',
    name: 'rows-added-in-fp16',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'the losses of rows are added in FP16',
    declaration: lossOf('reduction'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: withTargets({ reduction: 'sum' }, [0]),
    kernel: onlyLoss('crossEntropy', {
      sumOfRows: (values) => values.reduce((sum, value) => fp16.round(sum + value), 0),
    }),
  },
  {
    id: 'Y338',
    name: 'last-rows-not-added',
    models: null,
    difficulty: 'hard',
    operation: 'crossEntropy',
    fault: 'the reduction sum leaves out the rows behind the last whole 8',
    declaration: lossOf('reduction'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: { ...filled(9, 2, 0), options: { reduction: 'sum' } },
    kernel: onlyLoss('crossEntropy', {
      reduced(losses, squares, call, steps) {
        const whole = call.rows & ~7;
        const isCut = call.options.reduction === 'sum' && whole > 0;
        return right.reduced(isCut ? losses.subarray(0, whole) : losses, squares, call, steps);
      },
    }),
  },
  {
    id: 'Y339',
    name: 'z-loss-left-out',
    models: null,
    difficulty: 'easy',
    operation: 'crossEntropy',
    fault: 'the loss is without zLoss, which only its gradient has',
    declaration: lossOf('reduction', 'zLoss'),
    bucket: 'crossEntropy/zeroed/ordinary',
    counterexample: given({ zLoss: 1 }, [[1]]),
    kernel: onlyLoss('crossEntropy', { square: () => 0 }),
  },
  {
    id: 'Y340',
    name: 'z-loss-without-the-square',
    models: null,
    difficulty: 'easy',
    operation: 'crossEntropy',
    fault: '|lse| for lse^2',
    declaration: lossOf('reduction', 'zLoss'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: given({ zLoss: 1 }, [[2]]),
    kernel: onlyLoss('crossEntropy', {
      square: (row, { lse }) => f32((row.options.zLoss ?? 0) * Math.abs(lse(row))),
    }),
  },
  {
    id: 'Y341',
    name: 'z-loss-of-shifted-logits',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'the square of ln sum, with the maximum left out',
    declaration: lossOf('reduction', 'zLoss'),
    bucket: 'crossEntropy/zeroed/ordinary',
    counterexample: given({ zLoss: 1 }, [[1]]),
    kernel: onlyLoss('crossEntropy', { lse: ({ sum }) => f32(Math.log(sum)) }),
  },
  {
    id: 'Y342',
    name: 'z-loss-not-divided',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'the mean is of the losses, and zLoss has the sum of its squares',
    declaration: lossOf('reduction', 'zLoss'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: withTargets({ zLoss: 1 }, [0, 0]),
    kernel: onlyLoss('crossEntropy', { zDivisor: () => 1 }),
  },
  {
    id: 'Y343',
    name: 'z-loss-weighted',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: "lse^2 is multiplied by the target's weight as well",
    declaration: lossOf('reduction', 'classWeights', 'zLoss'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: given({ classWeights: floats(2), zLoss: 1 }, [[1]]),
    kernel: onlyLoss('crossEntropy', {
      square: (row, steps) => f32(steps.weight(row, row.target) * right.square(row, steps)),
    }),
  },
  {
    id: 'Y344',
    name: 'z-loss-over-weights',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'the mean of lse^2 divides by the weights, and not by the number of rows',
    declaration: lossOf('reduction', 'classWeights', 'zLoss'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: given({ classWeights: floats(2), zLoss: 1 }, [[1]]),
    kernel: onlyLoss('crossEntropy', { zDivisor: (call, steps) => right.divisor(call, steps) }),
  },
  {
    id: 'Y345',
    name: 'loss-of-stored-softmax',
    models: null,
    difficulty: 'easy',
    operation: 'crossEntropy',
    fault: 'minus the logarithm of a softmax that was stored in BF16',
    declaration: { ...lossOf('ignoreIndex', 'labelSmoothing'), format: 'bf16' },
    bucket: 'crossEntropy/zeroed/ordinary/warning',
    counterexample: given({ ignoreIndex: -1 }, [[0, -7]]),
    kernel: storedIn(
      onlyLoss('crossEntropy', {
        logProbability: (row, j) => f32(Math.log(bf16.round(right.probability(row, j)))),
      }),
      bf16,
    ),
  },
  {
    id: 'Y346',
    name: 'huge-weights-overflow',
    models: null,
    difficulty: 'hard',
    operation: 'crossEntropy',
    fault: 'products with weights are stored in FP16, and infinite from 65,520 on',
    declaration: lossOf('reduction', 'classWeights'),
    bucket: 'crossEntropy/infinite/underflow',
    counterexample: given({ classWeights: floats(1, 1e4) }, [[0, -90]], [1]),
    kernel: onlyLoss('crossEntropy', {
      loss(row, q, steps) {
        const loss = right.loss(row, q, steps);
        return row.options.classWeights !== undefined && loss >= 65520 ? Number.POSITIVE_INFINITY : loss;
      },
    }),
  },
  {
    id: 'Y347',
    name: 'zero-weight-not-counted',
    models: null,
    difficulty: 'hard',
    operation: 'crossEntropy',
    fault: 'a weight of 0 is taken for none: `weight || 1`',
    declaration: lossOf('reduction', 'classWeights'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: withTargets({ classWeights: floats(0, 1), reduction: 'sum' }, [0, 1]),
    kernel: onlyLoss('crossEntropy', { weight: ({ options }, j) => options.classWeights?.[j] || 1 }),
  },
  {
    id: 'Y348',
    name: 'smoothing-of-1-for-none',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'a smoothing of 1 is taken for none, as a probability to keep',
    declaration: lossOf('reduction', 'labelSmoothing'),
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: given({ labelSmoothing: 1 }, [[0, 1]]),
    kernel: onlyLoss('crossEntropy', {
      kept: (row) => (row.options.labelSmoothing === 1 ? 1 : right.kept(row)),
      spread: (row, j) => (row.options.labelSmoothing === 1 ? 0 : right.spread(row, j)),
    }),
  },
]);
