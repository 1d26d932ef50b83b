/**
 * Profiles in other formats than FP32. They are three things more:
 *  - the arithmetic's own u and smallest numbers, where that is FP16 or BF16 itself;
 *  - the format to which an answer is rounded once more: no part of the budget, see formats/cell.ts;
 *  - what rounding of intermediates to the answer's format costs, each step u_S relative: gaps, weights, their sum and its
 *    logarithm, what a backward pass takes from a stored answer. That is what calling one tensor operation after the other does
 *    (PyTorch's logsumexp and F.cross_entropy, JAX outside of a fusion).
 */
import { keep } from '../core/keep.ts';
import { MIN_SUBNORMAL, UNIT_ROUNDOFF } from '../float32/constants.ts';
import type { Format } from '../formats/format.ts';
import { type Formats, formats, fp32, inFp32 } from '../formats/index.ts';
import type { Profile } from './profile.ts';
import { defaultProfile, fieldProfile, profileNamed } from './profiles.ts';

/** The profile of a target: the one that it declares, in its formats. */
export function profileOf(target: {
  readonly profile: string;
  readonly formats?: Formats | undefined;
}): Profile {
  const { answer, arithmetic } = target.formats ?? inFp32;
  return inFormats(profileNamed(target.profile), {
    answer: formats[answer],
    arithmetic: formats[arithmetic],
  });
}

/** What `profile` allows to a kernel of these formats. */
export function inFormats(
  profile: Profile,
  { answer, arithmetic }: Pick<Profile, 'answer' | 'arithmetic'>,
): Profile {
  return answer === fp32 && arithmetic === fp32 ? profile : ofFormats(profile)(answer)(arithmetic);
}

const ofFormats = keep((profile: Profile) =>
  keep((answer: Format) =>
    keep((arithmetic: Format): Profile => {
      const stored = profile.storesIntermediates ? storing(answer, arithmetic) : {};
      const isRoundedLast = answer.precision < arithmetic.precision;
      return { ...inArithmetic(profile, arithmetic), answer, ...stored, isRoundedLast };
    }),
  ),
);

/** The largest number that an intermediate may be: of the arithmetic, or of the format in which it is stored. */
export function largestOf({ arithmetic, answer, stored }: Profile): number {
  return stored > 0 ? answer.maxFinite : arithmetic.maxFinite;
}

/** Beyond this an error is one, beside the formats of `profile`: {@link fieldProfile}, with every intermediate stored. */
export function fieldOf(profile: Pick<Profile, 'answer' | 'arithmetic'>): Profile {
  const { answer, arithmetic } = profile;
  return answer === fp32 && arithmetic === fp32 ? fieldProfile : inFormats(storingField, profile);
}

const storingField: Profile = { ...fieldProfile, storesIntermediates: true };

/** The profile, in arithmetic of another format. */
function inArithmetic(profile: Profile, arithmetic: Format): Profile {
  const { unitRoundoff, minNormal, minSubnormal } = arithmetic;
  const floor = profile.floor >= 2 ** -126 ? minNormal : (profile.floor / MIN_SUBNORMAL) * minSubnormal;
  return {
    ...profile,
    unit: unitRoundoff,
    arithmetic,
    floor: Math.max(floor, profile.floor),
    tanh: inUnits(profile.tanh, unitRoundoff),
  };
}

/** A tanh of the same accuracy, but for one that loses as much in units of the arithmetic as a right one of FP32. */
function inUnits({ relative, absolute }: Profile['tanh'], unitRoundoff: number): Profile['tanh'] {
  const rounded = defaultProfile.tanh.relative;
  return { relative: Math.max(rounded, (relative * UNIT_ROUNDOFF) / unitRoundoff), absolute };
}

function storing(
  { unitRoundoff, minSubnormal, precision }: Format,
  arithmetic: Format,
): Pick<Profile, 'stored' | 'storedFloor'> {
  if (precision >= arithmetic.precision) return { stored: 0, storedFloor: 0 };
  return { stored: unitRoundoff / arithmetic.unitRoundoff, storedFloor: minSubnormal / 2 };
}
