/**
 * e^-d and ln(1 + s) to a small relative error, for a given number of digits P.
 *
 * decimal.js spends 0.14 ms on an exp at 28 digits, most of it on squaring the argument's reduction back. Here
 *
 *     e^-d = e^-i * e^-(j/100) * e^-r,    d = i + j/100 + r,  |r| < 0.0101
 *
 * takes the first two factors from tables that decimal.js fills once, and the third from the Taylor series. The
 * logarithm rests on the exponential: ln S = a + ln(S e^-a) holds exactly for any a; with a the double nearest
 * to ln S, cut to 12 decimals, S e^-a is 1 to about 12 digits and two terms of a series finish.
 *
 * Errors, in units of h = 0.5 * 10^(1-P), the largest relative error of one operation:
 *  - e^-d: 2 for each table entry (decimal.js promises correct rounding, 1), 2 for the series (its last addition 1,
 *    everything before it scaled by r; truncation below 10^-(P+2)), 2 for the products: 8. The gap itself
 *    enters exactly, r is rounded: 0.0101 at most. For d <= 1000 second-order terms vanish in the rest.
 *  - ln(1 + s), s < 0.1, as 2 artanh(z), z = s/(2+s): z 2, z^2 and the series in it 2, products 3: at most 10.
 *  - ln(1 + s), s >= 0.1: S = 1 + s 1, e^-a 8, the product 1, so y = S e^-a - 1 has an absolute error of 11 and
 *    ln(1 + y) one of 12; the answer is at least 0.0953: at most 130 relative.
 */
import { cloneOf, type Decimal, type DecimalClone } from './decimal.ts';

/** Elementary functions at one precision. */
export interface Elementary {
  /** The precision in significant digits. */
  readonly digits: number;
  /** The clone of Decimal of this precision. */
  readonly Decimal: DecimalClone;
  /** e^-gap for an exact gap in [0, 1000], relative error at most 4 * 10^(1-digits). */
  readonly expNegative: (gap: Decimal) => Decimal;
  /** ln(1 + s) for s >= 0, relative error at most 65 * 10^(1-digits); 0 exactly for 0. */
  readonly logOnePlus: (s: Decimal) => Decimal;
}

const cache = new Map<number, Elementary>();

/** The functions at `digits` significant digits, at least 20; tables are shared between calls. */
export function elementary(digits: number): Elementary {
  let functions = cache.get(digits);
  if (functions === undefined) {
    functions = createElementary(digits);
    cache.set(digits, functions);
  }
  return functions;
}

function createElementary(digits: number): Elementary {
  const D = cloneOf(digits);
  const ONE = new D(1);
  const inverseFactorials = taylorCoefficients(D);
  const wholes: Decimal[] = [];
  const hundredths: Decimal[] = [];

  function expNegative(gap: Decimal): Decimal {
    const count = Math.floor(gap.toNumber() * 100);
    const i = Math.floor(count / 100);
    const j = count % 100;
    wholes[i] ??= new D(-i).exp();
    hundredths[j] ??= new D(`-${j}e-2`).exp();
    const minusR = D.sub(`${count}e-2`, gap);
    return wholes[i].times(hundredths[j]).times(polynomial(inverseFactorials, minusR));
  }

  function logOnePlus(s: Decimal): Decimal {
    if (s.isZero()) return s;
    if (s.lt(0.1)) return logNearOne(s);
    const guess = new D(Math.log1p(s.toNumber()).toFixed(12));
    const y = D.add(s, ONE).times(expNegative(guess)).minus(ONE);
    return y.isZero() ? guess : guess.plus(logNearOne(y));
  }

  /** 2 artanh(z) = 2z (1 + z^2/3 + z^4/5 + …) for 0 < |s| < 0.1; z < 10^(z.e + 1) bounds the number of terms. */
  function logNearOne(s: Decimal): Decimal {
    const z = D.div(s, D.add(s, 2));
    const terms = Math.ceil(digits / (-2 * (z.e + 1))) + 1;
    const inverseOdds = Array.from({ length: terms }, (_, k) => ONE.div(2 * k + 1));
    return polynomial(inverseOdds, z.times(z)).times(z).times(2);
  }

  return { digits, Decimal: D, expNegative, logOnePlus };
}

/** 1/k! for k = 0, 1, … until 0.0101^k/k! < 10^-(P+3). */
function taylorCoefficients(D: DecimalClone): Decimal[] {
  const coefficients = [new D(1)];
  for (let term = 1, k = 1; term >= 10 ** -(D.precision + 3); k++) {
    coefficients.push(coefficients[k - 1].div(k));
    term *= 0.0101 / k;
  }
  return coefficients;
}

/** Σ coefficients[k] x^k by Horner's rule, in the precision of the coefficients. */
function polynomial(coefficients: readonly Decimal[], x: Decimal): Decimal {
  return coefficients.reduceRight((sum, coefficient) => sum.times(x).plus(coefficient));
}
