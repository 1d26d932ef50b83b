/**
 * Looks for the calls after which a new target fails that passes alone: a kernel with state between calls is no less wrong for being right
 * at first. Tried are, in this order, the sequences that other failures of the target needed; the same call again and again; the calls
 * that its process had been given when it failed; and those that the campaign had made when it met the failure.
 */
import type { Batch } from '../../core/batch.ts';
import { type Call, MOST_CALLS } from '../../core/call.ts';
import { FURTHER_CALLS } from '../../core/law.ts';
import type { Target } from '../../core/target.ts';
import { startOver } from '../../targets/start-over.ts';

/** So many calls of a target may be made for sequences, of all its failures together. */
const MOST_ASKED = 2000;

/** With fewer calls left only those sequences are tried that others needed, and none is shrunk. */
const LEAST_LEFT = 300;

/** The part of what is left that one failure may take. */
const SHARE = 1 / 3;

/** Of the sequences that others needed, so many are tried. */
const MOST_FOUND = 4;

/** No longer than this, in ms, all together, and half of what is left for each: a process may take seconds to start. */
const LONGEST_MS = 60_000;

/** So many times a sequence has to fail, of as many, before it is believed, and when it has been shrunk. */
export const REPEATS = 4;

/** What may be spent on the sequences of one failure. */
export interface Allowance {
  /** So many calls are made. */
  readonly spend: (calls: number) => void;
  /** Whether no more is to be looked for, or shrunk. */
  readonly isSpent: () => boolean;
  /** Whether there is enough left of all to ask for a sequence of so many calls until it is believed. */
  readonly affords: (calls: number) => boolean;
}

/** The sequences of one target. */
export interface Sequences {
  /** Some of those that were found, the last first. */
  readonly found: () => readonly Ending[];
  readonly keep: (ending: Ending) => void;
  /** A third of the calls that are left, and half of the time; spent at once where that is too little to begin with. */
  readonly share: () => Allowance;
}

/** Calls, and the call that fails after them in its bucket. */
export interface Ending {
  readonly before: readonly Call[];
  readonly batch: Batch;
  readonly bucket: string;
}

/** No sequences yet. */
export function createSequences(): Sequences {
  const found: Ending[] = [];
  let left = MOST_ASKED;
  let msLeft = LONGEST_MS;
  return {
    found: () => found.slice(0, MOST_FOUND),
    keep: (ending) => void found.unshift(ending),
    share() {
      const least = left < LEAST_LEFT ? left : (1 - SHARE) * left;
      const leastMs = msLeft / 2;
      let last = performance.now();
      return {
        spend(calls) {
          left -= calls;
        },
        isSpent() {
          const now = performance.now();
          msLeft -= now - last;
          last = now;
          return left <= least || msLeft <= leastMs;
        },
        affords: (calls) => left >= 2 * REPEATS * (calls + FURTHER_CALLS), // A law calls more than once.
      };
    },
  };
}

/** How often sequences failed, of how many that were asked for. */
export interface SequencesTried {
  readonly failed: number;
  readonly asked: number;
}

/** What {@link findSequence} looks among. */
export interface Lookup {
  readonly target: Target;
  /** The failure that is gone, the simplest input first, and what was met. */
  readonly subjects: readonly Omit<Ending, 'before'>[];
  /** The calls of the process in which the first of them failed. */
  readonly prior: readonly Call[];
  /** The calls of the campaign before the last of them. */
  readonly earlier: () => readonly Call[];
  readonly found: readonly Ending[];
  /** Whether the input fails in the bucket after the calls, asked of a new target. */
  readonly fails: (ending: Ending) => Promise<boolean>;
  /** The same, asked of the target as it is. */
  readonly failsNow: (ending: Omit<Ending, 'before'>) => Promise<boolean>;
  readonly share: Allowance;
  readonly isOver: () => boolean;
}

/** A sequence that fails each of {@link REPEATS} times; or what was tried. */
export async function findSequence(lookup: Lookup): Promise<Ending | SequencesTried> {
  let failed = 0;
  let asked = 0;
  for await (const ending of endings(lookup)) {
    for (let k = 0; k < REPEATS; k++) {
      if (lookup.isOver()) return { failed, asked };
      if (!lookup.share.affords(ending.before.length + 1)) break;
      asked++;
      if (!(await lookup.fails(ending))) break;
      failed++;
      if (k === REPEATS - 1) return ending;
    }
  }
  return { failed, asked };
}

async function* endings(lookup: Lookup): AsyncGenerator<Ending> {
  const { subjects, prior, earlier, found, share } = lookup;
  for (const { before, batch, bucket } of found) {
    if (subjects.some((each) => each.bucket === bucket)) yield { before, batch, bucket };
    for (const subject of subjects) yield { before, ...subject };
  }
  if (share.isSpent()) return;
  for (const subject of subjects) {
    const before = await sameCallsAgain(subject, lookup);
    if (before.length > 0) yield { before, ...subject };
  }
  if (prior.length > 0) yield { before: prior, ...subjects[0] };
  const calls = earlier();
  if (calls.length > 0) yield { before: calls, ...subjects[subjects.length - 1] };
}

/** The calls of a new target that is asked for the failure until it shows, up to {@link MOST_CALLS}; none where it does not. */
async function sameCallsAgain(
  subject: Omit<Ending, 'before'>,
  { target, failsNow, share, isOver }: Lookup,
): Promise<readonly Call[]> {
  if (target.history === undefined) return [];
  await startOver(target, []);
  for (let asked = 0; asked < MOST_CALLS && !share.isSpent() && !isOver(); ) {
    const calls = target.history.calls();
    if (await failsNow(subject)) return calls;
    const more = target.history.calls().length - calls.length;
    if (more <= 0) return []; // It is as new, or knows no more than its last calls.
    asked += more;
  }
  return [];
}
