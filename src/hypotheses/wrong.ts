/** What a kernel with a known mistake is, and where it differs from a right one. */
import type { CompleteKernel } from '../core/kernel.ts';
import { answersBatch, type Operation, operations, usesTargets, usesUpstream } from '../core/operation.ts';
import type { Hypothesis } from './hypothesis.ts';
import { kernelWith, right, type Steps, takenIn } from './steps.ts';

/** What is taken wrong. */
type Wrong = Pick<Hypothesis, 'changes' | 'ofOptions' | 'isBackward'>;

/** Whether it answers derivatives. */
function isGradient(operation: Operation): boolean {
  return usesUpstream(operation) || (usesTargets(operation) && !answersBatch(operation));
}

/** The operations whose answers such changes may change. */
export function changedBy({ changes, ofOptions = {}, isBackward = false }: Wrong): readonly Operation[] {
  const steps = Object.keys(changes) as (keyof Steps)[];
  const isChanged = (operation: Operation): boolean =>
    steps.some((step) => takenIn[step].includes(operation)) ||
    ofOptions.scores !== undefined ||
    (ofOptions.losses !== undefined && usesTargets(operation));
  return operations.filter((operation) => isChanged(operation) && (!isBackward || isGradient(operation)));
}

/** The kernel that takes steps of `base` so. */
export function kernelOf(wrong: Wrong, base: Steps = right): CompleteKernel {
  const kernel = kernelWith(wrong.changes, base, wrong.ofOptions);
  // Steps of a product with upstream values are those of a loss's gradient with options too, which has its own.
  const changed = changedBy(wrong).map((operation) => [operation, kernel[operation]]);
  return { ...kernelWith({}, base), ...Object.fromEntries(changed) };
}
