/**
 * Asks for a failure again, as a replay will meet it: of a fresh process. What fails there is a finding as it is. What does
 * not may need calls before it (sequences.ts). What fails after none is told as a warning, with how often the same input failed, and where: a replay
 * would show nothing, and shrinking it would chase noise. So is a call that ran out of its time, and takes less than twice of it when it may: another machine, or
 * this one when it has less to do, answers in time.
 */
import type { Batch } from '../../core/batch.ts';
import type { Call } from '../../core/call.ts';
import { noSize } from '../../core/error-size.ts';
import type { Finding } from '../../core/finding.ts';
import { batchKept } from '../../core/kept.ts';
import type { Target, Timed } from '../../core/target.ts';
import { bucketOf, type Kind, propertyOf, type Signature, type Violation } from '../../core/violation.ts';
import type { Examination } from '../../targets/examine.ts';
import { REPEATS } from './sequences.ts';

/** How often an input is asked for where it did not fail. */
const ASKINGS = 3;

/** A call that takes more than this share of its time when it is asked again may well have taken all of it. */
const NEAR = 0.5;

/** A failure, and how it is asked for. */
export interface Failure {
  readonly target: Target;
  readonly signature: Signature;
  /** What it shrank to, in this bucket. */
  readonly batch: Batch;
  readonly bucket: string;
  /** The batch that it was met with. */
  readonly original: Batch;
  readonly ask: (batch: Batch) => Promise<Examination>;
}

/**
 * A failure that lasts, and the answer that shows it; or the batch that was asked for, and what it did instead. With `gone` a fresh
 * process passes, or passed at first, and may fail after the calls that were made before.
 */
export type Confirmation = (
  | { readonly lasts: true; readonly violation: Violation; readonly output: Float32Array | null }
  | { readonly lasts: false; readonly batch: Batch; readonly detail: string }
) & { readonly gone?: Gone };

/** What is known of a failure that a fresh process does not show. */
export interface Gone {
  /** The calls of the process before the call that failed; none where that was in another process. */
  readonly prior: readonly Call[];
  /** How a fresh process shows it after all, if it does. */
  readonly words: string;
}

/** How often an input failed, of how often it was asked for. */
interface Count {
  readonly failed: number;
  readonly asked: number;
}

/** An answer that failed, or the last that was asked for. */
interface Tried extends Count {
  /** The calls of its process before it. */
  readonly prior: readonly Call[];
  readonly violation: Violation | undefined;
  readonly output: Float32Array | null;
}

/** Asks for the failure once more of the process that showed it, and of a fresh one, where the target has processes. */
export async function confirm({
  target,
  signature,
  batch,
  bucket,
  original,
  ask,
}: Failure): Promise<Confirmation> {
  // What ends its process, or waits for it, is asked for once: the next call is of another process anyway.
  const askings = endsProcess(signature.kind) ? 1 : ASKINGS;
  const count = async (of: Batch, asked: number): Promise<Count> => {
    let failed = 0;
    for (let k = 0; k < asked; k++) if (failureIn(await ask(of), bucket) !== undefined) failed++;
    return { failed, asked };
  };

  // Bits that differ between two calls may not differ between the next two: it lasts where they do in one of some askings.
  const chances = signature.kind === 'nondeterministic' ? ASKINGS : 1;
  const tryFor = async (of: Batch, asked = 1): Promise<Tried> => {
    const prior = target.history?.calls() ?? [];
    const found = await ask(of);
    const violation = failureIn(found, bucket);
    if (violation === undefined && asked < chances) return tryFor(of, asked + 1);
    // A copy, before the kernel is called again: it may give the same array again.
    return {
      prior,
      violation,
      output: found.output?.slice() ?? null,
      asked,
      failed: violation === undefined ? 0 : 1,
    };
  };

  const first = await tryFor(batch);
  const { violation, output } = first;
  const subject = violation === undefined ? original : batch;
  const before = violation === undefined ? await count(original, askings) : first;
  await target.renew?.(); // A kernel may fail for what it was called with before.
  const { value: again, ...time } = await timed(target, () => tryFor(subject));
  const mayNeedCalls = target.renew !== undefined && signature.kind !== 'timed-out';
  const prior = violation === undefined ? [] : first.prior;
  if (violation !== undefined && again.violation !== undefined)
    return {
      lasts: true,
      violation: signature.kind === 'timed-out' ? again.violation : violation,
      output,
      ...(mayNeedCalls &&
        again.asked > 1 && {
          gone: { prior, words: `; ${freshOf(target)} shows it when it is asked ${again.asked} times` },
        }),
    };
  const unsure = (detail: string): Confirmation => ({ lasts: false, batch: subject, detail });
  if (signature.kind === 'timed-out' && time.longestMs > 0) return unsure(timeOf(time));
  const others = await count(subject, askings - again.asked);
  const fresh = { failed: again.failed + others.failed, asked: again.asked + others.asked };
  const words = wordsOf(signature.kind, bucket, violation ?? again.violation);
  return {
    ...unsure(`${words}, ${timesOf(before, fresh, target)}`),
    ...(mayNeedCalls && fresh.failed === 0 && { gone: { prior, words: '' } }),
  };
}

/**
 * Asks {@link REPEATS} times for a failure that needs calls before it: `ask` gives them to a fresh process each time. Each has to show it.
 */
export async function confirmAfter({
  target,
  signature,
  batch,
  bucket,
  ask,
}: Failure): Promise<Confirmation> {
  let shown: { readonly violation: Violation; readonly output: Float32Array | null } | undefined;
  let failed = 0;
  for (let k = 0; k < REPEATS; k++) {
    const found = await ask(batch);
    const violation = failureIn(found, bucket);
    if (violation === undefined) continue;
    shown ??= { violation, output: found.output?.slice() ?? null };
    failed++;
  }
  if (shown !== undefined && failed === REPEATS) return { lasts: true, ...shown };
  const words = wordsOf(signature.kind, bucket, shown?.violation);
  const detail = `${words}, and in ${failed} of ${REPEATS} of ${freshOf(target)} after the calls before it`;
  return { lasts: false, batch, detail };
}

/** Asks for the failure once more of the process that showed it, and of no other: where there is no time to start one. */
export async function confirmOnce({
  signature,
  batch,
  bucket,
  original,
  ask,
}: Failure): Promise<Confirmation> {
  const found = await ask(batch);
  const violation = failureIn(found, bucket);
  if (violation !== undefined) return { lasts: true, violation, output: found.output?.slice() ?? null };
  const words = wordsOf(signature.kind, bucket, undefined);
  return { lasts: false, batch: original, detail: `${words}, and not when it was asked again` };
}

function failureIn({ violations }: Examination, bucket: string): Violation | undefined {
  return violations.find((each) => bucketOf(each) === bucket);
}

/** The rest of the finding of a failure that did not last: its bucket says by its kind what it was, or that numbers change. */
export function unsteady({ operation, kind, law }: Signature, batch: Batch, detail: string) {
  const isCall = callFailures[kind] !== undefined;
  const told = isCall ? kind : 'nondeterministic';
  const heldTo = isCall ? law : undefined;
  const severity = 'warning';
  return {
    property: propertyOf(told, heldTo),
    kind: told,
    severity,
    bucket: bucketOf({ operation, kind: told, law: heldTo, trigger: null, severity }),
    batch: batchKept(batch),
    output: null,
    index: null,
    ...noSize,
    detail,
    boundary: null,
    explanation: null,
    shrink: { evaluations: 0, improvements: 0, minimal: false },
  } as const satisfies Partial<Finding>;
}

/** What a call did that failed as a whole. */
const callFailures: Partial<Readonly<Record<Kind, string>>> = {
  'mutated-input': 'it changed its arguments',
  'bad-shape': 'it answered in a wrong shape or type',
  threw: 'it threw',
  crashed: 'it crashed',
  'out-of-memory': 'it ran out of memory',
  'timed-out': 'it did not answer in time',
};

function endsProcess(kind: Kind): boolean {
  return kind === 'crashed' || kind === 'out-of-memory' || kind === 'timed-out';
}

function wordsOf(kind: Kind, bucket: string, violation: Violation | undefined): string {
  const words = callFailures[kind] ?? `it failed as ${bucket}`;
  const said = callFailures[kind] === undefined ? null : (violation?.detail ?? null);
  return `${words} when it was met${said === null ? '' : ` (${said})`}`;
}

function timesOf(before: Count, fresh: Count, target: Target): string {
  if (target.renew === undefined)
    return `and in ${before.failed + fresh.failed} of ${before.asked + fresh.asked} further calls with the same input`;
  return `in ${before.failed} of ${before.asked} further calls with the same input, and in ${fresh.failed} of ${fresh.asked} of ${freshOf(target)}`;
}

/** What is fresh once the target has been renewed. */
function freshOf({ isRemote }: Target): string {
  return isRemote ? 'a fresh process' : 'a fresh load of the module';
}

function timeOf({ longestMs, allowedMs }: Omit<Timed<unknown>, 'value'>): string {
  const took = `it took ${seconds(longestMs)} of ${seconds(allowedMs)} allowed`;
  return longestMs > NEAR * allowedMs
    ? took
    : `no answer within ${seconds(allowedMs)} when it was met; asked again in a fresh process, ${took}`;
}

function seconds(ms: number): string {
  return `${Number((ms / 1000).toPrecision(2))} s`;
}

async function timed<T>({ patiently }: Target, ask: () => Promise<T>): Promise<Timed<T>> {
  if (patiently !== undefined) return patiently(ask);
  return { value: await ask(), longestMs: 0, allowedMs: Number.POSITIVE_INFINITY };
}
