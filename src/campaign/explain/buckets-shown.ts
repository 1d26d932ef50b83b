/**
 * What else the input of a finding shows: the buckets that it falls into by every operation of the target. A cause shows in many: one forgotten
 * maximum is NaN of softmax and of both losses, and an infinite logsumexp, all of [89].
 */
import type { Finding } from '../../core/finding.ts';
import { isLaw } from '../../core/law.ts';
import { bucketOf, type Kind } from '../../core/violation.ts';
import { estimate } from '../../judge/judge.ts';
import { withNaNs } from '../../laws/nan-isolation.ts';
import { noneDrawn } from '../../options/taken.ts';
import { createOracle } from '../../oracle/exact.ts';
import { examine } from '../../targets/examine.ts';
import { startOver } from '../../targets/start-over.ts';
import { batchFor } from '../explore/cases.ts';
import type { Subject } from '../subject.ts';

/** Larger inputs are not asked, nor those that need more calls before them, nor is one for longer. */
const MOST_LOGITS = 8192;
const MOST_BEFORE = 8;
const LONGEST_MS = 1000;

/** Ends of a call, which take longer than an answer. */
const ends: ReadonlySet<Kind> = new Set(['crashed', 'out-of-memory', 'timed-out']);

/** The finding with the buckets that its input shows; as it is where asking would take too long. */
export async function withShown(
  { target, operations }: Subject,
  finding: Finding,
  signal: AbortSignal | undefined,
): Promise<Finding> {
  const { batch, before, kind, property, shrink, bucket } = finding;
  const isSmall = batch.logits.length <= MOST_LOGITS && (before?.length ?? 0) <= MOST_BEFORE;
  const inputs = property === 'nan-isolation' ? withNaNs(batch) : isLaw(property) ? [] : [batch];
  if (shrink.cut || ends.has(kind) || inputs.length === 0 || !isSmall) return finding;
  const end = performance.now() + LONGEST_MS;
  const shows = new Set([bucket]);
  for (const input of inputs)
    for (const operation of operations) {
      if (signal?.aborted || performance.now() > end) return finding;
      if (before) await startOver(target, before);
      const asked = batchFor({ batch: input, drawn: noneDrawn }, target, operation);
      const { violations } = await examine(target, operation, createOracle(asked), estimate);
      for (const violation of violations) shows.add(bucketOf(violation));
    }
  return { ...finding, shows: [...shows].sort() };
}
