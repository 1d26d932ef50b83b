/** What of a finding's input may be anything, in words. */
import type { Batch } from '../core/batch.ts';
import type { Call } from '../core/call.ts';
import type { Explanation } from '../core/finding.ts';
import type { Operation } from '../core/operation.ts';
import { ANYTHING, formatCalls } from './call.ts';
import { formatNumberOf } from './numbers.ts';

/** The call with `*` for what may be anything, and a sentence that says what was tried. */
export interface Explained {
  readonly call: string;
  /** Without a full stop. */
  readonly sentence: string;
}

/** An explanation in words, or null where there is none or nothing may be anything. */
export function explained(
  operation: Operation,
  batch: Batch,
  explanation: Explanation | null | undefined,
  before: readonly Call[] = [],
): Explained | null {
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
    call: formatCalls({ before, operation, batch }, undefined, explanation),
    sentence: `fails like this with everything tried for ${ANYTHING}: ${tried.join(', ')}${alone}${atOnce}`,
  };
}
