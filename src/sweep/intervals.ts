/** Where answers are wrong: runs of neighboring positions with the same fault. */

/** Positions with the same fault, from the first to the last. */
export interface Interval {
  /** What is wrong: a bucket, or {@link FLUSHED}. */
  readonly fault: string;
  readonly from: number;
  readonly to: number;
  /** How many answers in it have the fault: all that were visited, unless it is made of several. */
  readonly answers: number;
  /** How many maximal intervals it is made of: 1, unless there were too many to list. */
  readonly parts: number;
  /** The answers at `from` and at `to`, as FP32 words. */
  readonly gotFrom: number;
  readonly gotTo: number;
}

/** Answers of 0 where the exact one does not round to 0, within the budget. */
export const FLUSHED = 'flushed';

/** The most intervals that are kept of a series. */
export const MOST_INTERVALS = 256;

/** Collects the intervals of a series within a block. */
export interface IntervalCollector {
  /** The visited position number `visit` has a fault. Calls come in ascending order. */
  readonly add: (fault: string, visit: number, position: number, got: number) => void;
  readonly intervals: () => Interval[];
}

type Growing = { -readonly [K in keyof Interval]: Interval[K] };

/** A collector without intervals. */
export function createIntervalCollector(): IntervalCollector {
  let intervals: Interval[] = [];
  let open: Growing | undefined;
  let next = -1;
  const close = (): void => {
    if (open !== undefined) intervals.push(open);
    if (intervals.length >= 2 * MOST_INTERVALS) intervals = condense(intervals);
  };
  return {
    add(fault, visit, position, got) {
      if (open !== undefined && visit === next && open.fault === fault) {
        open.to = position;
        open.answers++;
        open.gotTo = got;
      } else {
        close();
        open = { fault, from: position, to: position, answers: 1, parts: 1, gotFrom: got, gotTo: got };
      }
      next = visit + 1;
    },
    intervals: () => condense(open === undefined ? intervals : [...intervals, open]),
  };
}

/** The intervals of one block, and where its first and last visit were. */
export interface BlockIntervals {
  readonly first: number;
  readonly last: number;
  readonly intervals: readonly Interval[];
}

/** The intervals of consecutive blocks: those that meet at the border of two are one. */
export function joinIntervals(blocks: readonly BlockIntervals[]): Interval[] {
  const joined: Interval[] = [];
  let end = -1;
  for (const { first, last, intervals } of blocks) {
    for (const interval of intervals) {
      const before =
        interval.from === first ? joined.findLastIndex(({ fault }) => fault === interval.fault) : -1;
      if (before !== -1 && joined[before].to === end) joined[before] = union(joined[before], interval, -1);
      else joined.push(interval);
    }
    end = last;
  }
  return condense(joined);
}

/** At most `most`, if there are no more faults: those of the same fault that are nearest to each other become one. */
export function condense(intervals: readonly Interval[], most = MOST_INTERVALS): Interval[] {
  const excess = intervals.length - most;
  if (excess <= 0) return [...intervals];
  const previous = new Map<string, Interval>();
  const gaps = intervals.map((interval, i) => {
    const before = previous.get(interval.fault);
    previous.set(interval.fault, interval);
    return { i, gap: before === undefined ? Number.POSITIVE_INFINITY : interval.from - before.to };
  });
  gaps.sort((a, b) => a.gap - b.gap || a.i - b.i);
  const absorbed = new Set(gaps.slice(0, excess).map(({ i }) => i));

  const condensed: Interval[] = [];
  const placeOf = new Map<string, number>();
  for (const [i, interval] of intervals.entries()) {
    const place = placeOf.get(interval.fault);
    if (absorbed.has(i) && place !== undefined) condensed[place] = union(condensed[place], interval, 0);
    else placeOf.set(interval.fault, condensed.push(interval) - 1);
  }
  return condensed;
}

/** `shared` is -1 where the last part of `a` and the first of `b` are one. */
function union(a: Interval, b: Interval, shared: number): Interval {
  return {
    fault: a.fault,
    from: a.from,
    to: b.to,
    answers: a.answers + b.answers,
    parts: a.parts + b.parts + shared,
    gotFrom: a.gotFrom,
    gotTo: b.gotTo,
  };
}
