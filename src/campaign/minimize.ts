/** Turns a discovery into a finding: the simplest batch of its bucket, the boundary beside it, the worst case. */
import { setImmediate } from 'node:timers/promises';
import type { BatchOptions } from '../arbitraries/generate.ts';
import { type Batch, isNumeric } from '../core/batch.ts';
import type { Boundary, Finding, Origin, Worst } from '../core/finding.ts';
import { type Answer, answerKept, batchKept, MOST_KEPT, sketchOf } from '../core/kept.ts';
import { type Operation, outputLength } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import { isPlainer } from '../core/trigger.ts';
import { bucketOf, matchesBucket, propertyOf, type Signature, type Violation } from '../core/violation.ts';
import { allowedBy } from '../judge/allowed-by.ts';
import { estimate, judge } from '../judge/judge.ts';
import { profileNamed } from '../judge/profile.ts';
import { examineLaw } from '../laws/examine-law.ts';
import { createWorkspace } from '../oracle/approximation.ts';
import { createOracle, type Oracle } from '../oracle/exact.ts';
import { boundary } from '../shrink/boundary.ts';
import { shrink } from '../shrink/descend.ts';
import { explain } from '../shrink/explain.ts';
import { examine } from '../targets/examine.ts';
import { fits } from './cases.ts';
import { variantsWithoutTrigger } from './cause-check.ts';

/** A bucket before shrinking. */
export interface Discovered {
  readonly signature: Signature;
  /** The simplest batch met, and where it came from. */
  readonly batch: Batch;
  readonly origin: Origin;
  readonly worst: Worst;
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
  const { signature, batch: original, origin, worst, occurrences } = discovered;
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
    if (found.some(({ kind }) => kind === 'crashed')) crashes++;
    return found;
  };
  const inBucket =
    (bucket: string, verdict = estimate) =>
    async (batch: Batch) =>
      (await violations(batch, verdict)).some((violation) => bucketOf(violation) === bucket);

  const keepsShape = generation.rows !== undefined && generation.cols !== undefined;
  let bucket = bucketOf(signature);
  let shrunk = await shrink(original, inBucket(bucket), { keepsShape, isOver });
  const plainer = await stillFailing(signature, variantsWithoutTrigger(shrunk.batch), violations);
  if (plainer !== null) {
    bucket = bucketOf(plainer.violation);
    const further = await shrink(plainer.batch, inBucket(bucket), { keepsShape, isOver });
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
  const { output: live, violations: proven } = await look(oracle, judge);
  const output = live?.slice() ?? null; // Before the kernel is called again: it may give the same array again.
  await target.renew?.(); // As a replay will meet it: a kernel may fail for what it was called with before.
  const { violations: again } = await look(oracle, judge);
  const violation = proven.find((each) => bucketOf(each) === bucket);
  const lasts = again.some((each) => bucketOf(each) === bucket);
  const about = {
    target: { name: target.name, specifier: target.specifier },
    profile: target.profile,
    operation,
    worst,
    original: sketchOf(original),
    origin,
    occurrences,
  };
  if (violation === undefined || !lasts) return unsteady(target, bucket, original, about);
  const { kind, severity, index, errorUlp, budgetUse, detail } = violation;
  const explanation = await explain(operation, batch, inBucket(bucket, judge));
  return {
    ...about,
    property: propertyOf(kind, law),
    kind,
    severity,
    bucket,
    known: isKnown(target, bucket),
    batch: batchKept(batch),
    output: output && answerKept(output, index),
    expected: expectedKept(oracle, operation, index),
    index,
    errorUlp,
    budgetUse,
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

/** The finding of a failure that was met, and is gone when the same is asked again: shrinking it would chase noise. */
function unsteady(
  target: Target,
  failure: string,
  batch: Batch,
  about: Pick<Finding, 'target' | 'profile' | 'operation' | 'worst' | 'original' | 'origin' | 'occurrences'>,
): Finding {
  const kind = 'nondeterministic';
  const bucket = `${about.operation}/${kind}`;
  return {
    ...about,
    property: propertyOf(kind),
    kind,
    severity: 'error',
    bucket,
    known: isKnown(target, bucket),
    batch,
    expected: expectedKept(createOracle(batch), about.operation, null),
    output: null,
    index: null,
    errorUlp: Number.NaN,
    budgetUse: Number.POSITIVE_INFINITY,
    detail: `it failed as ${failure}, and did not when the same input was given ${target.renew ? 'to a fresh process' : 'again'}`,
    boundary: null,
    explanation: null,
    shrink: { evaluations: 0, improvements: 0, minimal: false },
  };
}

function isKnown(target: Target, bucket: string): boolean {
  return target.known.some((pattern) => matchesBucket(pattern, bucket));
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
