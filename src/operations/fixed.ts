/** Entries that are exactly one number, whatever the profile. */
import type { LossTerms } from '../options/loss/terms.ts';
import { isSpecial, type RowAnalysis } from '../row/row.ts';
import type { View } from '../row/view.ts';
import { type Inputs, type RowSpec, UPSTREAM } from './operation.ts';

/** What {@link fixedEntries} needs beside the row; upstream values that are not there are 1. */
interface FixedInputs extends Pick<Inputs, 'target' | 'r' | 'terms'> {
  readonly upstream: { readonly values: ArrayLike<number> } | null;
}

/**
 * What entry `i` of a row is exactly: a masked logit's own, which is no target, or a derivative by a logit that nothing depends
 * on; NaN of the gradient of a mean of nothing. Null of other entries, and of a row without a finite maximum.
 */
export function fixedEntries(
  { masked, derivative }: Pick<RowSpec, 'masked' | 'derivative'>,
  { view, gaps }: RowAnalysis,
  { target, upstream, r, terms }: FixedInputs,
): (i: number) => number | null {
  const ofTerms = terms === null || derivative === null ? null : entryOfTerms(terms, r);
  if (ofTerms !== null) return () => ofTerms;
  const coefficients = terms === null || derivative === null ? null : terms.rows[r].coefficients;
  const slopes = view === null || derivative === null ? null : (view.slopes()?.values ?? null);
  const values = upstream === null ? null : upstream.values;
  return (i) => {
    if (coefficients !== null && coefficients[i] > 0) return null;
    const slope = slopes === null ? 1 : slopes[i];
    if (slope === 0) return 0;
    if (masked === null || i === target || gaps[i] !== Number.POSITIVE_INFINITY) return null;
    if (masked !== UPSTREAM) return masked;
    return slope === 1 ? (values === null ? 1 : values[i]) : null;
  };
}

/** What every entry of the gradient of row `r` is where that is one number: 0 of a row that counts for nothing, and what a mean of nothing is. */
export function entryOfTerms({ rows, divisor, semantics }: LossTerms, r: number): number | null {
  if (rows[r].isIgnored) return 0;
  if (divisor === 0) return semantics.empty === 'zero' ? 0 : Number.NaN;
  return rows[r].isNothing ? 0 : null;
}

/** What entry `i` of a row without a finite maximum is to be. */
export function specialEntry(
  { special, derivative }: Pick<RowSpec, 'special' | 'derivative'>,
  { kind, view }: Pick<RowAnalysis, 'kind' | 'view'>,
  i: number,
  { r, terms }: Pick<Inputs, 'r' | 'terms'>,
): number {
  const isNothing = derivative !== null && (hiddenFrom(view, i) || terms?.rows[r].isNothing === true);
  return isNothing || !isSpecial(kind) ? 0 : special[kind].expected;
}

/** Whether nothing depends on logit `i`, as where a mask hides it. */
export function hiddenFrom(view: View | null, i: number): boolean {
  return view?.slopes()?.values[i] === 0;
}

/**
 * Whether `got` is as right as the expected entry `i` of a row without a finite maximum: NaN for the derivative by a hidden logit, as the row's own are before
 * they are multiplied by 0; what is masked, where a kernel writes that whatever the row holds. Of a row without any other number it is so only for what is hidden
 * beside what is not.
 */
export function isAsRight(
  { masked, derivative }: Pick<RowSpec, 'masked' | 'derivative'>,
  { kind, view }: RowAnalysis,
  i: number,
  got: number,
  { r, terms }: Pick<Inputs, 'r' | 'terms'>,
): boolean {
  if (derivative !== null && terms?.rows[r].isNothing) return Number.isNaN(got);
  if (view === null) return false;
  if (derivative !== null && hiddenFrom(view, i)) return Number.isNaN(got);
  if (view.logits[i] !== Number.NEGATIVE_INFINITY || got !== masked) return false;
  return kind !== 'all-masked' || (hiddenFrom(view, i) && !isHiddenThroughout(view));
}

function isHiddenThroughout(view: View): boolean {
  return view.slopes()?.values.every((slope) => slope === 0) ?? false;
}
