/**
 * Error profiles: what one rounding, exp, log, division and summation of a kernel may cost, as data.
 * Relative costs are in units of u = 2^-24; an error of k ULP is at most 2k u. See budget.ts for the formulas.
 */
import { unknownName } from '../core/nearest.ts';
import { MIN_SUBNORMAL } from '../float32/constants.ts';

/** How the row's exponentials are added: one accumulator, or several lanes (or blocks) and then their sum. */
export type Summation =
  | { readonly order: 'sequential' }
  | { readonly order: 'lanes'; readonly lanes: number };

/** A named set of budget constants. */
export interface Profile {
  readonly name: string;
  /** x - max, in u. */
  readonly subtraction: number;
  /** exp(-d) costs `constant + perGap * d`, in u; exp(0) is taken as exact. */
  readonly exp: { readonly constant: number; readonly perGap: number };
  /** log, relative, in u. */
  readonly log: number;
  /** The division by the sum, its rounding included, in u. */
  readonly division: number;
  readonly summation: Summation;
  /** Whether a running maximum may rescale the sum, at one exp and one product for each new maximum. */
  readonly online: boolean;
  /**
   * Whether the maximum may be rounded on its way into a logarithm, as in x - fl(max + log sum) or in base 2:
   * 2u |lse| more.
   */
  readonly roundedMax: boolean;
  /** Whether the gradient may run backward through the row's max: an absolute cost at the max. */
  readonly gradientThroughMax: boolean;
  /** The roundings of a gradient entry once its probability is known, relative, in u. */
  readonly gradient: number;
  /** Absolute error allowed to anything below the normal range. */
  readonly floor: number;
}

/**
 * Shifted, summed pairwise or in at least 8 lanes, an exp and log of 2 ULP, gradual underflow. PyTorch 2.13
 * used 0.85 of it at most, on 1,500 adversarial rows of up to 5,000 logits.
 */
export const defaultProfile: Profile = {
  name: 'default',
  subtraction: 1,
  exp: { constant: 4, perGap: 0 },
  log: 4,
  division: 2,
  summation: { order: 'lanes', lanes: 8 },
  online: false,
  roundedMax: false,
  gradientThroughMax: false,
  gradient: 3,
  floor: 4 * MIN_SUBNORMAL,
};

/** The default, but for one FP32 accumulator that adds the row from left to right. */
export const sequentialProfile: Profile = {
  ...defaultProfile,
  name: 'sequential',
  summation: { order: 'sequential' },
};

/**
 * What any stable algorithm of the field explains: sequential summation, online rescaling, an exp of
 * 3 + 2|x| ULP (WGSL, Vulkan), log of 3 and division of 2.5 ULP (OpenCL), flush to zero. Beyond it is an error.
 */
export const fieldProfile: Profile = {
  name: 'field',
  subtraction: 1.25,
  exp: { constant: 6, perGap: 4 },
  log: 6,
  division: 5,
  summation: { order: 'sequential' },
  online: true,
  roundedMax: true,
  gradientThroughMax: true,
  gradient: 8,
  floor: 2 ** -125,
};

/** The profiles that a target may declare. */
export const profiles: readonly Profile[] = [defaultProfile, sequentialProfile];

/**
 * The profile of this name.
 * @throws UserError when there is none, with the names that there are.
 */
export function profileNamed(name: string): Profile {
  const profile = profiles.find((each) => each.name === name);
  if (profile === undefined)
    throw unknownName(
      'profile',
      name,
      profiles.map((each) => each.name),
    );
  return profile;
}
