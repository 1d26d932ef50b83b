/**
 * Ways to write a value down: in each, its values next to a given one and, numbered from the simplest, all that share
 * its sign. The numbers grow away from 1, up or down, so that a binary search meets a threshold of the magnitude.
 */
import { MAX_INTEGER } from '../value-order.ts';

/** Rounds a real to the values of a format. */
type Round = (x: number) => number;

/** A numbered set of values of a format. */
export interface Notation {
  /** The nearest of its values away from zero and toward it; `value` itself, where it is one. */
  around(value: number): readonly number[];
  /** The number of one of its values: 1 or more, smaller for simpler ones. */
  numberOf(value: number): number;
  /** The value with this number, on the side of zero and of 1 where `like` is. */
  valueAt(number: number, like: number): number;
}

/** The multiples of 2^-bits of magnitude up to 2^24, each rounded to the format, FP32 unless given. */
export function fractions(bits: number, toFormat: Round = Math.fround): Notation {
  const scale = 2 ** bits;
  return {
    around: (value) =>
      [Math.ceil, Math.floor].map((round) =>
        toFormat(Math.sign(value) * (round(Math.min(Math.abs(value), MAX_INTEGER) * scale) / scale) + 0),
      ),
    numberOf: (value) => Math.abs(value) * scale,
    valueAt: (number, like) => toFormat((Math.sign(like) * number) / scale),
  };
}

/** The decimals of `digits` digits, d.ddd * 10^e, each rounded to the format, FP32 unless given. */
export function decimals(digits: number, toFormat: Round = Math.fround): Notation {
  const toFloat = (mantissa: number, exponent: number): number => toFormat(Number(`${mantissa}e${exponent}`));
  const least = 10 ** (digits - 1);
  const count = 9 * least;
  return {
    around: (value) => {
      const { mantissa, exponent } = decimalOf(value, EXACT_DIGITS);
      const scale = 10 ** (EXACT_DIGITS - digits);
      return [Math.ceil, Math.floor].map(
        (round) => Math.sign(value) * toFloat(round(mantissa / scale), exponent - digits + 1),
      );
    },
    numberOf: (value) => {
      const { mantissa, exponent } = decimalOf(value, digits);
      const rank = exponent < 0 ? 10 * least - 1 - mantissa : mantissa - least;
      return Math.abs(exponent) * count + rank + 1;
    },
    valueAt: (number, like) => {
      const rank = (number - 1) % count;
      const distance = Math.floor((number - 1) / count);
      const [mantissa, exponent] =
        Math.abs(like) < 1 ? [10 * least - 1 - rank, -distance] : [least + rank, distance];
      return Math.sign(like) * toFloat(mantissa, exponent - digits + 1);
    },
  };
}

/** So many digits tell all FP32 values apart. */
const EXACT_DIGITS = 9;

function decimalOf(value: number, digits: number): { mantissa: number; exponent: number } {
  const [mantissa, exponent] = Math.abs(value)
    .toExponential(digits - 1)
    .split('e');
  return { mantissa: Number(mantissa.replace('.', '')), exponent: Number(exponent) };
}
