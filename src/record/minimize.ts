/** Shrinks an input that somebody has, outside of any campaign. */
import type { Discovered } from '../campaign/minimize/discovered.ts';
import { minimize } from '../campaign/minimize/minimize.ts';
import { withUpstreamIf } from '../core/batch.ts';
import { sizeOf } from '../core/error-size.ts';
import type { Finding } from '../core/finding.ts';
import { binOf } from '../core/histogram.ts';
import { operationsOf } from '../core/kernel.ts';
import { type Operation, usesUpstream } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import { bucketOf, type Violation } from '../core/violation.ts';
import { examineByAllLaws } from '../laws/examine-law.ts';
import { createOracle } from '../oracle/exact.ts';
import { startOver } from '../targets/start-over.ts';
import { UserError } from '../text/errors.ts';
import { callsBefore, type FindingFile } from './finding-file.ts';
import type { Given } from './given.ts';
import { toFinding } from './read-finding.ts';
import { callsFor, countedFor, examineAgain, isOwnTarget, targetFor } from './replay.ts';
import { batchFor, takesOptions } from './take.ts';

/** What else {@link minimizeGiven} needs. */
export interface GivenOptions {
  /** How the finding says where its input is from. */
  readonly source: string;
  /** Whether rows and columns must stay as many as they are: for kernels of one shape. */
  readonly keepShape: boolean;
  /** Once aborted, the inputs stay as simple as they have become. */
  readonly signal?: AbortSignal | undefined;
}

/** What was tried, and what failed. */
export interface Minimized {
  /** With the profile that the answers were judged by. */
  readonly target: Target;
  /** In the order of the operations. */
  readonly operations: readonly Operation[];
  /** One a bucket; none when every answer is right. */
  readonly findings: readonly Finding[];
}

/**
 * The findings that an input shrinks to on `tried`, judged as a replay judges. A finding is shrunk within its bucket;
 * where `tried` fails in other buckets instead, and for an input that is no finding's, in each bucket that it fails in.
 * What a finding says of the campaign is kept as long as it is the same target's and in the same bucket.
 * @throws UserError when `tried` has no operation to try, or none that takes the input: {@link batchFor}.
 */
export async function minimizeGiven(
  { batch, operations, finding }: Given,
  tried: Target,
  { source, keepShape, signal }: GivenOptions,
): Promise<Minimized> {
  const target = finding === null ? tried : targetFor(finding, tried);
  const offered = operationsOf(target.kernel);
  const argued = operations.filter((operation) => offered.includes(operation));
  const taking = argued.filter((operation) => takesOptions(target, operation, batch));
  const possible = taking.length === 0 ? argued : taking;
  if (possible.length === 0)
    throw new UserError(
      `${source} has no ${missingFor(offered)}, and ${target.name} offers only ${offered.join(' and ')}`,
      `Give a request with ${missingFor(offered)}.`,
    );
  const { rows, cols } = batch;
  const options = {
    generation: keepShape ? { rows, cols } : { rows: target.rows, cols: target.cols },
    signal,
  };
  const findings: Finding[] = [];
  const inputs = possible.map((operation) =>
    withUpstreamIf(usesUpstream(operation), batchFor(target, operation, batch)),
  );
  for (const [k, operation] of possible.entries()) {
    const input = inputs[k];
    const oracle = createOracle(input);
    const before = finding === null ? [] : callsFor(target, callsBefore(finding));
    if (before.length > 0) await startOver(target, before);
    const { violations } =
      finding === null
        ? await examineByAllLaws(target, operation, oracle)
        : await examineAgain(finding, target, oracle);
    for (const violation of finding === null ? violations : ofInterest(finding, violations)) {
      const discovered: Discovered = {
        signature: violation,
        batch: input,
        ...(before.length > 0 && { before }),
        origin: { by: 'saved', file: source },
        weight: violation.weight,
        worst: { batch: input, ...sizeOf(violation) },
        weights: new Map([[binOf(violation.weight), 1]]),
        occurrences: 1,
      };
      const shrunk = await minimize(target, discovered, options);
      const isSame =
        finding !== null && isOwnTarget(finding, target) && bucketOf(violation) === finding.bucket;
      findings.push(isSame ? withHistory(shrunk, finding) : shrunk);
    }
  }
  return { target, operations: possible, findings };
}

/** What an input lacks that has arguments for none of the operations. */
function missingFor(offered: readonly Operation[]): string {
  return offered.every(usesUpstream) ? 'upstream values' : 'targets';
}

/** The finding's own failure, or where that is gone every other one. */
function ofInterest(finding: FindingFile, violations: readonly Violation[]): readonly Violation[] {
  const counted = countedFor(finding, violations);
  const own = counted.filter((violation) => bucketOf(violation) === finding.bucket);
  return own.length > 0 ? own : counted;
}

/** The finding as a campaign would have recorded it, had it shrunk as far. */
function withHistory(shrunk: Finding, file: FindingFile): Finding {
  const { original, origin, first, occurrences, worst, typicalWeight, shrink } = toFinding(file);
  return {
    ...shrunk,
    original,
    origin,
    first,
    occurrences,
    worst,
    typicalWeight,
    shrink: {
      ...shrunk.shrink,
      evaluations: shrink.evaluations + shrunk.shrink.evaluations,
      improvements: shrink.improvements + shrunk.shrink.improvements,
    },
  };
}
