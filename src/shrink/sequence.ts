/**
 * The shortest sequence of calls that ends in a failure, and of each call the simplest. Fewer calls come before simpler ones: what a kernel keeps
 * of one call is a matter of its own, and of two calls one may only be in the way.
 */
import { compareSimplicity } from '../arbitraries/simplicity.ts';
import { type Batch, withUpstreamIf } from '../core/batch.ts';
import type { Call } from '../core/call.ts';
import { type Operation, usesUpstream } from '../core/operation.ts';
import { type ShrinkOptions, type Shrunk, shrink } from './descend.ts';
import { fingerprint } from './fingerprint.ts';

/** Calls, and the input of the last, which fails. */
export interface Sequence {
  readonly before: readonly Call[];
  readonly batch: Batch;
}

/** What {@link shrinkSequence} found. */
export interface ShrunkSequence extends Shrunk {
  readonly before: readonly Call[];
}

/** Whether a sequence fails, asked of a target that has not been called. */
type Fails = (before: readonly Call[], batch: Batch) => Promise<boolean>;

/** So many times all is gone through: once, and again where that has changed something. */
const MOST_ROUNDS = 3;

/**
 * The simplest sequence that the descent from `start` reaches, whose last call is of `operation`. `fails` must hold for `start`. It is asked of fewer calls, down to one
 * before the last, of simpler inputs of each call, and of calls that are the last call too.
 */
export async function shrinkSequence(
  operation: Operation,
  start: Sequence,
  fails: Fails,
  options: ShrinkOptions = {},
): Promise<ShrunkSequence> {
  const { isOver = () => false } = options;
  let { before, batch } = start;
  let evaluations = 0;
  let improvements = 0;
  let minimal = false;
  const answers = new Map<string, boolean>();
  const ask: Fails = async (calls, last) => {
    const name = [...calls.map((call) => call.operation + fingerprint(call.batch)), fingerprint(last)].join();
    const known = answers.get(name);
    if (known !== undefined || isOver()) return known ?? false;
    evaluations++;
    const failed = await fails(calls, last);
    answers.set(name, failed);
    if (failed) improvements++;
    return failed;
  };
  for (let round = 0; round < MOST_ROUNDS && !minimal && !isOver(); round++) {
    const asBefore = { before, batch };
    before = await fewest(before, (calls) => ask(calls, batch));
    before = await zeroed(before, (calls) => ask(calls, batch));
    const last = await shrink(batch, (candidate) => ask(before, candidate), options);
    batch = last.batch;
    before = await alike(before, { operation, batch }, (calls) => ask(calls, batch));
    let areMinimal = last.minimal;
    for (const [k, call] of before.entries()) {
      const changed = (candidate: Batch) => before.with(k, { ...call, batch: candidate });
      const shrunk = await shrink(call.batch, (candidate) => ask(changed(candidate), batch), options);
      before = changed(shrunk.batch);
      areMinimal &&= shrunk.minimal;
    }
    minimal = areMinimal && before.length === asBefore.before.length && isSame(asBefore, { before, batch });
  }
  return { before, batch, evaluations, improvements, minimal: minimal && !isOver() };
}

function isSame(a: Sequence, b: Sequence): boolean {
  return a.batch === b.batch && a.before.every(({ batch }, k) => batch === b.before[k].batch);
}

/**
 * As few of the calls as still fail, one at least: the last few, where these do; then without pieces of half of them, of a quarter, and so on, down to each
 * alone.
 */
async function fewest(
  calls: readonly Call[],
  fails: (calls: readonly Call[]) => Promise<boolean>,
): Promise<readonly Call[]> {
  let left = calls;
  for (const count of [1, 2, 3, 4, 5, 6, 7, 8, 16, 32]) {
    if (count >= calls.length) break;
    if (!(await fails(calls.slice(-count)))) continue;
    left = calls.slice(-count);
    break;
  }
  for (let size = left.length >> 1; size > 0; size >>= 1)
    for (let from = 0; from < left.length && left.length > size; ) {
      const without = left.toSpliced(from, size);
      if (without.length > 0 && (await fails(without))) left = without;
      else from += size;
    }
  return left;
}

/** The calls with 0 for each logit, where that is enough: most of what is kept is a matter of shapes. */
async function zeroed(
  calls: readonly Call[],
  fails: (calls: readonly Call[]) => Promise<boolean>,
): Promise<readonly Call[]> {
  if (calls.every(({ batch }) => batch.logits.every((x) => Object.is(x, 0)))) return calls;
  const zeros = calls.map(({ operation, batch }) => ({
    operation,
    batch: { ...batch, logits: new Float32Array(batch.logits.length) },
  }));
  return (await fails(zeros)) ? zeros : calls;
}

/** The calls, where they are not as simple, made the last call, all of them or each; and of its operation, where they are of another. */
async function alike(
  calls: readonly Call[],
  last: Call,
  fails: (calls: readonly Call[]) => Promise<boolean>,
): Promise<readonly Call[]> {
  const isLike = (call: Call): boolean =>
    call.operation === last.operation && compareSimplicity(call.batch, last.batch) <= 0;
  const asLast = calls.map((call) => (isLike(call) ? call : last));
  if (asLast.every((call, k) => call === calls[k])) return calls;
  if (await fails(asLast)) return asLast;
  let found = calls;
  for (const [k, call] of calls.entries()) {
    if (isLike(call)) continue;
    const batch = withUpstreamIf(usesUpstream(last.operation), call.batch);
    const others = call.operation === last.operation ? [last] : [last, { ...last, batch }];
    for (const other of calls.length === 1 ? others.slice(1) : others) {
      const changed = found.with(k, other);
      if (!(await fails(changed))) continue;
      found = changed;
      break;
    }
  }
  return found;
}
