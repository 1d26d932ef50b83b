/** Climbs of a campaign: from its cases, with the targets that are judged on them. */
import type { Batch } from '../../core/batch.ts';
import { inFormat } from '../../core/grid.ts';
import { hasProbabilities, type Operation } from '../../core/operation.ts';
import type { Target } from '../../core/target.ts';
import type { Violation } from '../../core/violation.ts';
import { closenessOf, outlierOf } from '../../judge/closeness.ts';
import { estimate } from '../../judge/judge.ts';
import { createOracle, type Oracle } from '../../oracle/exact.ts';
import { slowBecause } from '../../oracle/sentinels.ts';
import { createWorkspace, type Workspace } from '../../row/approximation.ts';
import { profileOf } from '../../row/profile-formats.ts';
import { climb, SUSPICIOUS } from '../../search/climb.ts';
import { type Examination, examine } from '../../targets/examine.ts';
import { logitsOf } from '../subject.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { batchFor, type Cases } from './cases.ts';
import type { Met } from './tally.ts';

/** A case and what a target answered for it, rightly: where a climb may start. */
export interface Foot {
  readonly target: Target;
  readonly operation: Operation;
  readonly number: number;
  readonly oracle: Oracle;
  readonly output: Float32Array;
}

/** Climbs, judging in `workspace`, which must not be that of the case's oracle. `onBatch` takes what it comes by. */
export type Climb = (
  workspace: Workspace,
  onBatch: (batch: Batch, step: number, violations: readonly Violation[]) => void,
) => Promise<void>;

/** The climb from a case, or null where nothing of its answer is suspicious. A climb moves logits alone: batches with options have none. */
export function climbFrom({ target, operation, number, oracle, output }: Foot, cases: Cases): Climb | null {
  if (!hasProbabilities(operation) || slowBecause !== null) return null;
  const { batch } = oracle;
  if (batch.options !== undefined) return null;
  const profile = profileOf(target);
  const outlier = outlierOf(operation, batch, oracle.approximate, output, profile, SUSPICIOUS);
  if (outlier === null) return null;

  const { row, col } = outlier;
  const start = { batch, row, col, shape: cases.shape };
  return (workspace, onBatch) =>
    climb(start, cases.climbing(number), (moved, step) => {
      const candidate = inFormat({ ...moved, format: 'fp32' }, logitsOf(target));
      const judged = createOracle(candidate, workspace);
      const closeness = (examined: Examination) => {
        onBatch(candidate, step, examined.violations);
        if (examined.output === null || examined.violations.length > 0) return null;
        return closenessOf(operation, candidate, judged.approximate, examined.output, profile);
      };
      const examined = examine(target, operation, judged, estimate);
      return examined instanceof Promise ? examined.then(closeness) : closeness(examined);
    });
}

/**
 * The batch that was met: the case's own, or that of a step of its climb, which is climbed again. Where the target does not
 * answer as it did, it is the one that the climb now ends with. Null where the signal is aborted before the climb is there.
 */
export async function metBatch(
  { case: number, step }: Met,
  target: Target,
  operation: Operation,
  cases: Cases,
  signal?: AbortSignal,
): Promise<Batch | null> {
  const start = batchFor(cases.at(number, logitsOf(target)), target, operation);
  if (step === 0) return start;
  if (signal?.aborted) return null;
  const oracle = createOracle(start);
  const examination = await unlessAborted(examine(target, operation, oracle, estimate), signal);
  if (examination === null) return null;
  const { output } = examination;
  if (output === null) return start;
  let met: Batch | null = start;
  const from = climbFrom({ target, operation, number, oracle, output }, cases);
  const climbing = from?.(createWorkspace(), (batch, at) => {
    if (signal?.aborted) throw new ClimbEnd();
    met = batch;
    if (at === step) throw new ClimbEnd();
  });
  const end = await unlessAborted(
    climbing?.catch(ignoreEnd).then(() => true),
    signal,
  );
  return end === null ? null : met;
}

/** Thrown by who hears of a climb, to end it. */
export class ClimbEnd extends Error {}

/** @throws what it is given, unless that ends a climb. */
export function ignoreEnd(error: unknown): void {
  if (!(error instanceof ClimbEnd)) throw error;
}
