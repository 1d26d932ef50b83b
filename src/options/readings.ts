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
 * The last two are by profiles alone whose intermediates are stored, or whose arithmetic is of such a format ({@link isAllowed}). What is finite stays finite there: a product that overflows is told.
 * Such an arithmetic may fuse what tensors do not, and its exact reading grants each rounding as an error (view.ts).
 */
import type { Options } from '../core/options.ts';
import { type FormatName, fp32 } from '../formats/index.ts';
import type { Profile } from '../row/profile.ts';
import { given } from './index.ts';

/** One way to read how z came about. */
export type Reading = 'exact' | 'rounded' | 'fused' | 'stored' | 'cast';

const ofTensors: readonly Reading[] = ['stored', 'cast'];

/** What an option is read to do. */
export interface Step {
  /** Whether its result is rounded to FP32, and exact from there on. */
  readonly isRead: boolean;
  /** Whether its rounding is no error of the reading, because it is read, is none, or none of this option alone. */
  readonly pays: 'nobody' | 'field' | 'everybody';
}

/** What each option that is a stage, of those {@link given}, is read to do. */
export function stepsOf(options: Options, reading: Reading): readonly Step[] {
  const { stages } = given(options);
  let isExact = true;
  return stages.map(({ spec }, k): Step => {
    const rounds = spec.round !== null;
    const wasExact = isExact;
    isExact &&= spec.isExact;
    const isFused = reading === 'fused' && k + 1 < stages.length && stages[k + 1].spec.round !== null;
    if (!rounds || (isFused && wasExact)) return { isRead: false, pays: 'nobody' };
    if (!wasExact) return { isRead: false, pays: 'everybody' };
    return reading === 'exact' ? { isRead: false, pays: 'field' } : { isRead: true, pays: 'nobody' };
  });
}

/** The readings that differ, of a batch in this format, the exact one first. */
export function readingsOf(options: Options | undefined, format: FormatName = 'fp32'): readonly Reading[] {
  if (options === undefined) return ['exact'];
  const rounding = stepsOf(options, 'rounded').filter(({ isRead }) => isRead).length;
  const computes = given(options).stages.some(({ spec }) => spec.round !== null || !spec.isExact);
  return [
    'exact',
    ...(rounding > 0 ? (['rounded'] as const) : []),
    ...(rounding > 1 ? (['fused'] as const) : []),
    ...(computes && format !== 'fp32' ? ofTensors : []),
  ];
}

/** Whether options are operations of tensors by the reading, which are stored in the batch's format. */
export function isOfTensors(reading: Reading): boolean {
  return ofTensors.includes(reading);
}

/** Whether an answer may be right by the reading alone, by a profile. */
export function isAllowed(
  reading: Reading,
  { stored, arithmetic }: Pick<Profile, 'stored' | 'arithmetic'>,
): boolean {
  return stored > 0 || arithmetic !== fp32 || !isOfTensors(reading);
}
