/** Turns a discovery into a finding: the simplest batch of its bucket, the boundary beside it, the worst case. */
import { setImmediate } from 'node:timers/promises';
import type { BatchOptions } from '../arbitraries/generate.ts';
import { type Batch, isNumeric } from '../core/batch.ts';
import { noSize, sizeOf } from '../core/error-size.ts';
import type { Boundary, Finding, Origin, Worst } from '../core/finding.ts';
import { type Histogram, medianOf } from '../core/histogram.ts';
import { type Answer, answerKept, batchKept, MOST_KEPT, sketchOf } from '../core/kept.ts';
import { knownness } from '../core/known.ts';
import { type Operation, outputLength } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import { isPlainer } from '../core/trigger.ts';
import { bucketOf, propertyOf, type Signature, type Violation } from '../core/violation.ts';
import { allowedBy } from '../judge/allowed-by.ts';
import { estimate, judge } from '../judge/judge.ts';
import { profileNamed } from '../judge/profile.ts';
import { examineLaw } from '../laws/examine-law.ts';
import { createOracle, type Oracle } from '../oracle/exact.ts';
import { createWorkspace } from '../row/approximation.ts';
import { boundary } from '../shrink/boundary.ts';
import { shrink } from '../shrink/descend.ts';
import { explain } from '../shrink/explain.ts';
import { examine } from '../targets/examine.ts';
import { fits } from './cases.ts';
import { variantsWithoutTrigger } from './cause-check.ts';
import { leastWeight } from './starts.ts';
import { confirm, unsteady } from './unsteady.ts';

/** A bucket before shrinking. */
export interface Discovered {
  readonly signature: Signature;
  /** The simplest batch met, and where it came from. */
  readonly batch: Batch;
  readonly origin: Origin;
  /** The weight of its error: what it shrinks to has {@link leastWeight} of it. */
  readonly weight: number;
  readonly worst: Worst;
  readonly weights: Histogram;
  readonly occurrences: number;
}

/** What restrains minimizing. */
export interface MinimizeOptions {
  /** The shape that every candidate must keep, where it is fixed. */
  readonly generation: BatchOptions;
  /** Once aborted, the batch stays as simple as it has become. */
  readonly signal?: AbortSignal | undefined;
}

/** How many logits are tried on the way: with batches that must stay large, shrinking is not worth hours. */
const MOST_LOGITS = 2e8;

/** How many calls may run out of time on the way, or end a process, which then has to be started again. */
const MOST_TIMEOUTS = 12;
const MOST_CRASHES = 150;

/**
 * The finding that a discovery shrinks to. Its bucket may differ from the discovery's: see {@link variantsWithoutTrigger}. The
 * way there is judged by double precision where that decides, the finding itself by decimal.js.
 */
export async function minimize(
  target: Target,
  discovered: Discovered,
  { generation, signal }: MinimizeOptions,
): Promise<Finding> {
  const { signature, batch: original, origin, weight, worst, weights, occurrences } = discovered;
  const { operation, law } = signature;
  const look = (oracle: Oracle, verdict: typeof judge) =>
    law === undefined
      ? examine(target, operation, oracle, verdict)
      : examineLaw(target, operation, oracle, law, verdict);
  const workspace = createWorkspace();
  const pause = createPause();
  let logits = 0;
  let timeouts = 0;
  let crashes = 0;
  const isOver = () =>
    signal?.aborted === true || logits > MOST_LOGITS || timeouts >= MOST_TIMEOUTS || crashes >= MOST_CRASHES;
  const violations = async (batch: Batch, verdict = estimate): Promise<readonly Violation[]> => {
    await pause();
    if (isOver() || !fits(batch, generation)) return [];
    if (!target.nonFinite && !isNumeric(batch)) return [];
    logits += batch.logits.length;
    const found = (await look(createOracle(batch, workspace), verdict)).violations;
    if (found.some(({ kind }) => kind === 'timed-out')) timeouts++;
    if (found.some(({ kind }) => kind === 'crashed' || kind === 'out-of-memory')) crashes++;
    return found;
  };
  const inBucket =
    (bucket: string, verdict = estimate) =>
    async (batch: Batch) =>
      (await violations(batch, verdict)).some((violation) => bucketOf(violation) === bucket);

  const isHeavy = (violation: Violation): boolean => violation.weight >= leastWeight(weight);
  const heavyInBucket = (bucket: string) => async (batch: Batch) =>
    (await violations(batch)).some((violation) => bucketOf(violation) === bucket && isHeavy(violation));

  const keepsShape = generation.rows !== undefined && generation.cols !== undefined;
  let bucket = bucketOf(signature);
  let shrunk = await shrink(original, heavyInBucket(bucket), { keepsShape, isOver });
  const plainer = await stillFailing(signature, variantsWithoutTrigger(shrunk.batch), async (batch) =>
    (await violations(batch)).filter(isHeavy),
  );
  if (plainer !== null) {
    bucket = bucketOf(plainer.violation);
    const further = await shrink(plainer.batch, heavyInBucket(bucket), { keepsShape, isOver });
    shrunk = {
      ...further,
      evaluations: shrunk.evaluations + further.evaluations,
      improvements: shrunk.improvements + further.improvements,
    };
  }
  const { batch } = shrunk;
  const found = isOver() ? null : await boundary(batch, inBucket(bucket));
  const edge = found !== null && (await endsThere(signature, found, batch, violations)) ? found : null;

  const oracle = createOracle(batch);
  const ask = async (of: Batch) => look(of === batch ? oracle : createOracle(of), judge);
  const confirmed = await confirm({ target, signature, batch, bucket, original, ask });
  const about = {
    target: { name: target.name, specifier: target.specifier },
    profile: target.profile,
    operation,
    worst,
    weights,
    typicalWeight: medianOf(weights),
    original: sketchOf(original),
    origin,
    occurrences,
  };
  if (!confirmed.lasts) {
    const told = unsteady(signature, confirmed.batch, confirmed.detail);
    const expected = expectedKept(createOracle(told.batch), operation, null);
    return { ...about, ...told, ...knownness(target.known, told.bucket, noSize.weight, new Map()), expected };
  }
  const { violation, output } = confirmed;
  const { kind, severity, index, detail } = violation;
  const explanation = await explain(operation, batch, inBucket(bucket, judge));
  return {
    ...about,
    property: propertyOf(kind, law),
    kind,
    severity,
    bucket,
    ...knownness(target.known, bucket, Math.max(worst.weight, violation.weight), weights),
    batch: batchKept(batch),
    output: output && answerKept(output, index),
    expected: expectedKept(oracle, operation, index),
    index,
    ...sizeOf(violation),
    detail: detail ?? allowance(target, oracle, output, violation),
    boundary: isOver() ? null : edge,
    explanation: isOver() ? null : explanation,
    shrink: {
      evaluations: shrunk.evaluations,
      improvements: shrunk.improvements,
      minimal: shrunk.minimal && !isOver(),
    },
  };
}

/** Which profiles allow what is no more than a warning: one that was not declared may be what is meant. */
function allowance(
  { profile }: Target,
  oracle: Oracle,
  output: Float32Array | null,
  { operation, severity, index }: Violation,
): string | null {
  if (severity !== 'warning' || output === null || index === null) return null;
  const names = allowedBy(oracle, operation, index, output[index], profileNamed(profile));
  return names.length === 0 ? null : `within the budget of the profiles ${names.join(', ')}`;
}

/** What is kept of the exact answer, of which no more is computed: the numbers that double precision leaves open may take minutes. */
function expectedKept(oracle: Oracle, operation: Operation, index: number | null): Answer {
  const length = outputLength(operation, oracle.batch.rows, oracle.batch.cols);
  if (length <= MOST_KEPT) return oracle.rounded(operation);
  const at = index ?? 0;
  return { length, index: at, value: oracle.entry(operation, at).rounded };
}

/** The first variant that fails in the same way with a plainer trigger. */
async function stillFailing(
  { kind, severity, trigger }: Signature,
  variants: Iterable<Batch>,
  violations: (batch: Batch) => Promise<readonly Violation[]>,
): Promise<{ batch: Batch; violation: Violation } | null> {
  if (trigger === null) return null;
  for (const batch of variants) {
    const violation = (await violations(batch)).find(
      (each) =>
        each.kind === kind &&
        each.severity === severity &&
        each.trigger !== null &&
        isPlainer(each.trigger, trigger),
    );
    if (violation !== undefined) return { batch, violation };
  }
  return null;
}

/** A failure beyond the boundary that is smaller by no more than this is the same one still. */
const AS_WRONG = 2;

/** Whether beyond the boundary nothing of the kind is as wrong: neither another bucket nor being a mere warning is an end of the fault. */
async function endsThere(
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

/** A function that now and then, every 50 ms, lets signals and timers through. */
function createPause(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < 50) return undefined;
    last = performance.now();
    return setImmediate();
  };
}
