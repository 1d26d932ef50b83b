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
