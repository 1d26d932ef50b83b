/** One line of progress on a terminal, rewritten a few times a second; nothing in a pipe. */
import type { Progress } from '../campaign/ledger.ts';
import { formatCount, formatDuration } from '../report/numbers.ts';

const INTERVAL_MS = 200;

/** Writes to stderr, if that is a terminal and `quiet` is false. `end` clears the line. */
export function createProgress(
  quiet: boolean,
  maxTimeMs?: number,
): { update: (progress: Progress) => void; end: () => void } {
  if (quiet || !process.stderr.isTTY) return { update: () => {}, end: () => {} };
  let last = Number.NEGATIVE_INFINITY;
  return {
    update(progress) {
      if (progress.elapsedMs - last < INTERVAL_MS) return;
      last = progress.elapsedMs;
      process.stderr.write(
        `\r\x1b[K${formatProgress(progress, maxTimeMs).slice(0, (process.stderr.columns ?? 80) - 1)}`,
      );
    },
    end() {
      process.stderr.write('\r\x1b[K');
    },
  };
}

/**
 * `exploring 41 of 400, 12 a second, 3 buckets, 3.4 s, 30 s to go`, `shrinking 2 of 3, softmax/nan/exp-overflow, 3.6 s`. What is to go is of exploring, and no
 * more than the time there is, `maxTimeMs`.
 */
export function formatProgress(
  { phase, done, total, buckets, bucket, elapsedMs }: Progress,
  maxTimeMs = Number.POSITIVE_INFINITY,
): string {
  const of = total === null ? '' : ` of ${formatCount(total)}`;
  const rate =
    phase === 'exploring' ? `, ${formatCount(Math.round((done * 1000) / elapsedMs))} a second` : '';
  const what = bucket ?? `${buckets} buckets`;
  const toExplore =
    phase === 'exploring' && total !== null ? ((total - done) * elapsedMs) / done : Number.POSITIVE_INFINITY;
  const leftMs = Math.min(toExplore, Math.max(0, maxTimeMs - elapsedMs));
  const left = Number.isFinite(leftMs) ? `, ${formatDuration(leftMs)} to go` : '';
  return `${phase} ${formatCount(done)}${of}${rate}, ${what}, ${formatDuration(elapsedMs)}${left}`;
}
