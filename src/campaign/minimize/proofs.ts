/**
 * What was asked of a batch that shrinking ended with: the edge beside it, whether it fails in a fresh process, and why. Many
 * discoveries shrink to the same batch, and a process takes longer to start than most batches to shrink: it is asked once.
 */
import type { Batch } from '../../core/batch.ts';
import type { Finding } from '../../core/finding.ts';
import type { Law } from '../../core/law.ts';
import { fingerprint } from '../../shrink/fingerprint.ts';

/** What minimizing has used up. */
export interface Spent {
  readonly logits: number;
  /** Calls that ran out of their time, and that ended a process. */
  readonly timeouts: number;
  readonly crashes: number;
}

/** Nothing yet. */
export const nothingSpent: Spent = { logits: 0, timeouts: 0, crashes: 0 };

/** How many logits are tried on the way: with batches that must stay large, shrinking is not worth more than minutes. The built-in kernels take up to 3e6. */
const MOST_LOGITS = 5e7;

/** How many calls may run out of time on the way, or end a process, which then has to be started again. */
const MOST_TIMEOUTS = 12;
const MOST_CRASHES = 150;

/** Whether no more may be asked. */
export function isSpent({ logits, timeouts, crashes }: Spent): boolean {
  return logits > MOST_LOGITS || timeouts >= MOST_TIMEOUTS || crashes >= MOST_CRASHES;
}

/** Both together. */
export function addSpent(a: Spent, b: Spent): Spent {
  return {
    logits: a.logits + b.logits,
    timeouts: a.timeouts + b.timeouts,
    crashes: a.crashes + b.crashes,
  };
}

/** What was used up between the two. */
export function spentSince(before: Spent, now: Spent): Spent {
  return {
    logits: now.logits - before.logits,
    timeouts: now.timeouts - before.timeouts,
    crashes: now.crashes - before.crashes,
  };
}

/** What a finding says of its batch, whatever it was found with. */
export type Shown = Pick<
  Finding,
  | 'property'
  | 'kind'
  | 'severity'
  | 'bucket'
  | 'batch'
  | 'output'
  | 'expected'
  | 'index'
  | 'errorUlp'
  | 'budgetUse'
  | 'absoluteError'
  | 'relativeError'
  | 'weight'
  | 'detail'
  | 'boundary'
  | 'sizeBoundary'
  | 'needs'
  | 'factor'
  | 'explanation'
>;

/** A failure that lasts, as a finding shows it, and what it took to ask. */
export interface Proof {
  readonly shown: Shown;
  readonly spent: Spent;
}

/** The proofs of one target. */
export interface Proofs {
  /** That of the batch in this bucket, unless asking would have used up more than there is left. */
  readonly of: (batch: Batch, bucket: string, law: Law | undefined, spent: Spent) => Shown | null;
  readonly keep: (batch: Batch, bucket: string, law: Law | undefined, proof: Proof) => void;
}

/** No proofs yet. */
export function createProofs(): Proofs {
  const proofs = new Map<string, Proof>();
  const nameOf = (batch: Batch, bucket: string, law: Law | undefined): string =>
    `${bucket} ${law} ${fingerprint(batch)}`;
  return {
    of(batch, bucket, law, spent) {
      const proof = proofs.get(nameOf(batch, bucket, law));
      return proof === undefined || isSpent(addSpent(spent, proof.spent)) ? null : proof.shown;
    },
    keep(batch, bucket, law, proof) {
      proofs.set(nameOf(batch, bucket, law), proof);
    },
  };
}
