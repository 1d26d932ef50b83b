/** What a finding keeps of the exact answer. */
import { type Answer, MOST_KEPT } from '../../core/kept.ts';
import { type Operation, outputLength, usesUpstream } from '../../core/operation.ts';
import type { Target } from '../../core/target.ts';
import type { Oracle } from '../../oracle/exact.ts';
import { profileOf } from '../../row/profile-formats.ts';
import { roundToFormat } from '../../row/round.ts';

/**
 * Of a gradient with upstream values each number that double precision leaves open is a sum over its row, and all of a long row may be open:
 * so many terms take decimal.js a second or two.
 */
const MOST_TERMS = 2 ** 20;

/** The answer, where that is kept as a whole and takes no minutes; else number `index` of it alone. */
export function expectedKept(
  oracle: Oracle,
  operation: Operation,
  target: Target,
  index: number | null,
): Answer {
  const { answer } = profileOf(target);
  const { rows, cols, options } = oracle.batch;
  const length = outputLength(operation, rows, cols, options);
  const terms = usesUpstream(operation) ? rows * cols * cols : 0;
  if (length <= MOST_KEPT && terms <= MOST_TERMS) return oracle.rounded(operation, answer);
  const at = index ?? 0;
  const { value, rounded } = oracle.entry(operation, at);
  return { length, index: at, value: roundToFormat(value, rounded, answer) };
}
