/** Runs one operation of a target on a batch and judges what came of it. */
import { noSize } from '../core/error-size.ts';
import type { Operation } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import type { Violation } from '../core/violation.ts';
import { judge } from '../judge/judge.ts';
import type { Oracle } from '../oracle/exact.ts';
import { profileOf } from '../row/profile-formats.ts';
import { type Awaitable, type Observation, observe } from './observe.ts';

/** An answer and what is wrong with it. */
export interface Examination {
  /** The answer, or null when there was none of the right shape. */
  readonly output: Float32Array | null;
  /** What the memory of the answer holds now, where the answer is a copy of it. */
  readonly live?: (() => Float32Array) | undefined;
  /** Empty when the law-abiding answer is within its budget. */
  readonly violations: readonly Violation[];
}

/**
 * Calls `operation` of `target` on the oracle's batch and compares the answer with the oracle's, at once where the kernel
 * answers at once. `verdict` is judge, or estimate where failures are only counted; `begun` is the call where it has
 * been made already.
 */
export function examine(
  target: Target,
  operation: Operation,
  oracle: Oracle,
  verdict: typeof judge = judge,
  begun?: Awaitable<Observation>,
): Awaitable<Examination> {
  const observation = begun ?? observe(target, operation, oracle.batch);
  const examination = (observed: Observation): Examination => {
    if (observed.status !== 'answered') return unanswered(operation, observed);
    const violations = verdict(oracle, operation, observed.output, profileOf(target));
    return { output: observed.output, live: observed.live, violations };
  };
  return observation instanceof Promise ? observation.then(examination) : examination(observation);
}

function unanswered(
  operation: Operation,
  { status, detail }: Exclude<Observation, { readonly status: 'answered' }>,
): Examination {
  const violation: Violation = {
    operation,
    kind: status,
    severity: 'error',
    trigger: null,
    index: null,
    row: null,
    ...noSize,
    detail,
  };
  return { output: null, violations: [violation] };
}
