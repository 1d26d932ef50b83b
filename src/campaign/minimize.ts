/** Turns a discovery into a finding: the simplest batch of its bucket, the boundary beside it, the worst case. */
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
import { createBreath, type Pause } from './turns.ts';
import { unlessAborted } from './unless-aborted.ts';

/** A bucket before shrinking. */
export interface Discovered {
  readonly signature: Signature;
  /** The simplest batch met, and where it came from. */
  readonly batch: Batch;
  readonly origin: Origin;
  /** Where the first case of the bucket came from, if that is another. */
  readonly first?: Origin | undefined;
  readonly worst: Worst;
  readonly occurrences: number;
}

/** What restrains minimizing. */
export interface MinimizeOptions {
  /** The shape that every candidate must keep, where it is fixed. */
  readonly generation: BatchOptions;
  /** Once aborted, the batch stays as simple as it has become. */
  readonly signal?: AbortSignal | undefined;
  /** Once aborted, the finding is asked again once, and not in a fresh process. */
  readonly hurry?: AbortSignal | undefined;
  /** Once aborted, no answer is waited for any more. */
  readonly halt?: AbortSignal | undefined;
  /** Waited for before each evaluation. @defaultValue one that lets signals and timers through */
  readonly pause?: Pause | undefined;
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
  { generation, signal, hurry, halt, pause = createBreath() }: MinimizeOptions,
): Promise<Finding> {
  const { signature, batch: original, origin, first, worst, occurrences } = discovered;
  const { operation, law } = signature;
  const look = (oracle: Oracle, verdict: typeof judge) =>
    law === undefined
      ? examine(target, operation, oracle, verdict)
      : examineLaw(target, operation, oracle, law, verdict);
  const workspace = createWorkspace();
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
    const found =
      (await unlessAborted(look(createOracle(batch, workspace), verdict), halt))?.violations ?? [];
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
  const plainer = isOver()
    ? null
    : await stillFailing(signature, variantsWithoutTrigger(shrunk.batch), violations);
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
  const minimal = shrunk.minimal && !isOver();
  const found = isOver() ? null : await boundary(batch, inBucket(bucket));
  const isEdge = found !== null && (await endsThere(signature, found, batch, violations)) && !isOver();

  await pause(true); // Starting a fresh process takes as long as many evaluations.
  const oracle = createOracle(batch);
  const answered = halt?.aborted ? null : await unlessAborted(look(oracle, judge), halt);
  const output = answered?.output?.slice() ?? null; // Before the kernel is called again: it may give the same array again.
  const askAnew = async (): Promise<readonly Violation[]> => {
    await target.renew?.(); // As a replay will meet it: a kernel may fail for what it was called with before.
    return (await look(oracle, judge)).violations;
  };
  const again = hurry?.aborted || halt?.aborted ? null : await unlessAborted(askAnew(), halt);
  const violation = answered?.violations.find((each) => bucketOf(each) === bucket);
  const lasts = again === null || again.some((each) => bucketOf(each) === bucket);
  const about = {
    target: { name: target.name, specifier: target.specifier },
    profile: target.profile,
    operation,
    worst,
    original: sketchOf(original),
    origin,
    first,
    occurrences,
  };
  const counts = { evaluations: shrunk.evaluations, improvements: shrunk.improvements };
  if (answered === null) return unasked(target, signature, bucket, batch, { ...about, shrink: counts });
  if (violation === undefined || !lasts) return unsteady(target, bucket, original, about);
  const { kind, severity, index, errorUlp, budgetUse, detail } = violation;
  const explanation = isOver() ? null : await explain(operation, batch, inBucket(bucket, judge));
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
    detail: withDoubt(detail ?? allowance(target, oracle, output, violation), again !== null),
    boundary: isEdge ? found : null,
    explanation: isOver() ? null : explanation,
    shrink: { ...counts, minimal, ...cutIf(signal?.aborted === true) },
  };
}

function cutIf(isCut: boolean): { readonly cut?: true } {
  return isCut ? { cut: true } : {};
}

/** What a finding says that was not asked again as a replay will ask. */
function withDoubt(detail: string | null, isSure: boolean): string | null {
  if (isSure) return detail;
  return [detail, 'not asked again in a fresh process'].filter((part) => part !== null).join('; ');
}

/** The finding of a failure for which there is no time to ask again: what is known is that it was met. */
function unasked(
  target: Target,
  { kind, severity, law, operation }: Signature,
  bucket: string,
  batch: Batch,
  { shrink, ...about }: About & { readonly shrink: Pick<Finding['shrink'], 'evaluations' | 'improvements'> },
): Finding {
  return {
    ...about,
    property: propertyOf(kind, law),
    kind,
    severity,
    bucket,
    known: isKnown(target, bucket),
    batch: batchKept(batch),
    output: null,
    expected: expectedKept(createOracle(batch), operation, null),
    index: null,
    errorUlp: Number.NaN,
    budgetUse: Number.POSITIVE_INFINITY,
    detail: 'met, and not asked again',
    boundary: null,
    explanation: null,
    shrink: { ...shrink, minimal: false, cut: true },
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

/** What a finding says of its campaign. */
type About = Pick<
  Finding,
  'target' | 'profile' | 'operation' | 'worst' | 'original' | 'origin' | 'first' | 'occurrences'
>;

/** The finding of a failure that was met, and is gone when the same is asked again: shrinking it would chase noise. */
function unsteady(target: Target, failure: string, batch: Batch, about: About): Finding {
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

/** Whether beyond the boundary nothing as bad of the kind is wrong: a mere change of bucket is no end of the fault. */
async function endsThere(
  { kind, severity }: Signature,
  { cell, passes }: Boundary,
  batch: Batch,
  violations: (batch: Batch) => Promise<readonly Violation[]>,
): Promise<boolean> {
  const beyond = await violations({ ...batch, logits: batch.logits.with(cell, passes) });
  return !beyond.some((each) => each.kind === kind && (each.severity === 'error' || severity === 'warning'));
}
