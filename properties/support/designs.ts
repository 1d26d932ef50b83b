/** Softmax in correct designs, and in faulty ones that the oracle alone does not see. */

import type { CompleteKernel } from '../../src/core/kernel.ts';
import type { Declaration, Target } from '../../src/core/target.ts';
import { UNIT_ROUNDOFF } from '../../src/float32/constants.ts';
import { fromOrdinal, toOrdinal } from '../../src/float32/ordinal.ts';
import { stable } from '../../src/kernels/stable.ts';
import { exp32Within } from '../../src/kernels/zoo/correct/exps.ts';
import { correctDesigns as zooDesigns } from '../../src/kernels/zoo/correct/index.ts';
import { complete, exp32, sumOf } from '../../src/kernels/zoo/parts.ts';
import { kahanSum, vectorSum } from '../../src/kernels/zoo/sums.ts';
import { createTarget } from '../../src/targets/create.ts';

type Softmax = CompleteKernel['softmax'];

const target = (name: string, softmax: Softmax, declaration: Declaration = {}): Target =>
  createTarget(name, { softmax }, { profile: 'sequential', ...declaration });

/** The softmax that adds a row in this way. */
const adding = (sum: (values: Float32Array) => number): Softmax => complete({ sum }).softmax;
const inReverse = adding((values) => sumOf(values.toReversed()));
const inTurn = adding(sumOf);

const vectorExp = exp32Within(2);

/** Designs that no law may blame: those of the zoo that take FP32, and two of which the laws could think ill. All are batch-invariant, but the last one. */
export const correctDesigns: readonly Target[] = [
  ...zooDesigns
    .filter(({ declaration }) => declaration.format === undefined)
    .map(({ name, kernel, declaration }) =>
      createTarget(name, kernel, { ...declaration, batchInvariant: true }),
    ),
  target(
    'another exp in the tail',
    complete({
      sum: vectorSum,
      weights: ({ x }, max, { shift }) =>
        x.map((value, i) => (i % 8 < 5 ? vectorExp : exp32)(shift(value, max))),
    }).softmax,
    { batchInvariant: true },
  ),
  target('another order for other numbers of rows', (logits, rows, cols) =>
    (rows > 2 ? inReverse : inTurn)(logits, rows, cols),
  ),
];

/** What each of these gets wrong, no answer of its own shows; by the bucket that a campaign must find. */
export const lawBreakers: Readonly<Record<string, Target>> = {
  'softmax/invariance/fresh-answer': target('a static buffer', staticBuffer()),
  'softmax/nondeterministic': target('a flickering bit', flickering()),
  'softmax/invariance/view': target('the whole buffer', ({ buffer }, rows, cols) =>
    stable.softmax(new Float32Array(buffer, 0, rows * cols), rows, cols),
  ),
  'softmax/mutated-input/view': target('a padded row', (logits, rows, cols) => {
    const all = new Float32Array(logits.buffer, logits.byteOffset);
    if (all.length > rows * cols) all[rows * cols] = Number.NEGATIVE_INFINITY;
    return stable.softmax(logits, rows, cols);
  }),
  'softmax/invariance/nan-isolation': target('a max of all rows', (logits, rows, cols) => {
    const result = stable.softmax(logits, rows, cols);
    return logits.some(Number.isNaN) ? result.fill(Number.NaN) : result;
  }),
  'softmax/invariance/batch-invariant': target(
    'another order for more rows',
    (logits, rows, cols) => (rows > 2 ? inReverse : inTurn)(logits, rows, cols),
    { batchInvariant: true },
  ),
  'softmax/invariance/layout': target(
    'rows, whatever the axis',
    (logits, rows, cols) => stable.softmax(logits, rows, cols),
    { layouts: ['rows', 'inner'] },
  ),
  'softmax/invariance/order': target('a second sum for the second half', (logits, rows, cols) =>
    adding(kahanSum)(logits, rows, cols).map((p, i) =>
      cols > 250 && i % cols > cols / 2 ? p * (1 + 200 * UNIT_ROUNDOFF) : p,
    ),
  ),
};

/** Other faults of the same laws. */
export const moreLawBreakers: readonly (readonly [bucket: string, target: Target])[] = [
  [
    'softmax/invariance/nan-isolation',
    target('a look at the next row', (logits, rows, cols) => {
      const result = stable.softmax(logits, rows, cols);
      for (let row = 0; row + 1 < rows; row++) {
        if (Number.isNaN(logits[(row + 1) * cols])) result[row * cols] = Number.NaN;
      }
      return result;
    }),
  ],
  [
    'softmax/invariance/view',
    target('a max that reads on', (logits, rows, cols) => {
      const all = new Float32Array(logits.buffer, logits.byteOffset);
      const beyond = all[rows * cols] ?? Number.NEGATIVE_INFINITY;
      return beyond > 1000 ? new Float32Array(logits.length) : stable.softmax(logits, rows, cols);
    }),
  ],
  [
    'softmax/invariance/view',
    target('a misaligned head counted twice', (logits, rows, cols) => {
      const result = stable.softmax(logits, rows, cols);
      const isAligned = logits.byteOffset % 16 === 0;
      return isAligned ? result : result.map((p) => p / (1 + result[0]));
    }),
  ],
  [
    'softmax/invariance/view',
    target('sixteen bytes at a time', (logits, rows, cols) => {
      new Float64Array(logits.buffer, logits.byteOffset, 0);
      return stable.softmax(logits, rows, cols);
    }),
  ],
];

function staticBuffer(): Softmax {
  let memory = new Float32Array(8);
  return (logits, rows, cols) => {
    if (memory.length < rows * cols) memory = new Float32Array(rows * cols);
    memory.set(stable.softmax(logits, rows, cols));
    return memory.subarray(0, rows * cols);
  };
}

/** Two answers in turn, both within the budget. */
function flickering(): Softmax {
  let calls = 0;
  return (logits, rows, cols) => {
    const right = stable.softmax(logits, rows, cols);
    return calls++ % 2 === 0
      ? right
      : right.map((p) => (p > 0.1 && p < 1 ? fromOrdinal(toOrdinal(p) + 1) : p));
  };
}
