/** Correct exps, logarithms and divisions, and equivalent ways to the maximum. */

import { toBits } from '../../../float32/bits.ts';
import { MAX_FINITE, MIN_NORMAL } from '../../../float32/constants.ts';
import { ulp } from '../../../float32/ulp.ts';
import { exp2, fma, LOG2E } from '../exp.ts';
import { complete, correct, exp32, f32, maxOf, only, type Steps, sumOf } from '../parts.ts';
import { laneSum, withoutMax } from '../sums.ts';
import type { Design } from './design.ts';

/** log2 e - LOG2E. */
const LOG2E_LOW = f32(Math.LOG2E - LOG2E);

/**
 * An exp within `ulps` ULP, and often that far off: half an ULP goes to the rounding, the rest to an error that a hash of
 * the argument chooses. e^0 is 1.
 */
export function exp32Within(ulps: number): (d: number) => number {
  return within(ulps, Math.exp);
}

/** 2^t in the same way. */
export function exp2Within(ulps: number): (t: number) => number {
  return within(ulps, (t) => 2 ** t);
}

function within(ulps: number, power: (exponent: number) => number): (exponent: number) => number {
  return (exponent) => {
    const exact = power(exponent);
    if (!(exact > 0 && exact !== 1 && exact < 2)) return f32(exact);
    const share = (Math.imul(toBits(exponent), 0x9e3779b1) >>> 8) / 2 ** 23 - 1;
    const error = Math.sign(share) * Math.abs(share) ** 0.25 * (ulps - 0.5);
    return Math.max(0, f32(exact + error * ulp(exact)));
  };
}

/** 2^fl(d log2 e), as GPU kernels have e^d. */
export function inBase2(power: (t: number) => number): (d: number) => number {
  return (d) => power(f32(d * LOG2E));
}

/**
 * 2^fma(x, log2 e, -fl(max log2 e)) of a row. Beyond 2^30 the product with the maximum loses so much that no power is left: there it
 * is subtracted first.
 */
export function fusedWeights(power: (t: number) => number): Steps['weights'] {
  return ({ x }, max) => {
    const scaled = f32(max * LOG2E);
    return Math.abs(max) < 2 ** 30
      ? x.map((each) => power(fma(each, LOG2E, -scaled)))
      : x.map((each) => inBase2(power)(f32(each - max)));
  };
}

/**
 * A row of FlashAttention-2: by blocks of `size`, each with the maximum so far in its powers, fused as in {@link fusedWeights}; what came before a new maximum is
 * multiplied by 2^fl((old - max) log2 e), the weights as the sum is.
 */
function flashRow(x: Float32Array, size: number): { readonly weights: Float32Array; readonly sum: number } {
  const weights = new Float32Array(x.length);
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let from = 0; from < x.length; from += size) {
    const block = x.subarray(from, from + size);
    const old = max;
    max = Math.max(old, maxOf(block));
    if (max === Number.NEGATIVE_INFINITY) continue;
    const rescale = inBase2(exp2)(f32(old - max));
    sum = f32(sum * rescale);
    for (let i = 0; i < from; i++) weights[i] *= rescale;
    weights.set(blockWeights(block, max), from);
    sum = f32(sum + sumOf(weights.subarray(from, from + size)));
  }
  return { weights, sum };
}

function blockWeights(x: Float32Array, max: number): Float32Array {
  return fusedWeights(exp2)({ x, r: 0, rows: 1, batch: x }, max, correct);
}

const byFlash: Partial<Steps> = {
  weights: ({ x }) => flashRow(x, 64).weights,
  sum: (_weights, { x }) => flashRow(x, 64).sum,
};

/** 0 for what is below the normal range. */
function flushed(x: number): number {
  return Math.abs(x) < MIN_NORMAL ? 0 : x;
}

export const expDesigns: readonly Design[] = [
  {
    name: 'exp-within-1-ulp',
    about: 'an exp that is up to 1 ULP off',
    declaration: { profile: 'libm' },
    kernel: complete({ sum: laneSum(8), exp: exp32Within(1) }),
  },
  {
    name: 'exp-within-2-ulp',
    about: 'an exp that is up to 2 ULP off: all that its profile allows to it',
    declaration: { profile: 'libm' },
    kernel: complete({ sum: laneSum(8), exp: exp32Within(2) }),
  },
  {
    name: 'base-2-fma',
    about:
      '2^(d log2 e), log2 e in two parts: the exponent is rounded once, an error that grows with the gap',
    declaration: { profile: 'cuda-fast' },
    kernel: complete({
      sum: laneSum(32),
      exp: (d) => (Number.isFinite(d) ? exp2(fma(d, LOG2E, f32(d * LOG2E_LOW))) : exp32(d)),
    }),
  },
  {
    name: 'base-2',
    about: '2^(d log2 e), as Triton has it: log2 e and the product with it are rounded',
    declaration: { profile: 'default' },
    kernel: complete({ sum: laneSum(8), exp: inBase2(exp2) }),
  },
  {
    name: 'base-2-within-2-ulp',
    about: 'the same, and the power is up to 2 ULP off: all that the default profile allows to it',
    declaration: { profile: 'default' },
    kernel: complete({ sum: laneSum(8), exp: inBase2(exp2Within(2)) }),
  },
  {
    name: 'base-2-fused',
    about:
      '2^(x log2 e - max log2 e), as FlashAttention has it: the largest weight is not 1, and logarithms know',
    declaration: { profile: 'exp2' },
    kernel: complete({ sum: laneSum(8), weights: fusedWeights(exp2Within(2)) }),
  },
  {
    name: 'base-2-fused-flushed',
    about: 'the same in the lanes of a warp, weights and quotients below the normal range written as 0',
    declaration: { profile: 'cuda-fast' },
    kernel: complete({
      sum: laneSum(32),
      weights: fusedWeights((t) => flushed(exp2Within(2)(t))),
      divide: (weight, sum) => flushed(f32(weight / sum)),
    }),
  },
  {
    name: 'base-2-fused-online',
    about:
      'the same in one pass over blocks of 64 with maxima of their own, weights rescaled as the sum is: the recurrence of FlashAttention-2',
    declaration: { profile: 'exp2+online' },
    kernel: only('softmax', byFlash),
  },
  {
    name: 'base-2-fused-in-one-sum',
    about: 'the same in one accumulator',
    declaration: { profile: 'exp2+sequential' },
    kernel: complete({ weights: fusedWeights(exp2Within(2)) }),
  },
  {
    name: 'flush-to-zero',
    about: 'subnormals are read as 0 and written as 0, and that is declared',
    declaration: { profile: 'sequential', ftz: true },
    kernel: complete({
      max: ({ x }) => maxOf(x.map(flushed)),
      shift: (x, max) => flushed(f32(flushed(x) - max)),
      exp: (d) => flushed(exp32(d)),
      divide: (weight, sum) => flushed(f32(weight / sum)),
      logProbability: (x, max, sum, steps) => flushed(correct.logProbability(x, max, sum, steps)),
      logSumExp: (max, sum, steps) => flushed(correct.logSumExp(max, sum, steps)),
      derivative: (...step) => flushed(correct.derivative(...step)),
    }),
  },
  {
    name: 'reciprocal',
    about: 'multiplied by the reciprocal of the sum: two roundings',
    declaration: { profile: 'sequential' },
    kernel: complete({ divide: (weight, sum) => f32(weight * f32(1 / sum)) }),
  },
  {
    name: 'log1p',
    about: 'the first maximum left out of the sum, which log1p adds',
    declaration: { profile: 'sequential' },
    kernel: complete({
      sum: (weights) => sumOf(withoutMax(weights)),
      log: (others) => f32(Math.log1p(others)),
      divide: (weight, others) => f32(weight / f32(1 + others)),
    }),
  },
  {
    name: 'max-from-lowest-float',
    about:
      'the maximum starts from the lowest float: -Infinity minus it is -Infinity, and a masked row 0/0, as it should be',
    declaration: { profile: 'sequential' },
    kernel: only('softmax', { max: ({ x }) => x.reduce((max, each) => Math.max(max, each), -MAX_FINITE) }),
  },
  {
    name: 'max-without-nan',
    about: 'the maximum drops NaN, which the sum still meets',
    declaration: { profile: 'sequential' },
    kernel: only('softmax', {
      max: ({ x }) =>
        x.filter((each) => !Number.isNaN(each)).reduce((max, each) => Math.max(max, each), -MAX_FINITE),
    }),
  },
];
