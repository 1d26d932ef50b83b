/** Gradients of cross-entropy. */
import { batchOf } from '../../core/batch.ts';
import { filled, inClass } from './entry.ts';
import { correct, f32, only, roundedTo, type Steps } from './parts.ts';

const { derivative } = correct;

/** The derivative for another target than the row's. */
const withTarget =
  (other: (target: number, row: Parameters<Steps['derivative']>[3]) => number): Steps['derivative'] =>
  (p, i, target, row) =>
    derivative(p, i, other(target, row), row);

export const gradientFaults = inClass('gradients', [
  {
    id: 'B14',
    name: 'gradient-doubled',
    models: 'deepjavalibrary/djl#520',
    difficulty: 'easy',
    operation: 'crossEntropyGrad',
    fault: 'twice the gradient',
    bucket: 'crossEntropyGrad/inaccurate/ordinary',
    counterexample: batchOf([[0, 0]]),
    kernel: only('crossEntropyGrad', { derivative: (...step) => f32(2 * derivative(...step)) }),
  },
  {
    id: 'Y120',
    name: 'gradient-of-the-sum',
    models: null,
    difficulty: 'easy',
    operation: 'crossEntropyGrad',
    fault: 'not divided by the number of rows',
    bucket: 'crossEntropyGrad/inaccurate/ordinary',
    counterexample: filled(2, 2, 0),
    kernel: only('crossEntropyGrad', {
      derivative: (p, i, target, row) => derivative(p, i, target, { ...row, rows: 1 }),
    }),
  },
  {
    id: 'Y121',
    name: 'gradient-over-classes',
    models: null,
    difficulty: 'easy',
    operation: 'crossEntropyGrad',
    fault: 'divided by the number of classes',
    bucket: 'crossEntropyGrad/inaccurate/ordinary',
    counterexample: batchOf([[0, 0]]),
    kernel: only('crossEntropyGrad', {
      derivative: (p, i, target, row) => derivative(p, i, target, { ...row, rows: row.x.length }),
    }),
  },
  {
    id: 'Y122',
    name: 'gradient-for-the-best',
    models: null,
    difficulty: 'easy',
    operation: 'crossEntropyGrad',
    fault: 'the 1 is subtracted at the largest logit',
    bucket: 'crossEntropyGrad/inaccurate/ordinary',
    counterexample: batchOf([[0, 1]]),
    kernel: only('crossEntropyGrad', {
      derivative: withTarget((_target, { x }) => x.indexOf(Math.max(...x))),
    }),
  },
  {
    id: 'Y123',
    name: 'gradient-at-tied-targets',
    models: null,
    difficulty: 'hard',
    operation: 'crossEntropyGrad',
    fault: 'the target is found again by its logit: the first of equals gets the 1',
    bucket: 'crossEntropyGrad/inaccurate/ordinary',
    counterexample: batchOf([[0, 0]], [1]),
    kernel: only('crossEntropyGrad', { derivative: withTarget((target, { x }) => x.indexOf(x[target])) }),
  },
  {
    id: 'Y124',
    name: 'gradient-at-all-ties',
    models: null,
    difficulty: 'hard',
    operation: 'crossEntropyGrad',
    fault: "every logit that equals the target's gets the 1",
    bucket: 'crossEntropyGrad/inaccurate/ordinary',
    counterexample: batchOf([[0, 0]]),
    kernel: only('crossEntropyGrad', {
      derivative: (p, i, target, row) => derivative(p, i, row.x[i] === row.x[target] ? i : target, row),
    }),
  },
  {
    id: 'Y125',
    name: 'gradient-of-the-sure-dropped',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropyGrad',
    fault: 'entries below 1e-3 are set to 0',
    bucket: 'crossEntropyGrad/zeroed/ordinary',
    counterexample: batchOf([[0, 7]], [1]),
    kernel: only('crossEntropyGrad', {
      derivative: (...step) => (Math.abs(derivative(...step)) < 1e-3 ? 0 : derivative(...step)),
    }),
  },
  {
    id: 'Y126',
    name: 'gradient-clipped',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropyGrad',
    fault: 'clipped to 0.9',
    bucket: 'crossEntropyGrad/inaccurate/ordinary',
    counterexample: batchOf([[0, 3]]),
    kernel: only('crossEntropyGrad', {
      derivative: (...step) => f32(Math.max(-0.9, Math.min(0.9, derivative(...step)))),
    }),
  },
  {
    id: 'Y127',
    name: 'gradient-by-the-logarithm',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropyGrad',
    fault: '1/p_t times -p_t, which is infinite times 0 once p_t underflows',
    bucket: 'crossEntropyGrad/nan/underflow',
    counterexample: batchOf([[0, -89]], [1]),
    kernel: only('crossEntropyGrad', {
      derivative: (p, i, target, { rows }) =>
        f32(f32(i === target ? f32(f32(1 / p) * f32(p * p)) - f32(f32(1 / p) * p) : p) / rows),
    }),
  },
  {
    id: 'Y128',
    name: 'gradient-of-last-row-missing',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropyGrad',
    fault: 'the last of several rows is left at 0',
    bucket: 'crossEntropyGrad/zeroed/ordinary',
    counterexample: filled(2, 2, 0),
    kernel: only('crossEntropyGrad', {
      derivative: (p, i, target, row) =>
        row.rows > 1 && row.r === row.rows - 1 ? 0 : derivative(p, i, target, row),
    }),
  },
  {
    id: 'Y129',
    name: 'gradient-target-of-8-bits',
    models: null,
    difficulty: 'hard',
    operation: 'crossEntropyGrad',
    fault: 'targets as unsigned integers of 8 bits: class 256 is class 0',
    bucket: 'crossEntropyGrad/inaccurate/ordinary',
    counterexample: filled(1, 257, 0, [256]),
    kernel: only('crossEntropyGrad', { derivative: withTarget((target) => target & 255) }),
  },
  {
    id: 'Y130',
    name: 'gradient-of-11-bits',
    models: null,
    difficulty: 'easy',
    operation: 'crossEntropyGrad',
    fault: 'the gradient is stored with 11 bits',
    bucket: 'crossEntropyGrad/inaccurate/ordinary',
    counterexample: batchOf([[0, 1]]),
    kernel: only('crossEntropyGrad', { derivative: (...step) => roundedTo(11, derivative(...step)) }),
  },
  {
    id: 'Y131',
    name: 'gradient-without-target-if-last',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropyGrad',
    fault: 'i < n - 1 for i < n where the 1 is subtracted: not from the last class',
    bucket: 'crossEntropyGrad/inaccurate/ordinary',
    counterexample: batchOf([[0]]),
    kernel: only('crossEntropyGrad', {
      derivative: withTarget((target, { x }) => (target === x.length - 1 ? -1 : target)),
    }),
  },
]);
