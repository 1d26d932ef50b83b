/** Holds the fast verdicts to the exact one. */
import type { Operation } from '../core/operation.ts';
import { bucketOf, type Violation } from '../core/violation.ts';
import { toHexWords } from '../float32/bits.ts';
import type { Oracle } from '../oracle/exact.ts';
import type { Profile } from '../row/profile.ts';
import { estimate, judge, judgeExactly } from './judge.ts';

/**
 * What {@link estimate} says, once decimal.js has judged every number of `output` and found the same, and so has
 * {@link judge}.
 * @throws Error, a bug of this package, when it has not.
 */
export function audit(
  oracle: Oracle,
  operation: Operation,
  output: Float32Array,
  profile: Profile,
): Violation[] {
  const fast = judge(oracle, operation, output, profile);
  const exact = judgeExactly(oracle, operation, output, profile);
  const estimated = estimate(oracle, operation, output, profile);
  const isRight = buckets(fast) === buckets(exact) && buckets(estimated) === buckets(exact);
  if (isRight) return estimated;
  const { rows, cols, logits, targets } = oracle.batch;
  throw new Error(
    `the float64 filter finds ${signatures(fast) || 'nothing'}, estimates ${buckets(estimated) || 'nothing'}, where decimal.js finds ${signatures(exact) || 'nothing'}: ` +
      `${operation} of ${rows} x ${cols}, profile ${profile.name}, logits ${toHexWords(logits).join(' ')}, ` +
      `targets ${[...targets].join(' ')}, answer ${toHexWords(output).join(' ')}`,
  );
}

function signatures(violations: readonly Violation[]): string {
  return violations.map((violation) => `${bucketOf(violation)} at ${violation.index}`).join(', ');
}

function buckets(violations: readonly Violation[]): string {
  return violations.map(bucketOf).sort().join(', ');
}
