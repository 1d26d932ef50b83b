/** Counts what a property has compared: one that skips what it cannot compare must not pass for having compared nothing. */
import { expect } from 'vitest';

/** Comparisons, counted by what they are of. */
export interface Comparisons {
  /** Notes that `count` numbers were compared. */
  readonly add: (what: string, count?: number) => void;
  /** Fails unless each of these was compared so often at least. */
  readonly expectOfEach: (whats: readonly string[], least: number) => void;
}

/** A counter at 0. */
export function countComparisons(): Comparisons {
  const counts = new Map<string, number>();
  const of = (what: string): number => counts.get(what) ?? 0;
  return {
    add: (what, count = 1) => void counts.set(what, of(what) + count),
    expectOfEach(whats, least) {
      expect(whats.length).toBeGreaterThan(0);
      expect(whats.filter((what) => of(what) < least).map((what) => `${what}: ${of(what)}`)).toEqual([]);
    },
  };
}
