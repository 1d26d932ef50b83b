/**
 * What else a finding's input shows as its numbers are scaled (paths.ts), as far as the target fails all along: buckets of one region of failures. A kernel without a maximum
 * in its last columns is wrong from [-104] to [-1], in one bucket after the other; the naive kernel is right from [-88] to [88], and nothing is concluded of
 * [-104] and [89].
 */
import type { BatchOptions } from '../../arbitraries/generate.ts';
import type { Finding } from '../../core/finding.ts';
import { isLaw } from '../../core/law.ts';
import { bucketOf } from '../../core/violation.ts';
import { LEAST_CONFIRMED } from '../../hypotheses/diagnose.ts';
import { estimate } from '../../judge/judge.ts';
import { noneDrawn } from '../../options/taken.ts';
import { createOracle } from '../../oracle/exact.ts';
import { examine } from '../../targets/examine.ts';
import { batchFor, fits } from '../explore/cases.ts';
import { type Subject, takes } from '../subject.ts';
import { pathsFrom } from './paths.ts';

/** Larger inputs are not asked. */
const MOST_LOGITS = 4096;

/** No more calls are made of a target: its findings are enough by then, or it answers at random. */
const MOST_CALLS = 1000;

/** Adds to a finding the buckets that its input falls into so, its own among them; as it is where a cause explains it and further answers, or it has no answer to an input alone. */
export type Connect = (finding: Finding, signal: AbortSignal | undefined) => Promise<Finding>;

/** For the findings of one target. */
export function createConnect({ target }: Subject, generation: BatchOptions): Connect {
  let calls = 0;
  return async (finding, signal) => {
    const { batch, bucket, operation } = finding;
    if (!isAsked(finding)) return finding;
    const buckets = new Set([bucket]);
    for (const path of pathsFrom(batch))
      for (const step of path) {
        if (signal?.aborted || calls >= MOST_CALLS) break;
        if (!fits(step, generation) || !takes(target, step)) break;
        const given = batchFor({ batch: step, drawn: noneDrawn }, target, operation);
        calls++;
        const { output, violations } = await examine(target, operation, createOracle(given), estimate);
        if (output === null || violations.length === 0) break;
        for (const violation of violations) buckets.add(bucketOf(violation));
      }
    return signal?.aborted ? finding : { ...finding, connected: [...buckets].sort() };
  };
}

function isAsked({ batch, before, causes = [], output, property, shrink }: Finding): boolean {
  const isAlone = before === undefined && output !== null && !isLaw(property);
  const isExplained = causes.some(({ confirmed }) => confirmed >= LEAST_CONFIRMED);
  return !isExplained && isAlone && !shrink.cut && batch.logits.length <= MOST_LOGITS;
}
