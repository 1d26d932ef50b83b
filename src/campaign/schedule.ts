/**
 * How a campaign that is given a time divides it. Exploring has most; then shrinking has its share; the last twelfth is for proofs,
 * the comparison of targets and files. Where nothing was found by then, exploring has the share of shrinking too.
 */
import { UserError } from '../text/errors.ts';

/** What limits a campaign's time. */
export interface TimeLimits {
  /** What the campaign may take in all, in ms. */
  readonly maxTimeMs?: number | undefined;
  /** What shrinking may take of it, in ms. @defaultValue a quarter of maxTimeMs, or without limit where that is not given */
  readonly shrinkTimeMs?: number | undefined;
}

/** When each part ends, in ms from the campaign's begin; Infinity where nothing limits it. */
export interface Schedule {
  /** No case is begun, and what has begun is left, from then on. */
  readonly exploring: (hasFound: boolean) => number;
  /** Given when exploring ended: batches stay as simple as they are from then on. */
  readonly shrinking: (exploredMs: number) => number;
  /** Given the same: failures keep the triggers that they were met with from then on. */
  readonly causes: (exploredMs: number) => number;
  /** Findings are asked again once, and no longer in a fresh process, from then on. */
  readonly renewing: number;
  /** No answer is waited for from then on. */
  readonly asking: number;
}

const SHRINKING = 1 / 4;
const CLOSING = 1 / 12;

/**
 * The schedule of a campaign. All ends within 1.5 times `maxTimeMs` and 5 s: exploring by the time itself and shrinking a quarter
 * later at the latest, where something is found at the last moment; then a second is left for what takes no answer.
 * @throws UserError when shrinking is given as much as everything.
 */
export function scheduleOf({
  maxTimeMs: all = Number.POSITIVE_INFINITY,
  shrinkTimeMs,
}: TimeLimits): Schedule {
  if (shrinkTimeMs !== undefined && shrinkTimeMs >= all)
    throw new UserError(
      'the time for shrinking is a part of all time, and less than it',
      'Give a shorter --shrink-time, or a longer --max-time.',
    );
  const share = shrinkTimeMs ?? SHRINKING * all;
  const causesAfter = (shrunkMs: number): number =>
    Math.max(shrunkMs, Math.min((shrunkMs + all) / 2, shrunkMs + share / 2 + 2000));
  if (all === Number.POSITIVE_INFINITY)
    return {
      exploring: () => all,
      shrinking: (exploredMs) => exploredMs + share,
      causes: (exploredMs) => causesAfter(exploredMs + share),
      renewing: all,
      asking: all,
    };
  const last = all - CLOSING * all;
  const shrinking = (exploredMs: number): number =>
    Math.min(exploredMs + (shrinkTimeMs ?? all), Math.max(last, exploredMs + SHRINKING * all));
  return {
    exploring: (hasFound) => (hasFound ? Math.max(0, last - share) : last),
    shrinking,
    causes: (exploredMs) => causesAfter(shrinking(exploredMs)),
    renewing: all,
    asking: (1 + SHRINKING) * all + 1000,
  };
}
