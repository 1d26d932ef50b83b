/** Turns a discovery into a finding: the simplest batch of its bucket, the boundary beside it, the worst case. */
import type { BatchOptions } from '../arbitraries/generate.ts';
import type { Batch } from '../core/batch.ts';
import type { Call } from '../core/call.ts';
import { noSize, sizeOf } from '../core/error-size.ts';
import type { Finding } from '../core/finding.ts';
import { medianOf } from '../core/histogram.ts';
import { type Answer, answerKept, batchKept, MOST_KEPT, sketchOf } from '../core/kept.ts';
import { knownness } from '../core/known.ts';
import { type Operation, outputLength } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import { bucketOf, propertyOf, type Signature, type Violation } from '../core/violation.ts';
import { allowedBy } from '../judge/allowed-by.ts';
import { estimate, judge } from '../judge/judge.ts';
import { notTaken, takenBy } from '../options/taken.ts';
import { createOracle, type Oracle } from '../oracle/exact.ts';
import { createWorkspace } from '../row/approximation.ts';
import { profileOf } from '../row/profile.ts';
import { roundToFormat } from '../row/round.ts';
import { boundary } from '../shrink/boundary.ts';
import { type Shrunk, shrink } from '../shrink/descend.ts';
import { explain } from '../shrink/explain.ts';
import { shrinkSequence } from '../shrink/sequence.ts';
import { findAfterCalls } from './after-calls.ts';
import { askingFor, type Look } from './asking.ts';
import { fits } from './cases.ts';
import { stillFailing, variantsWithoutTrigger } from './cause-check.ts';
import { type Circumstances, circumstancesOf } from './circumstances.ts';
import type { Discovered } from './discovered.ts';
import { endsThere } from './edge.ts';
import { createLearned, type Learned } from './learned.ts';
import {
  addSpent,
  createProofs,
  isSpent,
  nothingSpent,
  type Proofs,
  type Shown,
  type Spent,
  spentSince,
} from './proofs.ts';
import { isRefusal, type ShrunkRefusal, shrinkRefusal } from './refusal.ts';
import { createSequences, type Sequences } from './sequences.ts';
import { leastWeight } from './starts.ts';
import { takes } from './subject.ts';
import { createBreath, type Pause } from './turns.ts';
import { unlessAborted } from './unless-aborted.ts';
import { confirm, confirmAfter, confirmOnce, unsteady } from './unsteady.ts';
import { createVerdicts, type Verdicts } from './verdicts.ts';

/** What restrains minimizing. */
export interface MinimizeOptions {
  /** The shape that every candidate must keep, where it is fixed. */
  readonly generation: BatchOptions;
  /** Once aborted, the batch stays as simple as it has become. */
  readonly signal?: AbortSignal | undefined;
  /** Once aborted, the failure keeps the trigger that it was met with. @defaultValue signal */
  readonly causes?: AbortSignal | undefined;
  /** Once aborted, the finding is asked again once, and not in a fresh process. */
  readonly hurry?: AbortSignal | undefined;
  /** Once aborted, no answer is waited for any more. */
  readonly halt?: AbortSignal | undefined;
  /** Waited for before each evaluation. @defaultValue one that lets signals and timers through */
  readonly pause?: Pause | undefined;
  /** Those of the target's findings so far. @defaultValue none */
  readonly proofs?: Proofs | undefined;
  /** What was said of batches of the target so far. @defaultValue none */
  readonly verdicts?: Verdicts | undefined;
  /** What others of the target have shrunk to so far. @defaultValue nothing */
  readonly learned?: Learned | undefined;
  /** The sequences of calls that the target's failures needed so far; null where none is looked for. @defaultValue none */
  readonly sequences?: Sequences | null | undefined;
  /** Whether a target may be loaded anew where it is, and not in another process, while what needs calls is shrunk. @defaultValue where it can be */
  readonly isReloaded?: boolean | undefined;
}

/**
 * The finding that a discovery shrinks to. Its bucket may differ from the discovery's: see {@link variantsWithoutTrigger}. The
 * way there is judged by double precision where that decides, the finding itself by decimal.js.
 */
export async function minimize(
  target: Target,
  discovered: Discovered,
  options: MinimizeOptions,
): Promise<Finding> {
  const { generation, signal, causes = signal, hurry, halt } = options;
  const { pause = createBreath(), proofs = createProofs(), verdicts = createVerdicts() } = options;
  const {
    learned = createLearned(),
    sequences = createSequences(),
    isReloaded = target.reload !== undefined,
  } = options;
  const { signature, batch: original, origin, first, weight, worst, weights, occurrences } = discovered;
  const { operation, law } = signature;
  let before = discovered.before ?? null;
  let isQuick = false;
  const share = (sequences ?? createSequences()).share();
  const asking = askingFor(target, signature);
  const look: Look = (oracle, verdict) =>
    (before === null ? asking.now : asking.after(before, share, isQuick))(oracle, verdict);
  const workspace = createWorkspace();
  let spent: Spent = nothingSpent;
  const isSpentAll = () => isSpent(spent) || (before !== null && share.isSpent());
  const isOver = () => signal?.aborted === true || isSpentAll();
  const isKept = () => causes?.aborted === true || isSpentAll();
  const isTaken = (of: Operation, batch: Batch): boolean =>
    fits(batch, generation) && takes(target, batch) && notTaken(batch.options, takenBy(target, of)) === null;
  const violations = async (
    batch: Batch,
    verdict = estimate,
    isEnough = isOver,
    lookFor: Look = look,
  ): Promise<readonly Violation[]> => {
    await pause();
    if (isEnough() || !isTaken(operation, batch)) return [];
    spent = addSpent(spent, { ...nothingSpent, logits: batch.logits.length });
    const ask = async () =>
      (await unlessAborted(lookFor(createOracle(batch, workspace), verdict), halt))?.violations ?? null;
    const question = `${operation} ${law} ${verdict.name}`;
    const found = (await (before === null ? verdicts.of(question, batch, ask) : ask())) ?? [];
    const timeouts = found.some(({ kind }) => kind === 'timed-out') ? 1 : 0;
    const crashes = found.some(({ kind }) => kind === 'crashed' || kind === 'out-of-memory') ? 1 : 0;
    spent = addSpent(spent, { logits: 0, timeouts, crashes });
    return found;
  };
  const inBucket = (bucket: string) => async (batch: Batch) =>
    (await violations(batch)).some((violation) => bucketOf(violation) === bucket);

  const isHeavy = (violation: Violation): boolean => violation.weight >= leastWeight(weight);
  const heavyInBucket =
    (bucket: string, verdict = estimate) =>
    async (batch: Batch) =>
      (await violations(batch, verdict)).some(
        (violation) => bucketOf(violation) === bucket && isHeavy(violation),
      );

  const sizes = {
    takes: (batch: Batch) => isTaken(operation, batch),
    step: target.limits?.multipleOf ?? 1,
  };
  const answers = async (batch: Batch) => {
    const oracle = createOracle(batch, workspace);
    const examination = await unlessAborted(look(oracle, estimate), halt);
    const got = examination?.output ?? null;
    return got && { got, exact: oracle.rounded(operation, profileOf(target).answer) };
  };
  const keepsShape = generation.rows !== undefined && generation.cols !== undefined;
  let bucket = bucketOf(signature);
  let shownBy: Signature = signature;
  let shrunk: Shrunk;
  let refused: ShrunkRefusal | null = null;
  if (before === null) {
    if (law === undefined && isRefusal(signature.kind))
      refused = await shrinkRefusal(original, bucket, violations, sizes);
    shrunk =
      refused?.size && !isOver()
        ? refused.shrunk
        : withTries(
            await shrink(refused?.shrunk.batch ?? original, heavyInBucket(bucket), { keepsShape, isOver }),
            refused?.shrunk,
          );
  } else {
    const failsAfter = async (calls: readonly Call[], batch: Batch, isFast = isQuick): Promise<boolean> => {
      if (!calls.every((call) => isTaken(call.operation, call.batch))) return false;
      return (await violations(batch, estimate, isOver, asking.after(calls, share, isFast))).some(
        (violation) => bucketOf(violation) === bucket && isHeavy(violation),
      );
    };
    const start = { before, batch: original };
    // Another load of a module is as good as another process, if the failure is there after the calls, and gone without them.
    isQuick =
      isReloaded && (await failsAfter(before, original, true)) && !(await failsAfter([], original, true));
    const sequence = await shrinkSequence(operation, start, failsAfter, { keepsShape, isOver });
    ({ before } = sequence);
    shrunk = sequence;
  }
  const heavyViolations = async (each: Batch) => (await violations(each, estimate, isKept)).filter(isHeavy);
  if (before === null && isOver()) {
    const failsStill = async (each: Batch): Promise<boolean> =>
      (await heavyViolations(each)).some((violation) => bucketOf(violation) === bucket);
    const other = await learned.simplest(shrunk.batch, operation, failsStill, isKept);
    if (other !== null) shrunk = withTries({ ...shrunk, batch: other }, { evaluations: 1, improvements: 1 });
  }
  const plainer = isKept()
    ? null
    : await stillFailing(
        signature,
        variantsOf(isOver() ? [original, shrunk.batch] : [shrunk.batch]),
        heavyViolations,
      );
  if (plainer !== null) {
    bucket = bucketOf(plainer.violation);
    shownBy = plainer.violation;
    const further = await shrink(plainer.batch, heavyInBucket(bucket), { keepsShape, isOver });
    shrunk = withTries(further, shrunk);
  }
  const { batch } = shrunk;
  if (before === null) learned.add(batch);
  if (before !== null) {
    const isHalted = () => halt?.aborted === true;
    const failsNew = async (calls: readonly Call[]): Promise<boolean> =>
      (await violations(batch, estimate, isHalted, asking.after(calls, share))).some(
        (violation) => bucketOf(violation) === bucket && isHeavy(violation),
      );
    // What fails alone by now needs no calls before it.
    if (await failsNew([])) {
      const alone = { ...discovered, signature: shownBy, batch, before: undefined };
      return minimize(target, alone, { ...options, sequences: null });
    }
    if (isQuick && !(await failsNew(before)))
      return minimize(target, discovered, { ...options, isReloaded: false });
  }
  const minimal = shrunk.minimal && !isOver();
  const about = {
    target: { name: target.name, specifier: target.specifier },
    profile: target.profile,
    ...(target.formats && { formats: target.formats }),
    operation,
    ...(before !== null && { before }),
    worst,
    weights,
    typicalWeight: medianOf(weights),
    original: sketchOf(original),
    origin,
    first,
    occurrences,
  };
  const counts = { evaluations: shrunk.evaluations, improvements: shrunk.improvements };
  const findingOf = (shown: Shown): Finding => ({
    ...about,
    ...shown,
    ...knownness(target.known, bucket, Math.max(worst.weight, shown.weight), weights),
    shrink: {
      ...counts,
      minimal,
      ...cutIf(signal?.aborted === true || (before !== null && share.isSpent())),
    },
  });
  const matter = `${bucket} >= ${leastWeight(weight)}`; // What may be anything depends on how heavy it has to stay.
  const proven = isOver() ? null : proofs.of(batch, matter, law, spent);
  if (proven !== null) return findingOf(proven);

  const spentBefore = spent;
  const found = isOver() ? null : await boundary(batch, inBucket(bucket));
  const isEdge = found !== null && (await endsThere(signature, found, batch, violations)) && !isOver();

  await pause(true); // Starting a fresh process takes as long as many evaluations.
  const oracle = createOracle(batch);
  const isHurried = hurry?.aborted === true;
  const lookAnew: Look = before === null ? look : asking.after(before, share);
  const ask = async (of: Batch) => lookAnew(of === batch ? oracle : createOracle(of), judge);
  const failure = { target, signature, batch, bucket, original, ask };
  const confirmation =
    before === null
      ? () => (isHurried ? confirmOnce(failure) : confirm(failure))
      : () => confirmAfter(failure);
  const confirmed = halt?.aborted ? null : await unlessAborted(confirmation(), halt);
  if (confirmed === null)
    return unasked(target, signature, bucket, batch, { ...about, weight, shrink: counts });
  const after =
    confirmed.gone && sequences !== null && !isOver()
      ? await findAfterCalls(
          {
            target,
            discovered,
            failing: [{ signature: shownBy, batch }, ...(batch === original ? [] : [discovered])],
            gone: confirmed.gone,
            asking,
            isHeavy,
            isOver,
            pause,
            minimize: (started) =>
              minimize(target, started, {
                ...options,
                sequences,
                proofs: createProofs(),
                verdicts: createVerdicts(),
              }),
          },
          sequences,
        )
      : confirmed.gone && sequences !== null && !confirmed.lasts
        ? untimely
        : '';
  if (typeof after !== 'string')
    return { ...after, original: about.original, shrink: withTries(after.shrink, counts) };
  if (!confirmed.lasts) {
    const told = unsteady(signature, confirmed.batch, `${confirmed.detail}${after}`);
    const expected = expectedKept(createOracle(told.batch), operation, target, null);
    const known = knownness(target.known, told.bucket, noSize.weight, new Map());
    return { ...about, before: undefined, ...told, ...known, expected };
  }
  const { violation, output } = confirmed;
  const { kind, severity, index, detail } = violation;
  const explanation = isOver() ? null : await explain(operation, batch, heavyInBucket(bucket, judge));
  const circumstances: Circumstances =
    before !== null || law !== undefined || isOver()
      ? {}
      : await circumstancesOf(
          batch,
          { ...sizes, bucket, kind, violations, answers, alike: alikeIn(target) },
          refused?.size,
        );
  const shown: Shown = {
    property: propertyOf(kind, law),
    kind,
    severity,
    bucket,
    batch: batchKept(batch),
    output: output && answerKept(output, index),
    expected: expectedKept(oracle, operation, target, index),
    index,
    ...sizeOf(violation),
    detail: withDoubt(
      detail === null ? allowedFor(target, oracle, output, violation) : `${detail}${after}`,
      before !== null || !isHurried,
    ),
    boundary: isEdge ? found : null,
    ...(!isOver() && circumstances),
    explanation: isOver() ? null : explanation,
  };
  if (!isHurried && !isOver())
    proofs.keep(batch, matter, law, { shown, spent: spentSince(spentBefore, spent) });
  return findingOf(shown);
}

/** Those of each batch that there is: a batch that time has cut on the way may need a trigger that neither its origin nor its end needs. */
function* variantsOf(batches: readonly Batch[]): Generator<Batch> {
  for (const batch of new Set(batches)) yield* variantsWithoutTrigger(batch);
}

/** What is said where there was no time to look for calls that a failure needs. */
const untimely = ', and was not asked for after other calls, for want of time';

/** How far apart, relative, numbers of a target are that are computed in two right ways. */
function alikeIn(target: Target): number {
  return Math.max(2 ** -18, 4 * profileOf(target).answer.unitRoundoff);
}

/** With the tries of both. */
function withTries<T extends Tries>(shrink: T, { evaluations, improvements }: Tries = noTries): T {
  return {
    ...shrink,
    evaluations: shrink.evaluations + evaluations,
    improvements: shrink.improvements + improvements,
  };
}

type Tries = Pick<Shrunk, 'evaluations' | 'improvements'>;

const noTries: Tries = { evaluations: 0, improvements: 0 };

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
  { shrink, weight, ...about }: About & Pick<Finding, 'weight'> & { readonly shrink: Tries },
): Finding {
  return {
    ...about,
    property: propertyOf(kind, law),
    kind,
    severity,
    bucket,
    ...knownness(target.known, bucket, about.worst.weight, about.weights),
    batch: batchKept(batch),
    output: null,
    expected: expectedKept(createOracle(batch), operation, target, null),
    index: null,
    ...noSize,
    weight,
    detail: 'met, and not asked again',
    boundary: null,
    explanation: null,
    shrink: { ...shrink, minimal: false, cut: true },
  };
}

/** Which profiles allow what is no more than a warning: one that was not declared may be what is meant. */
function allowedFor(
  target: Target,
  oracle: Oracle,
  output: Float32Array | null,
  { operation, severity, index }: Violation,
): string | null {
  if (severity !== 'warning' || output === null || index === null) return null;
  const names = allowedBy(oracle, operation, index, output[index], profileOf(target));
  return names.length === 0 ? null : `within the budget of the profiles ${names.join(', ')}`;
}

/** What is kept of the exact answer, of which no more is computed: the numbers that double precision leaves open may take minutes. */
function expectedKept(oracle: Oracle, operation: Operation, target: Target, index: number | null): Answer {
  const { answer } = profileOf(target);
  const length = outputLength(operation, oracle.batch.rows, oracle.batch.cols);
  if (length <= MOST_KEPT) return oracle.rounded(operation, answer);
  const at = index ?? 0;
  const { value, rounded } = oracle.entry(operation, at);
  return { length, index: at, value: roundToFormat(value, rounded, answer) };
}

/** What a finding says of its campaign. */
type About = Pick<
  Finding,
  | 'target'
  | 'profile'
  | 'formats'
  | 'operation'
  | 'before'
  | 'worst'
  | 'weights'
  | 'typicalWeight'
  | 'original'
  | 'origin'
  | 'first'
  | 'occurrences'
>;
