/** The loss's gradient where the reals have no answer. */
import { nanOnly, type SpecialAnswers, type SpecialEntry } from '../special-values.ts';

/** (p - [i = t]) / N with the limit of p, in FP32. */
function limit({ infinite, isTarget, share }: SpecialEntry): readonly number[] {
  if (infinite === 'several') return [];
  const difference = Number(infinite === 'one') - Number(isTarget);
  if (difference === 0) return [0];
  return share === null ? [] : [difference * Math.fround(share)];
}

/** See {@link RowSpec}. */
export const special: SpecialAnswers = {
  nan: nanOnly,
  // e^(x - lse) with the infinite lse, less 1 at the target.
  'positive-infinity': { expected: Number.NaN, tolerated: limit },
  // A row without any class passes no gradient on (the backward pass of _safe_softmax).
  'all-masked': { expected: Number.NaN, tolerated: () => [0] },
};
