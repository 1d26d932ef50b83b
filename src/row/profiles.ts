/**
 * Error profiles: the costs of kernels of the field, by name, in FP32 arithmetic (profile-formats.ts has other formats).
 * Relative costs are in units of u, 2^-24; an error of k ULP is at most 2k u.
 */
import { MIN_SUBNORMAL, UNIT_ROUNDOFF } from '../float32/constants.ts';
import { fp32 } from '../formats/index.ts';
import { unknownName } from '../text/nearest.ts';
import type { Profile } from './profile.ts';

/** Below the normal range a few roundings of 2^-149 are all that gradual underflow costs. */
const GRADUAL = 4 * MIN_SUBNORMAL;

/**
 * Flush to zero: what is below 2^-126 may be lost. The rest is for exps clamped at FP32's ln 2^-126, -87.33654, which answer
 * 2^-126 (1 + 4.6e-6) instead of 0.
 */
const FLUSH = 2 ** -126 * (1 + 2 ** -17);

/**
 * What 2^fl(d log2 e) costs beside the exponential itself: log2 e as an FP32 number, off by 0.224 u, and the product, both of
 * which grow with the gap as an exponent's error does.
 */
const BASE_2 = 1.225;

/** WGSL asks of tanh an absolute error of 1e-5; one by two exponentials cancels near 0 as well. */
const ABSOLUTE_TANH = 1e-5;

/** A GPU's own tanh (PTX tanh.approx.f32, which attention's softcap is computed by): 2^-11 relative. */
const FAST_TANH = { relative: 2 ** 13, absolute: ABSOLUTE_TANH } as const;

/**
 * Shifted, summed pairwise or in at least 8 lanes, an exp and log of 2 ULP, e^d by 2^(d log2 e) or not, gradual underflow. PyTorch
 * 2.13 used 0.85 of it at most, on 1,500 adversarial rows of up to 5,000 logits, when exp was allowed nothing for its gap.
 */
export const defaultProfile: Profile = {
  name: 'default',
  subtraction: 1,
  exp: { constant: 4, perGap: BASE_2, exactAtZero: true },
  log: { relative: 4, absolute: 0 },
  log1p: false,
  division: 2,
  summation: { order: 'lanes', lanes: 8 },
  online: false,
  roundedMax: false,
  savedLse: false,
  roundedScale: false,
  gradientThroughMax: false,
  gradientBySum: true,
  gradient: 3,
  floor: GRADUAL,
  unit: UNIT_ROUNDOFF,
  arithmetic: fp32,
  answer: fp32,
  isRoundedLast: false,
  storesIntermediates: false,
  stored: 0,
  storedFloor: 0,
  tanh: { relative: 4, absolute: 0 },
  roundedLogits: false,
};

/**
 * Nothing left to gain in FP32: sums in FP64, log1p, a correct division, glibc's expf (0.502 ULP) and logf
 * (0.818 ULP; both of ARM's optimized-routines, from their headers).
 */
const strictProfile: Profile = {
  ...defaultProfile,
  name: 'strict',
  exp: { constant: 1.004, perGap: 0, exactAtZero: true },
  log: { relative: 1.64, absolute: 0 },
  log1p: true,
  division: 1,
  summation: { order: 'once' },
  gradientBySum: false,
  floor: 2 * MIN_SUBNORMAL,
};

/** The default, but for an exp of 2 ULP at any gap, as expf of a C library and Math.exp are: sees more at large gaps. */
const libmProfile: Profile = {
  ...defaultProfile,
  name: 'libm',
  exp: { ...defaultProfile.exp, perGap: 0 },
};

const toSequential = (profile: Profile): Profile => ({ ...profile, summation: { order: 'sequential' } });

/** The default, but for one FP32 accumulator that adds the row from left to right. */
export const sequentialProfile: Profile = { ...toSequential(defaultProfile), name: 'sequential' };

/** One pass over the row with a running maximum that rescales the sum (Milakov and Gimelshein, arXiv 1805.02867). */
const onlineProfile: Profile = { ...sequentialProfile, name: 'online', online: true };

/**
 * lse - x_t with a rounded lse for a loss, and e^(x - lse) for its gradient, as flash-attention, Liger, unsloth and TensorFlow.js have them: off by 2u |lse|. They forget
 * digits at large offsets, which `default` has an eye on.
 */
const lseProfile: Profile = { ...onlineProfile, name: 'lse', roundedMax: true, savedLse: true };

/**
 * 2^fma(x, log2 e, -fl(max log2 e)), as FlashAttention has it: no subtraction, but the largest logit's exponent is no longer 0, and
 * logarithms keep what the product with the maximum lost.
 */
const exp2Profile: Profile = {
  ...defaultProfile,
  name: 'exp2',
  exp: { ...defaultProfile.exp, exactAtZero: false },
  roundedScale: true,
};

/**
 * The accuracy that WGSL asks of an implementation (and Vulkan's SPIR-V environment, whose numbers are the same): exp
 * 3 + 2|x| ULP, log 3 ULP, or 2^-21 between 1/2 and 2, division 2.5 ULP, subnormals may be flushed anywhere.
 */
const wgslProfile: Profile = {
  ...sequentialProfile,
  name: 'wgsl',
  exp: { constant: 6, perGap: 4, exactAtZero: false },
  log: { relative: 6, absolute: 2 ** -21 },
  division: 5,
  floor: FLUSH,
  tanh: { relative: 4, absolute: ABSOLUTE_TANH },
};

/**
 * CUDA with -use_fast_math (CUDA C++ Programming Guide, intrinsic functions): __expf 2 + floor(1.173 |x|) ULP against
 * the rounded value, so half an ULP more, __logf 3 ULP or 2^-21.41 between 1/2 and 2, __fdividef 2 ULP; flush to zero. Or
 * exp2 instead of __expf, as in `exp2`.
 */
const cudaFastProfile: Profile = {
  ...exp2Profile,
  name: 'cuda-fast',
  exp: { constant: 5, perGap: 2.35, exactAtZero: false },
  log: { relative: 7, absolute: 2 ** -21.41 },
  division: 4,
  summation: { order: 'lanes', lanes: 32 },
  floor: FLUSH,
  tanh: FAST_TANH,
};

/**
 * What any stable algorithm of the field explains: sequential summation, online rescaling, an exp of
 * 3 + 2|x| ULP (WGSL, Vulkan), log of 3 and division of 2.5 ULP (OpenCL), flush to zero. Beyond it is an error.
 */
export const fieldProfile: Profile = {
  ...defaultProfile,
  name: 'field',
  subtraction: 1.25,
  exp: { constant: 6, perGap: 4, exactAtZero: true },
  log: { relative: 7, absolute: 0 },
  log1p: false,
  division: 5,
  summation: { order: 'sequential' },
  online: true,
  roundedMax: true,
  roundedScale: false,
  gradientThroughMax: true,
  gradientBySum: true,
  gradient: 8,
  floor: FLUSH,
  tanh: FAST_TANH,
  roundedLogits: true,
};

/** The default, but for intermediates that are rounded to the format of the answers, where that is narrower than FP32. */
const composedProfile: Profile = { ...defaultProfile, name: 'composed', storesIntermediates: true };

/** The profiles that a target may declare. */
export const profiles: readonly Profile[] = [
  strictProfile,
  libmProfile,
  defaultProfile,
  sequentialProfile,
  onlineProfile,
  lseProfile,
  exp2Profile,
  wgslProfile,
  cudaFastProfile,
  composedProfile,
];

/** What may stand behind a profile's name, in any number: `exp2+online`. Each allows more. */
const additions: Readonly<Record<string, (profile: Profile) => Profile>> = {
  /** One accumulator. */
  sequential: toSequential,
  /** One pass, with a running maximum that rescales. */
  online: (profile) => ({ ...toSequential(profile), online: true }),
  /** A rounded lse in losses and their gradients. */
  lse: (profile) => ({ ...profile, roundedMax: true, savedLse: true }),
  /** What is below the normal range may be flushed to zero. */
  ftz: (profile) => ({ ...profile, floor: Math.max(profile.floor, FLUSH) }),
};

/** The names of all additions. */
export const additionNames: readonly string[] = Object.keys(additions);

/**
 * The profile of this name, with {@link additionNames} behind it: `wgsl+ftz`, `exp2+online`.
 * @throws UserError when there is none, with the names that there are.
 */
export function profileNamed(name: string): Profile {
  const known = resolved.get(name);
  if (known !== undefined) return known;
  const [plain, ...added] = name.split('+');
  const profile = profiles.find((each) => each.name === plain);
  if (profile === undefined)
    throw unknownName(
      'profile',
      plain,
      profiles.map((each) => each.name),
    );
  const unknown = added.find((each) => !additionNames.includes(each));
  if (unknown !== undefined) throw unknownName('addition', unknown, additionNames);
  const found = added.reduce((sum, each) => additions[each](sum), profile);
  const named = plain === name ? profile : { ...found, name };
  resolved.set(name, named);
  return named;
}

const resolved = new Map<string, Profile>();
