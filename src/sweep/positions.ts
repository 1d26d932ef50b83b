/**
 * The inputs of a sweep: every finite FP32 word, in the order of the values, -0 before +0. A word's place in that
 * order is its position, from 0 for ff7fffff to {@link POSITIONS} - 1 for 7f7fffff. (Ordinals take both zeros for one.)
 */
import { fromBits, toBits } from '../float32/bits.ts';
import {
  EXP_OVERFLOW,
  EXP_SUBNORMAL,
  EXP_UNDERFLOW,
  MAX_FINITE,
  MIN_NORMAL,
  MIN_SUBNORMAL,
  UNIT_ROUNDOFF,
} from '../float32/constants.ts';

/** How many finite FP32 words there are, 2^32 - 2^24. */
export const POSITIONS = 2 ** 32 - 2 ** 24;

const SIGN = 0x80000000;
const LOWEST = 0xff7fffff;
const PLUS_ZERO = POSITIONS / 2;

/** The word at a position. */
export function wordAt(position: number): number {
  return position < PLUS_ZERO ? LOWEST - position : position - PLUS_ZERO;
}

/** The FP32 value at a position. */
export function valueAt(position: number): number {
  return fromBits(wordAt(position));
}

/** The position of a finite FP32 value; those of -0 and +0 differ. */
export function positionOf(value: number): number {
  const word = toBits(value);
  return word >= SIGN ? LOWEST - word : word + PLUS_ZERO;
}

/** Where e^x or 1 + e^x begins to round to something else, and where FP32 does. */
const magnitudes = [
  0,
  MIN_SUBNORMAL,
  MIN_NORMAL,
  UNIT_ROUNDOFF,
  -Math.fround(Math.log(UNIT_ROUNDOFF)),
  -EXP_SUBNORMAL,
  -EXP_UNDERFLOW,
  EXP_OVERFLOW,
  MAX_FINITE,
];

/** The thresholds of either sign and their neighbors, in ascending order: what a thinned sweep must not step over. */
export const thresholdPositions: readonly number[] = keptPositions();

function keptPositions(): number[] {
  const thresholds = magnitudes.flatMap((x) => [positionOf(-x), positionOf(x)]);
  const kept = new Set(thresholds.flatMap((position) => [position - 1, position, position + 1]));
  return [...kept].filter((position) => position >= 0 && position < POSITIONS).sort((a, b) => a - b);
}
