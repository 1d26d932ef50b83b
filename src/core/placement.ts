/** How arguments lie in memory where that is to be seen: as parts of larger buffers. */

/** Where a call's arrays lie: each in a larger buffer of its own. */
export interface Placement {
  /** Where each array begins, in numbers from an address that is a multiple of 64. */
  readonly offset: number;
  /** The bits of every number around it. */
  readonly word: number;
}

/** NaN with a payload that no kernel writes by chance. */
const NAN = 0x7fc0dead;
const LARGEST = 0x7f7fffff;

/**
 * The placements that the law `view` asks for. A kernel that reads beside an array shows it: NaN is lost by `x > max`, the
 * largest float is not. As a class, either is none of any row.
 */
export const placements: readonly Placement[] = [
  { offset: 1, word: NAN },
  { offset: 2, word: LARGEST },
  { offset: 3, word: NAN },
];
