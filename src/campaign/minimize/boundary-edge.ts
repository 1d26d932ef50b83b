/**
 * Whether a boundary is the edge of a fault. The float beyond it may be in another bucket, or no more than a warning, and as
 * wrong: then the boundary explains nothing.
 */
import type { Batch } from '../../core/batch.ts';
import type { Boundary } from '../../core/finding.ts';
import type { Signature, Violation } from '../../core/violation.ts';

/** A failure beyond the boundary that is smaller by no more than this is the same one still. */
const AS_WRONG = 2;

/** Whether beyond the boundary nothing of the kind is as wrong: neither another bucket nor being a mere warning is an end of the fault. */
export async function endsThere(
  { kind, severity }: Signature,
  { cell, passes, fails }: Boundary,
  batch: Batch,
  violations: (batch: Batch) => Promise<readonly Violation[]>,
): Promise<boolean> {
  const at = async (logit: number) =>
    (await violations({ ...batch, logits: batch.logits.with(cell, logit) })).filter(
      (each) => each.kind === kind,
    );
  const beyond = await at(passes);
  if (beyond.length === 0) return true;
  if (severity === 'warning' || beyond.some((each) => each.severity === 'error')) return false;
  const largest = (of: readonly Violation[]) => Math.max(...of.map(({ budgetUse }) => budgetUse));
  return !(largest(beyond) * AS_WRONG >= largest(await at(fails)));
}
