/** What of a finding's input may be anything, in words. */
import type { Explanation } from '../core/finding.ts';
import { ANYTHING, type CallsAndLast, formatCalls } from './call.ts';
import { formatNumberOf } from './numbers.ts';

/** The call with `*` for what may be anything, and a sentence that says what was tried. */
export interface Explained {
  readonly call: string;
  /** Without a full stop. */
  readonly sentence: string;
}

/** An explanation in words, or null where there is none or nothing may be anything. */
export function explained({
  explanation,
  ...calls
}: CallsAndLast & { readonly explanation?: Explanation | null | undefined }): Explained | null {
  if (explanation === null || explanation === undefined) return null;
  const { logits, targets, upstream, values, classes, together } = explanation;
  const tried = [
    logits.length + upstream.length === 0 ? [] : formatNumberOf(values, 'other value', 'other values'),
    targets.length === 0 ? [] : formatNumberOf(classes, 'other class', 'other classes'),
  ].flat();
  if (tried.length === 0) return null;
  const alone = together === null ? '' : '; one at a time';
  const atOnce = together === true ? `, and in ${values} draws all together` : '';
  return {
    call: formatCalls(calls, undefined, explanation),
    sentence: `fails like this with everything tried for ${ANYTHING}: ${tried.join(', ')}${alone}${atOnce}`,
  };
}
