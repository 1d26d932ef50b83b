import { describe, expect, it } from 'vitest';
import {
  condense,
  createIntervalCollector,
  type Interval,
  joinIntervals,
  MOST_INTERVALS,
} from './intervals.ts';

/** An interval whose answers are its positions, all of them. */
function interval(from: number, to: number, fault = 'a'): Interval {
  return { fault, from, to, answers: to - from + 1, parts: 1, gotFrom: from, gotTo: to };
}

/** The intervals of the positions at which `faults` has something, every position visited. */
function collect(faults: readonly (string | null)[]): Interval[] {
  const collector = createIntervalCollector();
  for (const [i, fault] of faults.entries()) if (fault !== null) collector.add(fault, i, i, i);
  return collector.intervals();
}

describe('createIntervalCollector', () => {
  it('should make neighbors of the same fault one', () => {
    expect(collect([null, 'a', 'a', null, 'a', 'b', 'b', 'b', 'a'])).toEqual([
      interval(1, 2),
      interval(4, 4),
      interval(5, 7, 'b'),
      interval(8, 8),
    ]);
  });

  it('should go by visits, not by positions', () => {
    const collector = createIntervalCollector();
    collector.add('a', 3, 300, 1);
    collector.add('a', 4, 400, 2);
    collector.add('a', 6, 600, 3);
    expect(collector.intervals()).toEqual([
      { fault: 'a', from: 300, to: 400, answers: 2, parts: 1, gotFrom: 1, gotTo: 2 },
      { fault: 'a', from: 600, to: 600, answers: 1, parts: 1, gotFrom: 3, gotTo: 3 },
    ]);
  });

  it('should keep no more than it may, and count them all', () => {
    const many = collect(Array.from({ length: 10_001 }, (_, i) => (i % 2 === 0 ? 'a' : null)));
    expect(many).toHaveLength(MOST_INTERVALS);
    expect(many.reduce((sum, { parts }) => sum + parts, 0)).toBe(5001);
    expect(many.reduce((sum, { answers }) => sum + answers, 0)).toBe(5001);
  });
});

describe('joinIntervals', () => {
  it('should make one of two that meet at the border of their blocks', () => {
    const blocks = [
      { first: 0, last: 9, intervals: [interval(2, 3), interval(7, 9)] },
      { first: 10, last: 19, intervals: [interval(10, 19)] },
      { first: 20, last: 29, intervals: [interval(20, 21), interval(25, 29)] },
      { first: 30, last: 39, intervals: [interval(30, 30, 'b')] },
    ];
    expect(joinIntervals(blocks)).toEqual([
      interval(2, 3),
      interval(7, 21),
      interval(25, 29),
      interval(30, 30, 'b'),
    ]);
  });

  it('should go by the first and the last visit', () => {
    const blocks = [
      { first: 0, last: 8, intervals: [interval(8, 8)] },
      { first: 16, last: 24, intervals: [interval(16, 16)] },
    ];
    expect(joinIntervals(blocks)).toEqual([{ ...interval(8, 16), answers: 2 }]);
  });
});

describe('condense', () => {
  it('should join the nearest of the same fault, and keep all others as they are', () => {
    const intervals = [
      interval(0, 1),
      interval(3, 4, 'b'),
      interval(10, 11),
      interval(14, 15),
      interval(40, 41),
    ];
    expect(condense(intervals, 4)).toEqual([
      interval(0, 1),
      interval(3, 4, 'b'),
      { ...interval(10, 15), answers: 4, parts: 2 },
      interval(40, 41),
    ]);
    expect(condense(intervals, 3)[0]).toEqual({ ...interval(0, 15), answers: 6, parts: 3 });
  });

  it('should never join two faults', () => {
    const intervals = [interval(0, 1), interval(2, 3, 'b'), interval(4, 5, 'c')];
    expect(condense(intervals, 1)).toEqual(intervals);
  });
});
