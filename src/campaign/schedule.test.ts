import { describe, expect, it } from 'vitest';
import { scheduleOf } from './schedule.ts';

const { POSITIVE_INFINITY } = Number;

describe('scheduleOf', () => {
  it('should limit nothing where nothing is said', () => {
    const { exploring, shrinking, renewing, asking } = scheduleOf({});
    expect([exploring(false), exploring(true), shrinking(5), renewing, asking]).toEqual(
      new Array(5).fill(POSITIVE_INFINITY),
    );
  });

  it('should give exploring two thirds, shrinking a quarter, and the rest to what comes last', () => {
    const { exploring, shrinking, renewing } = scheduleOf({ maxTimeMs: 12_000 });
    expect([exploring(true), shrinking(8000), renewing]).toEqual([8000, 11_000, 12_000]);
    expect(shrinking(1000)).toBe(11_000); // All cases were run: the time that is left is of use.
    expect(exploring(false)).toBe(11_000);
    expect(shrinking(11_000)).toBe(14_000); // Something was found at the last moment.
  });

  it('should take from exploring what shrinking is given', () => {
    const { exploring, shrinking } = scheduleOf({ maxTimeMs: 12_000, shrinkTimeMs: 6000 });
    expect([exploring(true), shrinking(5000), shrinking(1000)]).toEqual([5000, 11_000, 7000]);
    expect(scheduleOf({ shrinkTimeMs: 500 }).shrinking(100)).toBe(600);
    expect(scheduleOf({ shrinkTimeMs: 500 }).exploring(true)).toBe(POSITIVE_INFINITY);
  });

  it('should look for causes a while longer than it shrinks, and leave as much for proofs', () => {
    expect(scheduleOf({ maxTimeMs: 12_000 }).causes(8000)).toBe(11_500);
    expect(scheduleOf({ maxTimeMs: 12_000 }).causes(11_000)).toBe(14_000); // Not longer: all of the time is over.
    expect(scheduleOf({ shrinkTimeMs: 500 }).causes(100)).toBe(2850);
    expect(scheduleOf({ maxTimeMs: 120_000, shrinkTimeMs: 1000 }).causes(1000)).toBe(4500);
    expect(scheduleOf({}).causes(5)).toBe(POSITIVE_INFINITY);
  });

  it('should end within 1.5 times the time and 5 s, whatever it is given', () => {
    for (const maxTimeMs of [1, 1000, 60_000, 3_600_000])
      for (const share of [undefined, 0, 0.3, 0.99])
        for (const explored of [0, 0.5, 0.9, 1]) {
          const { exploring, shrinking, asking } = scheduleOf({
            maxTimeMs,
            shrinkTimeMs: share && share * maxTimeMs,
          });
          expect(exploring(false)).toBeLessThan(maxTimeMs);
          expect(exploring(true)).toBeGreaterThanOrEqual(0);
          expect(exploring(true)).toBeLessThanOrEqual(exploring(false));
          expect(shrinking(explored * maxTimeMs)).toBeLessThanOrEqual(1.25 * maxTimeMs);
          expect(asking).toBeLessThan(1.5 * maxTimeMs + 5000);
          expect(asking).toBeGreaterThan(shrinking(explored * maxTimeMs));
        }
  });

  it('should refuse to shrink for all of the time', () => {
    expect(() => scheduleOf({ maxTimeMs: 500, shrinkTimeMs: 500 })).toThrow(
      'the time for shrinking is a part',
    );
  });
});
