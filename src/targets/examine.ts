/** Runs one operation of a target on a batch and judges what came of it. */
import type { Operation } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import type { Violation } from '../core/violation.ts';
import { judge } from '../judge/judge.ts';
import { profileNamed } from '../judge/profile.ts';
import type { Oracle } from '../oracle/exact.ts';
import { observe } from './observe.ts';

/** An answer and what is wrong with it. */
export interface Examination {
  /** The answer, or null when there was none of the right shape. */
  readonly output: Float32Array | null;
  /** Empty when the law-abiding answer is within its budget. */
  readonly violations: readonly Violation[];
}

/** Calls `operation` of `target` on the oracle's batch and compares the answer with the oracle's. */
export async function examine(target: Target, operation: Operation, oracle: Oracle): Promise<Examination> {
  const observation = await observe(target, operation, oracle.batch);
  if (observation.status === 'answered') {
    const violations = judge(oracle, operation, observation.output, profileNamed(target.profile));
    return { output: observation.output, violations };
  }
  const violation: Violation = {
    operation,
    kind: observation.status,
    severity: 'error',
    trigger: null,
    index: null,
    row: null,
    errorUlp: Number.NaN,
    budgetUse: Number.POSITIVE_INFINITY,
    detail: observation.detail,
  };
  return { output: null, violations: [violation] };
}
