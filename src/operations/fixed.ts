/** Entries that are exactly one number, whatever the profile. */
import type { RowAnalysis } from '../row/row.ts';
import type { View } from '../row/view.ts';
import { type RowSpec, UPSTREAM } from './operation.ts';

/**
 * What entry `i` of a row is exactly: a masked logit's own, which is no target, or a derivative by a logit that nothing depends
 * on. `upstream` is the entry's upstream value, where the operation has some. Null of other entries, and of a row without a finite maximum.
 */
export function fixedEntry(
  { masked, derivative }: Pick<RowSpec, 'masked' | 'derivative'>,
  { view, gaps }: RowAnalysis,
  i: number,
  isTarget: boolean,
  upstream: number | null,
): number | null {
  const slope = view === null || derivative === null ? 1 : (view.slopes()?.values[i] ?? 1);
  if (slope === 0) return 0;
  if (masked === null || isTarget || gaps[i] !== Number.POSITIVE_INFINITY) return null;
  if (masked !== UPSTREAM) return masked;
  return slope === 1 ? upstream : null;
}

/** Whether nothing depends on logit `i`, as where a mask hides it. */
export function hiddenFrom(view: View | null, i: number): boolean {
  return view?.slopes()?.values[i] === 0;
}

/**
 * Whether `got` is as right as the expected entry `i` of a row without a finite maximum: NaN for the derivative by a hidden logit, as the row's own are before
 * they are multiplied by 0; what is masked, where a kernel writes that whatever the row holds. Of a row masked throughout it is not.
 */
export function isAsRight(
  { masked, derivative }: Pick<RowSpec, 'masked' | 'derivative'>,
  { kind, view }: RowAnalysis,
  i: number,
  got: number,
): boolean {
  if (view === null) return false;
  if (derivative !== null && hiddenFrom(view, i)) return Number.isNaN(got);
  return kind !== 'all-masked' && view.logits[i] === Number.NEGATIVE_INFINITY && got === masked;
}
