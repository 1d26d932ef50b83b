/** Turns a discovery into a finding: the simplest batch of its bucket, the boundary beside it, the worst case. */
import type { BatchOptions } from '../arbitraries/generate.ts';
import type { Batch } from '../core/batch.ts';
import type { Finding } from '../core/finding.ts';
import type { Target } from '../core/target.ts';
import { isMoreInnocent } from '../core/trigger.ts';
import { bucketOf, matchesBucket, propertyOf, type Violation } from '../core/violation.ts';
import { createOracle } from '../oracle/exact.ts';
import { boundary } from '../shrink/boundary.ts';
import { shrink } from '../shrink/descend.ts';
import { examine } from '../targets/examine.ts';
import { fits } from './cases.ts';
import type { Discovery } from './explore.ts';
import { innocentVariants } from './innocent.ts';

/** What restrains minimising. */
export interface MinimiseOptions {
  /** The shape that every candidate must keep, where it is fixed. */
  readonly generation: BatchOptions;
  /** Once aborted, the batch stays as simple as it has become. */
  readonly signal?: AbortSignal | undefined;
}

/** The finding that a discovery shrinks to. Its bucket may differ from the discovery's: see {@link innocentVariants}. */
export async function minimise(
  target: Target,
  discovery: Discovery,
  { generation, signal }: MinimiseOptions,
): Promise<Finding> {
  const { operation } = discovery.violation;
  const violations = async (batch: Batch): Promise<readonly Violation[]> => {
    if (signal?.aborted || !fits(batch, generation)) return [];
    return (await examine(target, operation, createOracle(batch))).violations;
  };
  const inBucket = (bucket: string) => async (batch: Batch) =>
    (await violations(batch)).some((violation) => bucketOf(violation) === bucket);

  let bucket = bucketOf(discovery.violation);
  let shrunk = await shrink(discovery.batch, inBucket(bucket));
  const innocent = await stillFailing(discovery.violation, innocentVariants(shrunk.batch), violations);
  if (innocent !== null) {
    bucket = bucketOf(innocent.violation);
    const further = await shrink(innocent.batch, inBucket(bucket));
    shrunk = {
      ...further,
      evaluations: shrunk.evaluations + further.evaluations,
      improvements: shrunk.improvements + further.improvements,
    };
  }
  const edge = await boundary(shrunk.batch, inBucket(bucket));

  const oracle = createOracle(shrunk.batch);
  const { output, violations: final } = await examine(target, operation, oracle);
  const violation = final.find((each) => bucketOf(each) === bucket) ?? discovery.violation;
  const { kind, severity, index, errorUlp, budgetUse, detail } = violation;
  return {
    target: { name: target.name, specifier: target.specifier },
    profile: target.profile,
    operation,
    property: propertyOf(kind),
    kind,
    severity,
    bucket,
    known: target.known.some((pattern) => matchesBucket(pattern, bucket)),
    batch: shrunk.batch,
    output: output?.slice() ?? null,
    expected: oracle.answer(operation).rounded,
    index,
    errorUlp,
    budgetUse,
    detail,
    boundary: edge,
    worst: discovery.worst,
    original: discovery.batch,
    origin: discovery.origin,
    occurrences: discovery.occurrences,
    shrink: {
      evaluations: shrunk.evaluations,
      improvements: shrunk.improvements,
      minimal: shrunk.minimal && !signal?.aborted,
    },
  };
}

/** The first variant that fails in the same way with a more innocent trigger. */
async function stillFailing(
  { kind, severity, trigger }: Violation,
  variants: readonly Batch[],
  violations: (batch: Batch) => Promise<readonly Violation[]>,
): Promise<{ batch: Batch; violation: Violation } | null> {
  if (trigger === null) return null;
  for (const batch of variants) {
    const violation = (await violations(batch)).find(
      (each) =>
        each.kind === kind &&
        each.severity === severity &&
        each.trigger !== null &&
        isMoreInnocent(each.trigger, trigger),
    );
    if (violation !== undefined) return { batch, violation };
  }
  return null;
}
