/** Divides the time for shrinking between the targets of a campaign. */
import type { Finding } from '../../core/finding.ts';
import type { Ledger } from '../ledger.ts';
import type { Schedule } from '../schedule.ts';
import type { Subject } from '../subject.ts';
import { createTurns } from '../turns.ts';
import { abortAfter } from '../unless-aborted.ts';
import { type FindingsOptions, findingsOf } from './findings.ts';

/** How long what shrinks is waited for once the campaign is interrupted, in ms. */
const LAST_ANSWERS_MS = 600;

/** The findings of each target, minimized as far as there is time. */
export function shrinkAll(
  subjects: readonly Subject[],
  ledger: Ledger,
  { shrinking, causes, renewing, asking }: Schedule,
  { signal, ...options }: Pick<FindingsOptions, 'cases' | 'signal' | 'journal' | 'generation' | 'isShard'>,
): Promise<Finding[][]> {
  const exploredMs = ledger.elapsedMs();
  const until = shrinking(exploredMs);
  const from = (end: number, afterSignalMs: number): AbortSignal =>
    abortAfter(end - ledger.elapsedMs(), signal, afterSignalMs);
  let shrunk = 0;
  const tick = (bucket?: string): void =>
    ledger.tick({ phase: 'shrinking', done: shrunk, total: ledger.buckets(), ...(bucket && { bucket }) });
  const all: FindingsOptions = {
    ...options,
    turns: createTurns(() => until - ledger.elapsedMs()),
    signal: from(until, 0),
    causes: from(causes(exploredMs), 0),
    interrupt: signal,
    hurry: from(renewing, 0),
    halt: from(asking, LAST_ANSWERS_MS),
    onFinding() {
      shrunk++;
      tick();
    },
    onShrinking: tick,
  };
  return Promise.all(subjects.map((subject, t) => findingsOf(t, subject, ledger.state().tallies[t], all)));
}
