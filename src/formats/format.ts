/**
 * Binary floating-point formats whose values are FP32 values: FP32 itself, FP16 (IEEE 754 binary16) and BF16 (the upper half of an
 * FP32). A number of such a format is kept as the FP32 that it is; a format is the grid on which it lies.
 *
 * A format of p significant bits and exponents from emin to emax has the spacing 2^(max(e, emin) - p + 1) at numbers of
 * exponent e. With w = 2^(p-1), the magnitude of a word is its ordinal: k w + (x / 2^(e-p+1) - w) for the k-th binade
 * from emin on, and x / 2^(emin-p+1) below it, so that neighboring words are neighboring numbers (IEEE 754-2019, 3.4).
 */

/** A grid of FP32 values. */
export interface Format {
  readonly name: string;
  /** p, the significant bits with the hidden one. */
  readonly precision: number;
  /** u = 2^-p, the largest relative error of one rounding in the normal range. */
  readonly unitRoundoff: number;
  readonly minNormal: number;
  /** The smallest positive value, and the spacing of the subnormals. */
  readonly minSubnormal: number;
  readonly maxFinite: number;
  /** Reals of this magnitude and above round to infinity. */
  readonly overflow: number;
  /** What would follow `maxFinite`: what an infinity counts as where an error has to have a size. */
  readonly beyond: number;
  readonly maxExponent: number;
  /** The bytes of a word. */
  readonly bytes: 2 | 4;
  /** The real `x`, a double, rounded to nearest, ties to even. NaN, infinities and the sign of zero stay. */
  readonly round: (x: number) => number;
  /** The spacing at the magnitude of the real `x`; of numbers that overflow the one below; NaN of NaN. */
  readonly ulp: (x: number) => number;
  /** The number of steps from 0 to a value of the grid; both zeros give 0, NaN gives NaN. */
  readonly toOrdinal: (value: number) => number;
  /** The value with this ordinal, the inverse of `toOrdinal`; beyond the infinities NaN. */
  readonly fromOrdinal: (ordinal: number) => number;
}

/** What makes a format. */
interface Parameters {
  readonly name: string;
  readonly precision: number;
  /** The exponents of the smallest and of the largest normal number. */
  readonly minExponent: number;
  readonly maxExponent: number;
  readonly bytes: 2 | 4;
}

/** The format of these parameters: at most 24 significant bits, and exponents that FP32 has. */
export function createFormat({ name, precision, minExponent, maxExponent, bytes }: Parameters): Format {
  const perBinade = 2 ** (precision - 1);
  const minNormal = 2 ** minExponent;
  const minSubnormal = 2 ** (minExponent - precision + 1);
  const maxFinite = (2 - 2 ** (1 - precision)) * 2 ** maxExponent;
  const overflow = (2 - 2 ** -precision) * 2 ** maxExponent;
  const infinite = (maxExponent - minExponent + 2) * perBinade;

  /** The exponent of a number's binade; below the normal range minExponent. */
  const binadeOf = (magnitude: number): number =>
    Math.min(Math.max(exponentOf(magnitude), minExponent), maxExponent);
  /** The spacing of a binade is that of its lowest number. */
  const spacingIn = (exponent: number): number => powerOfTwo(exponent - precision + 1);
  const ulp = (x: number): number => (Number.isNaN(x) ? Number.NaN : spacingIn(binadeOf(Math.abs(x))));
  return {
    name,
    precision,
    unitRoundoff: 2 ** -precision,
    minNormal,
    minSubnormal,
    maxFinite,
    overflow,
    beyond: 2 ** (maxExponent + 1),
    maxExponent,
    bytes,
    ulp,
    round(x) {
      const magnitude = Math.abs(x);
      if (!(magnitude < overflow)) return magnitude >= overflow ? Math.sign(x) * Number.POSITIVE_INFINITY : x;
      const spacing = spacingIn(binadeOf(magnitude));
      return withSign(roundToEven(magnitude / spacing) * spacing, x);
    },
    toOrdinal(value) {
      const magnitude = Math.abs(value);
      if (Number.isNaN(magnitude)) return Number.NaN;
      if (magnitude === Number.POSITIVE_INFINITY) return Math.sign(value) * infinite;
      const exponent = binadeOf(magnitude);
      const steps = (exponent - minExponent) * perBinade + magnitude / spacingIn(exponent);
      return Math.sign(value) * steps + 0;
    },
    fromOrdinal(ordinal) {
      const steps = Math.abs(ordinal);
      if (steps >= infinite)
        return steps === infinite ? Math.sign(ordinal) * Number.POSITIVE_INFINITY : Number.NaN;
      const binades = Math.max(0, Math.floor(steps / perBinade) - 1);
      return Math.sign(ordinal) * (steps - binades * perBinade) * minSubnormal * powerOfTwo(binades) + 0;
    },
  };
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** floor(log2 x) of a positive normal double; -1023 of smaller ones, 1024 of infinity. */
function exponentOf(x: number): number {
  double[0] = x;
  return (words[1] >>> 20) - 1023;
}

/** 2^(k - 1023), of k from 1 on a normal double. In V8 `2 **` takes ten times as long. */
const powers = Float64Array.from({ length: 2047 }, (_, k) => 2 ** (k - 1023));

/** 2^exponent, a normal double. */
function powerOfTwo(exponent: number): number {
  return powers[exponent + 1023];
}

/** Sums above 2^52 have no fractions. */
const NO_FRACTIONS = 2 ** 52;

/** The nearest integer to a number from 0 to 2^25, of two the even one. */
function roundToEven(x: number): number {
  return x + NO_FRACTIONS - NO_FRACTIONS;
}

function withSign(magnitude: number, signed: number): number {
  return signed < 0 || Object.is(signed, -0) ? -magnitude : magnitude;
}
