/** The exp itself: wrong in general, wrong in one interval, wrong beyond one argument. */
import { batchOf } from '../../core/batch.ts';
import { fromBits, toBits } from '../../float32/bits.ts';
import { MIN_NORMAL } from '../../float32/constants.ts';
import { inClass } from './entry.ts';
import { exp2, expBy, fma, LOG2E, taylor } from './exp.ts';
import { exp32, f32, maxOf, only, roundedTo, type Steps } from './parts.ts';

/** Adding it rounds to an integer, as long as the sum stays within [2^23, 2^24). */
const MAGIC = 1.5 * 2 ** 23;

/** An exp that is off by the relative error `error` for arguments in (from, to]. */
const offBetween =
  (from: number, to: number, error: number) =>
  (d: number): number =>
    f32(Math.exp(d) * (d > from && d <= to ? 1 + error : 1));

/** An exp by a table of 2^(j/32) whose entry 17 is off by the relative error `error`. */
const offInTable =
  (error: number) =>
  (d: number): number => {
    const j = Math.round((d / Math.LN2) * 32) & 31;
    return f32(Math.exp(d) * (j === 17 ? 1 + error : 1));
  };

/** The steps that subtract no maximum where `isSafe` holds for it and the smallest logit. */
const unshiftedIf = (isSafe: (max: number, min: number) => boolean): Partial<Steps> => ({
  weights: ({ x }, max, { exp, shift }) => {
    const min = -maxOf(x.map((each) => -each));
    return x.map((each) => exp(isSafe(max, min) ? each : shift(each, max)));
  },
});

export const exponentialFaults = inClass('exponentials', [
  {
    id: 'Z15',
    name: 'exp-nan-below-88',
    models: 'VcDevel/Vc#273',
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'e^d is NaN below -88.05',
    bucket: 'softmax/nan/underflow',
    counterexample: batchOf([[0, -89]]),
    kernel: only('softmax', { exp: (d) => (d < -88.05 ? Number.NaN : exp32(d)) }),
  },
  {
    id: 'Z16',
    name: 'exp-returns-argument',
    models: 'heal-research/operon#169',
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'e^d is d below -88.7',
    bucket: 'softmax/out-of-range/underflow',
    counterexample: batchOf([[0, -89]]),
    kernel: only('softmax', { exp: (d) => (d < -88.7 ? d : exp32(d)) }),
  },
  {
    id: 'Z18',
    name: 'exp-by-straight-lines',
    models: 'torch/nn#804',
    difficulty: 'easy',
    operation: 'softmax',
    fault: '2^k (1 + f) for 2^(k + f), 6 % off',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: batchOf([[0, 1]]),
    kernel: only('softmax', { exp: expBy({ integer: Math.floor, power: (r) => 1 + r / Math.LN2 }) }),
  },
  {
    id: 'Z19',
    name: 'exp-flushes',
    models: 'tensorflow/tensorflow#62399',
    difficulty: 'easy',
    operation: 'softmax',
    declaration: { profile: 'default' },
    fault: 'subnormals of exp are flushed to 0, and not declared to be',
    bucket: 'softmax/zeroed/underflow/warning',
    counterexample: batchOf([[0, 88]]),
    kernel: only('softmax', { exp: (d) => (exp32(d) < MIN_NORMAL ? 0 : exp32(d)) }),
  },
  {
    id: 'Z22',
    name: 'scale-fused-into-exp',
    models: 'pytorch/pytorch#100775',
    difficulty: 'hard',
    operation: 'softmax',
    fault:
      '2^fma(x, c, -fl(max c)): the rounding of max c is an error of the exponent, over 2^7 from 2^31 on',
    bucket: 'softmax/nan/high-offset',
    counterexample: batchOf([[1e10]]),
    kernel: only('softmax', {
      weights: ({ x }, max) => x.map((each) => exp2(fma(each, LOG2E, -f32(max * LOG2E)))),
    }),
  },
  {
    id: 'Y30',
    name: 'scaled-before-shift',
    models: null,
    difficulty: 'medium',
    operation: 'softmax',
    fault: '2^(fl(x c) - fl(max c)): both roundings grow with the offset of the row',
    bucket: 'softmax/inaccurate/exp-overflow',
    counterexample: batchOf([[77, 90]]),
    kernel: only('softmax', {
      weights: ({ x }, max) => x.map((each) => exp2(f32(f32(each * LOG2E) - f32(max * LOG2E)))),
    }),
  },
  {
    id: 'Y31',
    name: 'exp-clamped-at-80',
    models: 'ggml-org/llama.cpp#24941',
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'e^d is e^-80 for all d below -80',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: batchOf([[0, 81]]),
    kernel: only('softmax', { exp: (d) => exp32(Math.max(d, -80)) }),
  },
  {
    id: 'Y32',
    name: 'exp-cut-by-half',
    models: null,
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'e^d is 0 below -51.98, half of where it underflows',
    bucket: 'softmax/zeroed/ordinary',
    counterexample: batchOf([[0, 52]]),
    kernel: only('softmax', { exp: expBy({ lowest: -51.98 }) }),
  },
  {
    id: 'Y33',
    name: 'exp-flushes-two-binades-early',
    models: null,
    difficulty: 'very hard',
    operation: 'softmax',
    fault: 'e^d is 0 below 2^-124, where normal numbers go down to 2^-126',
    bucket: 'softmax/zeroed/ordinary',
    counterexample: batchOf([[0, 86]]),
    kernel: only('softmax', { exp: (d) => (exp32(d) < 2 ** -124 ? 0 : exp32(d)) }),
  },
  {
    id: 'Y34',
    name: 'exponent-field-wraps',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: '2^k by its exponent field, which is negative from k = -128 on',
    bucket: 'softmax/nan/underflow',
    counterexample: batchOf([[0, -89]]),
    kernel: only('softmax', {
      exp: expBy({ scale: (power, k) => power * fromBits(((k + 127) << 23) >>> 0) }),
    }),
  },
  {
    id: 'Y35',
    name: 'exponent-by-magic-number',
    models: 'tenstorrent/tt-metal#55802',
    difficulty: 'hard',
    operation: 'softmax',
    fault: 'k from the word of k + 1.5 * 2^23, which is negative for arguments below -8.7e6',
    bucket: 'softmax/nan/underflow',
    counterexample: batchOf([[0, -8721811]]),
    kernel: only('softmax', {
      exp: expBy({
        lowest: -Number.MAX_VALUE,
        scale(power, k) {
          const n = toBits(f32(k + MAGIC)) - toBits(MAGIC);
          return n < -150 ? 0 : power * 2 ** n;
        },
      }),
    }),
  },
  {
    id: 'Y36',
    name: 'exponent-as-int32',
    models: null,
    difficulty: 'hard',
    operation: 'softmax',
    fault: 'k as an integer of 32 bits, which wraps for arguments below -1.49e9',
    bucket: 'softmax/nan/underflow',
    counterexample: batchOf([[0, -2e9]]),
    kernel: only('softmax', {
      exp: expBy({
        lowest: -Number.MAX_VALUE,
        scale: (power, k) => ((k | 0) < -150 ? 0 : power * 2 ** (k | 0)),
      }),
    }),
  },
  {
    id: 'Y37',
    name: 'exp-reduced-by-truncation',
    models: null,
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'k is truncated, and the polynomial meant for |r| <= ln 2 / 2',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: batchOf([[0, 2]]),
    kernel: only('softmax', { exp: expBy({ integer: Math.trunc, power: taylor(6) }) }),
  },
  {
    id: 'Y38',
    name: 'exp-of-bfloat16',
    models: null,
    difficulty: 'easy',
    operation: 'logSumExp',
    fault: 'the argument of exp rounded to bfloat16',
    bucket: 'logSumExp/inaccurate/ordinary',
    counterexample: batchOf([[0, 1.1]]),
    kernel: only('logSumExp', { exp: (d) => exp32(roundedTo(8, d)) }),
  },
  {
    id: 'Y39',
    name: 'exp-64-ulp',
    models: null,
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'an exp that is 64 ULP too large but for d = 0',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: batchOf([[0, 1]]),
    kernel: only('softmax', { exp: offBetween(Number.NEGATIVE_INFINITY, -Number.MIN_VALUE, 2 ** -17) }),
  },
  {
    id: 'Y40',
    name: 'wrong-table-entry',
    models: null,
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'one of 32 entries of a table of powers has a wrong digit, 2^-12 off',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: batchOf([[0, 1.71]]),
    kernel: only('softmax', { exp: offInTable(2 ** -12) }),
  },
  {
    id: 'Y41',
    name: 'wrong-table-entry-by-a-bit',
    models: null,
    difficulty: 'hard',
    operation: 'softmax',
    fault: 'one of 32 entries of a table of powers is off by 2^-18',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: batchOf([[0, 0.33]]),
    kernel: only('softmax', { exp: offInTable(2 ** -18) }),
  },
  {
    id: 'Y42',
    name: 'wrong-quarter',
    models: null,
    difficulty: 'hard',
    operation: 'softmax',
    fault: 'e^d is 2^-8 off for d in (-20.5, -20.25]',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: batchOf([[0, 20.25]]),
    kernel: only('softmax', { exp: offBetween(-20.5, -20.25, 2 ** -8) }),
  },
  {
    id: 'Y43',
    name: 'wrong-128th',
    models: null,
    difficulty: 'very hard',
    operation: 'softmax',
    fault: 'e^d is 2^-8 off for d in (-33 - 2^-7, -33]',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: batchOf([[0, 33]]),
    kernel: only('softmax', { exp: offBetween(-33 - 2 ** -7, -33, 2 ** -8) }),
  },
  {
    id: 'Y44',
    name: 'exp-of-minus-zero',
    models: null,
    difficulty: 'very hard',
    operation: 'softmax',
    fault: 'e^-0 is 0: the sign bit alone was looked at',
    bucket: 'softmax/zeroed/ordinary',
    counterexample: batchOf([[0, -0]]),
    kernel: only('softmax', { exp: (d) => (Object.is(d, -0) ? 0 : exp32(d)) }),
  },
  {
    id: 'Y45',
    name: 'unshifted-if-each-is-finite',
    models: null,
    difficulty: 'hard',
    operation: 'softmax',
    fault: 'no maximum is subtracted while each e^x is finite; their sum may not be',
    bucket: 'softmax/zeroed/sum-overflow',
    counterexample: batchOf([[88.5, 88.5]]),
    kernel: only(
      'softmax',
      unshiftedIf((max, min) => max < 88.72 && max > 0 && min > -80),
    ),
  },
  {
    id: 'Y46',
    name: 'unshifted-a-binade-too-far',
    models: null,
    difficulty: 'hard',
    operation: 'softmax',
    fault: 'no maximum is subtracted up to 129 ln 2, a binade beyond the overflow',
    bucket: 'softmax/nan/exp-overflow',
    counterexample: batchOf([[89]]),
    kernel: only(
      'softmax',
      unshiftedIf((max, min) => max < 89.416 && max > 0 && min > -1),
    ),
  },
  {
    id: 'Y47',
    name: 'wrong-at-half-multiples',
    models: null,
    difficulty: 'very hard',
    operation: 'softmax',
    fault: 'e^d is 2^-12 off within 2 places of -5.5 ln 2, where the reduction changes its k',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: batchOf([[0, 3.81231]]),
    kernel: only('softmax', {
      exp: offBetween(-5.5 * Math.LN2 - 2 ** -20, -5.5 * Math.LN2 + 2 ** -20, 2 ** -12),
    }),
  },
  {
    id: 'Y48',
    name: 'exp-without-cutoff',
    models: null,
    difficulty: 'very hard',
    operation: 'softmax',
    fault:
      'no cutoff before the reduction: of huge arguments r is what rounding leaves, and 2^k e^r 0 times infinity',
    bucket: 'softmax/nan/underflow',
    counterexample: batchOf([[0, -3.1e38]]),
    kernel: only('softmax', {
      exp: (d) => (d === Number.NEGATIVE_INFINITY ? 0 : expBy({ lowest: Number.NEGATIVE_INFINITY })(d)),
    }),
  },
]);
