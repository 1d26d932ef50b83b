/**
 * The inputs of a sweep: every finite FP32 word, in the order of the values, -0 before +0. A word's place in that
 * order is its position, from 0 for ff7fffff to {@link POSITIONS} - 1 for 7f7fffff. (Ordinals take both zeros for one.)
 *
 * Of a 16-bit format, all of its numbers: in the same order, with -Infinity before them, Infinity behind them, and NaN last.
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
import type { Format } from '../formats/format.ts';
import { fp32 } from '../formats/index.ts';

/** How many finite FP32 words there are, 2^32 - 2^24. */
export const POSITIONS = 2 ** 32 - 2 ** 24;

const SIGN = 0x80000000;
const LOWEST = 0xff7fffff;
const PLUS_ZERO = POSITIONS / 2;

/** The word at a position. */
export function wordAt(position: number): number {
  return position < PLUS_ZERO ? LOWEST - position : position - PLUS_ZERO;
}

/** The value at a position. */
export function valueAt(position: number, format: Format = fp32): number {
  return format === fp32 ? fromBits(wordAt(position)) : numbersOf(format)[position];
}

/** How many positions there are. */
export function positionsOf(format: Format): number {
  return format === fp32 ? POSITIONS : numbersOf(format).length;
}

/** All numbers of a 16-bit format by their positions. */
function numbersOf(format: Format): Float32Array {
  const known = numbers.get(format.name);
  if (known !== undefined) return known;
  const infinite = format.toOrdinal(Number.POSITIVE_INFINITY);
  const magnitudes = Array.from({ length: infinite + 1 }, (_, ordinal) => format.fromOrdinal(ordinal));
  const found = Float32Array.from([...magnitudes.map((x) => -x).reverse(), ...magnitudes, Number.NaN]);
  numbers.set(format.name, found);
  return found;
}

const numbers = new Map<string, Float32Array>();

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
