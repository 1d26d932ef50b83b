/** Softmax in the correct designs of the field, and in faulty ones that the oracle alone does not see. */

import type { CompleteKernel } from '../../src/core/kernel.ts';
import type { Declaration, Target } from '../../src/core/target.ts';
import { toBits } from '../../src/float32/bits.ts';
import { MIN_NORMAL, UNIT_ROUNDOFF } from '../../src/float32/constants.ts';
import { fromOrdinal, toOrdinal } from '../../src/float32/ordinal.ts';
import { stable } from '../../src/kernels/stable.ts';
import { createTarget } from '../../src/targets/create.ts';

type Softmax = CompleteKernel['softmax'];
type Exp = (x: number, i: number) => number;

const { fround } = Math;
const exp: Exp = (x) => fround(Math.exp(x));

/** The right exp moved by up to so many ULP, as the bits of the argument have it: not monotone, but 1 at 0. */
const offBy =
  (ulps: number): Exp =>
  (x) => {
    const right = exp(x, 0);
    if (x === 0 || right === 0) return right;
    const hash = Math.imul(toBits(x), 0x9e3779b9) >>> 24;
    return fromOrdinal(toOrdinal(right) + (hash % (2 * ulps + 1)) - ulps);
  };

const flushed = (x: number): number => (Math.abs(x) < MIN_NORMAL ? 0 : x);

const sequential = (e: Float32Array): number => e.reduce((sum, x) => fround(sum + x), 0);

function pairwise(e: Float32Array): number {
  if (e.length === 1) return e[0];
  const half = e.length >> 1;
  return fround(pairwise(e.subarray(0, half)) + pairwise(e.subarray(half)));
}

const blocked = (size: number) => (e: Float32Array) => {
  let sum = 0;
  for (let k = 0; k < e.length; k += size) sum = fround(sum + sequential(e.subarray(k, k + size)));
  return sum;
};

function kahan(e: Float32Array): number {
  let [sum, lost] = [0, 0];
  for (const x of e) {
    const y = fround(x - lost);
    const next = fround(sum + y);
    lost = fround(fround(next - sum) - y);
    sum = next;
  }
  return sum;
}

/** Eight lanes, folded in pairs, and the tail one by one. */
function lanes(e: Float32Array): number {
  const whole = e.length & ~7;
  const lane = new Float32Array(8);
  for (let k = 0; k < whole; k++) lane[k % 8] += e[k];
  for (let width = 4; width >= 1; width /= 2) for (let k = 0; k < width; k++) lane[k] += lane[k + width];
  return whole === 0 ? sequential(e) : fround(lane[0] + sequential(e.subarray(whole)));
}

/** e^(x_i - max) over their sum, row by row, by the parts given. */
function shifted({
  add = sequential,
  e = exp,
  divide = (x: number, sum: number) => x / sum,
}: {
  readonly add?: (e: Float32Array) => number;
  readonly e?: Exp;
  readonly divide?: (x: number, sum: number) => number;
}): Softmax {
  return (logits, rows, cols) => {
    const result = new Float32Array(logits.length);
    for (let row = 0; row < rows; row++) {
      const x = logits.subarray(row * cols, (row + 1) * cols);
      const max = x.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
      const exps = x.map((value, i) => e(fround(value - max), i));
      const sum = add(exps);
      result.set(
        exps.map((value) => divide(value, sum)),
        row * cols,
      );
    }
    return result;
  };
}

/** One pass with a running maximum; the exponentials that were kept are rescaled with the sum. */
const online: Softmax = (logits, rows, cols) => {
  const result = new Float32Array(logits.length);
  for (let row = 0; row < rows; row++) {
    const kept = result.subarray(row * cols, (row + 1) * cols);
    let [max, sum] = [Number.NEGATIVE_INFINITY, 0];
    for (let i = 0; i < cols; i++) {
      const x = logits[row * cols + i];
      if (Number.isNaN(x)) sum = Number.NaN;
      if (x > max) {
        const scale = max === Number.NEGATIVE_INFINITY ? 1 : exp(fround(max - x), i);
        for (let k = 0; k < i; k++) kept[k] *= scale;
        sum = fround(sum * scale);
        max = x;
      }
      kept[i] = x === max ? 1 : max === Number.NEGATIVE_INFINITY ? 0 : exp(fround(x - max), i);
      sum = fround(sum + kept[i]);
    }
    for (let i = 0; i < cols; i++) kept[i] /= sum;
  }
  return result;
};

const target = (name: string, softmax: Softmax, declaration: Declaration = {}): Target =>
  createTarget(name, { softmax }, { profile: 'sequential', ...declaration });

const vectorExp = offBy(2);

/** Designs that no law may blame. All are batch-invariant, but the last one. */
export const correctDesigns: readonly Target[] = [
  target('pairwise', shifted({ add: pairwise }), { profile: 'default', batchInvariant: true }),
  target('blocked', shifted({ add: blocked(64) }), { batchInvariant: true }),
  target('kahan', shifted({ add: kahan }), { profile: 'default', batchInvariant: true }),
  target(
    '8 lanes with a scalar tail',
    shifted({ add: lanes, e: (x, i) => (i % 8 < 5 ? vectorExp(x, i) : exp(x, i)) }),
    { batchInvariant: true },
  ),
  target('online', online, { profile: 'online', batchInvariant: true }),
  target('a reciprocal', shifted({ divide: (x, sum) => x * fround(1 / sum) }), { batchInvariant: true }),
  target('an exp of 1 ULP', shifted({ e: offBy(1) }), { batchInvariant: true }),
  target('an exp of 2 ULP', shifted({ e: vectorExp }), { batchInvariant: true }),
  target('base 2', shifted({ e: (x) => fround(2 ** fround(x * fround(Math.LOG2E))) }), {
    profile: 'cuda-fast',
    batchInvariant: true,
  }),
  target(
    'flush to zero',
    shifted({ e: (x, i) => flushed(exp(x, i)), divide: (x, sum) => flushed(fround(x / sum)) }),
    { ftz: true, batchInvariant: true },
  ),
  target('another order for other numbers of rows', (logits, rows, cols) =>
    shifted({ add: rows > 2 ? pairwise : sequential })(logits, rows, cols),
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
    (logits, rows, cols) => shifted({ add: rows > 2 ? pairwise : sequential })(logits, rows, cols),
    { batchInvariant: true },
  ),
  'softmax/invariance/order': target('a second sum for the second half', (logits, rows, cols) =>
    shifted({ add: kahan })(logits, rows, cols).map((p, i) =>
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
