/** What a finding keeps of the exact answer. */
import { type Answer, MOST_KEPT } from '../core/kept.ts';
import { type Operation, outputLength } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import type { Oracle } from '../oracle/exact.ts';
import { profileOf } from '../row/profile.ts';
import { roundToFormat } from '../row/round.ts';

/** The numbers that are kept, of which alone are computed: those that double precision leaves open may take minutes. */
export function expectedKept(
  oracle: Oracle,
  operation: Operation,
  target: Target,
  index: number | null,
): Answer {
  const { answer } = profileOf(target);
  const length = outputLength(operation, oracle.batch.rows, oracle.batch.cols);
  if (length <= MOST_KEPT) return oracle.rounded(operation, answer);
  const at = index ?? 0;
  const { value, rounded } = oracle.entry(operation, at);
  return { length, index: at, value: roundToFormat(value, rounded, answer) };
}
