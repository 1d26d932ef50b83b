/**
 * How a kernel may be read to have made z of logits.
 *
 * The definition is in the reals. A kernel that scales before it takes the maximum has rounded s x to FP32, and so moved gaps by u |z|: to grant
 * that as an error would hide an exp of 64 ULP at |z| = 7e4. But a kernel rounds all of a row in the same way, and from FP32 logits z' on it is a softmax like any
 * other. So an answer is held to one of these, and right where one explains all of a row:
 *
 *  - `exact`: z in the reals, as kernels have it that multiply after the subtraction, (x - max) s, or in one fused multiply-add;
 *  - `rounded`: scale and bias are an operation each, and each rounds, fl(fl(s x) + b);
 *  - `fused`: they are one fused multiply-add, fl(s x + b);
 *  - `stored`: they are an operation each, of tensors in the format of the batch, fl16(fl(s x)) and fl16(fl(z + fl16(b)));
 *  - `cast`: so, and a scale is a number of that format as well, fl16(fl(fl16(s) x)), as NumPy and PyTorch on a CPU have it.
 *
 * And where kernels have another stage in the place of an option's, x fl(1 / t) for x / t, all of these again, of that; and for tensors two more, by 1 / fl16(t) as it is,
 * and of the format as well, as PyTorch has it of a tensor t.
 *
 * Those of tensors are by profiles alone whose intermediates are stored, or whose arithmetic is of such a format ({@link isAllowed}). What is finite stays finite there: a product that overflows is told.
 * Such an arithmetic may fuse what tensors do not, and its exact reading grants each rounding as an error (view.ts).
 */
import type { Options } from '../core/options.ts';
import { type FormatName, fp32 } from '../formats/index.ts';
import type { Profile } from '../row/profile.ts';
import { type Given, given } from './index.ts';
import type { Stage } from './stage.ts';

/** How stages are rounded. */
type Rounding = 'exact' | 'rounded' | 'fused' | 'stored' | 'cast' | 'castBefore' | 'castTwice';

/** One way to read how z came about. */
export type Reading = Rounding | `${Rounding}, otherwise`;

const OTHERWISE = ', otherwise';

/** What a reading is of. */
export interface ReadingParts {
  readonly rounding: Rounding;
  /** Whether each stage is the one that kernels have in its place. */
  readonly isOtherwise: boolean;
  /** Whether options are operations of tensors, which are stored in the batch's format. */
  readonly isOfTensors: boolean;
  /** Whether numbers of options are of that format, as they are given, and as they are computed with. */
  readonly isCastBefore: boolean;
  readonly isCast: boolean;
}

/** The parts of a reading. */
export function partsOf(reading: Reading): ReadingParts {
  const isOtherwise = reading.endsWith(OTHERWISE);
  const rounding = (isOtherwise ? reading.slice(0, -OTHERWISE.length) : reading) as Rounding;
  return {
    rounding,
    isOtherwise,
    isOfTensors: ofTensorsOtherwise.includes(rounding),
    isCastBefore: rounding === 'castBefore' || rounding === 'castTwice',
    isCast: rounding === 'cast' || rounding === 'castTwice',
  };
}

const ofTensors: readonly Rounding[] = ['stored', 'cast'];
const ofTensorsOtherwise: readonly Rounding[] = [...ofTensors, 'castBefore', 'castTwice'];

/** What an option is read to do. */
export interface Step {
  /** Whether its result is rounded to FP32, and exact from there on. */
  readonly isRead: boolean;
  /** Whether its rounding is no error of the reading, because it is read, is none, or none of this option alone. */
  readonly pays: 'nobody' | 'field' | 'everybody';
}

type Stages = readonly Given<Stage<unknown>>[];

/** What each of these stages is read to do. */
export function stepsOf(stages: Stages, rounding: Rounding): readonly Step[] {
  let isReadable = true;
  const granted = stages.filter(({ spec }) => isFactor(spec)).length > 1 ? 'everybody' : 'field';
  return stages.map(({ spec }, k): Step => {
    const rounds = spec.round !== null;
    const wasReadable = isReadable;
    isReadable &&= rounds || spec.isExact;
    const isFused = rounding === 'fused' && isFactorOfSum(stages, k);
    if (!rounds || (isFused && wasReadable)) return { isRead: false, pays: 'nobody' };
    if (!wasReadable) return { isRead: false, pays: 'everybody' };
    if (rounding !== 'exact') return { isRead: true, pays: 'nobody' };
    return { isRead: false, pays: granted };
  });
}

/** Whether a stage multiplies or divides. Kernels that are given two may make them one, x fl(s / t), which no reading has: all roundings are granted then. */
function isFactor({ round, commutesWithShift }: Stage<unknown>): boolean {
  return round !== null && commutesWithShift;
}

/** Whether a stage is an exact product before a sum, with which it may be fused. */
function isFactorOfSum(stages: Stages, k: number): boolean {
  const [{ spec }, next] = [stages[k], stages[k + 1]?.spec];
  return spec.isExact && isFactor(spec) && next !== undefined && next.round !== null && !isFactor(next);
}

/** The readings that differ, of a batch in this format, the exact one first. */
export function readingsOf(options: Options | undefined, format: FormatName = 'fp32'): readonly Reading[] {
  if (options === undefined) return ['exact'];
  const { stages } = given(options);
  const roundings = roundingsOf(stages, format, ofTensors);
  if (!stages.some(({ spec }) => spec.otherwise !== undefined)) return roundings;
  const others = roundingsOf(given(options, asIs).stages, format, ofTensorsOtherwise);
  return [...roundings, ...others.map((each): Reading => `${each}${OTHERWISE}`)];
}

const asIs = (value: unknown): unknown => value;

function roundingsOf(stages: Stages, format: FormatName, tensors: readonly Rounding[]): readonly Rounding[] {
  const isRounded = stepsOf(stages, 'rounded').some(({ isRead }) => isRead);
  const isFused = isRounded && stages.some((_, k) => isFactorOfSum(stages, k));
  const computes = stages.some(({ spec }) => spec.round !== null || !spec.isExact);
  return [
    'exact',
    ...(isRounded ? (['rounded'] as const) : []),
    ...(isFused ? (['fused'] as const) : []),
    ...(computes && format !== 'fp32' ? tensors : []),
  ];
}

/** Whether an answer may be right by the reading alone, by a profile. */
export function isAllowed(
  reading: Reading,
  { stored, arithmetic }: Pick<Profile, 'stored' | 'arithmetic'>,
): boolean {
  return stored > 0 || arithmetic !== fp32 || !partsOf(reading).isOfTensors;
}
