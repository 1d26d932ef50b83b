/**
 * e^-d and ln(1 + s) to a small relative error, for a given number of digits P.
 *
 * decimal.js spends 0.14 ms on an exp at 28 digits, most of it on squaring the argument's reduction back. Here
 *
 *     e^-d = e^-i e^-j/100 e^-k/10000 e^-r,    d = i + j/100 + k/10000 + r,  |r| < 0.000101
 *
 * takes three factors from tables that decimal.js fills once, and the last from seven terms of a series. The
 * logarithm rests on the exponential: ln S = a + ln(S e^-a) holds exactly for any a; with a the double nearest
 * to ln S, cut to 12 decimals, S e^-a is 1 to about 12 digits and two terms of a series finish.
 *
 * Errors, in units of h = 0.5 * 10^(1-P), the largest relative error of one operation:
 *  - e^-d: 2 for each table entry (decimal.js promises correct rounding, which is 1), 3 for the products, less than
 *    2 for the series (its last addition 1, everything before it scaled by r; truncation below 10^-(P+2)).
 *    The gap enters exactly, and r is rounded last: 0.0001. Together 11, second-order terms included.
 *  - ln(1 + s), s < 0.1, as 2 artanh(z), z = s/(2+s): z 2, z^2 and the series in it 2, products 3: at most 10.
 *  - ln(1 + s), s >= 0.1: S = 1 + s 1, e^-a 11, the product 1, so y = S e^-a - 1 has an absolute error of 14 and
 *    ln(1 + y) one of 15; the answer is at least 0.0953: at most 160 relative.
 */
import { cloneOf, type Decimal, type DecimalClone } from './decimal.ts';

/** Elementary functions at one precision. */
export interface Elementary {
  /** The precision in significant digits. */
  readonly digits: number;
  /** The clone of Decimal of this precision. */
  readonly Decimal: DecimalClone;
  /** e^-gap for an exact gap in [0, 1000], relative error at most 6 * 10^(1-digits). */
  readonly expNegative: (gap: Decimal) => Decimal;
  /** ln(1 + s) for s >= 0, relative error at most 80 * 10^(1-digits); 0 exactly for 0. */
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
  const tables = { e0: [], e2: [], e4: [] } satisfies Record<string, Decimal[]>;

  /** e^-(n * 10^unit), from the table of that unit. */
  function tabulated(table: Decimal[], n: number, unit: string): Decimal {
    table[n] ??= new D(`-${n}${unit}`).exp();
    return table[n];
  }

  function expNegative(gap: Decimal): Decimal {
    const count = Math.floor(gap.toNumber() * 10_000);
    const minusR = D.sub(`${count}e-4`, gap);
    return polynomial(inverseFactorials, minusR)
      .times(tabulated(tables.e4, count % 100, 'e-4'))
      .times(tabulated(tables.e2, Math.floor(count / 100) % 100, 'e-2'))
      .times(tabulated(tables.e0, Math.floor(count / 10_000), 'e0'));
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

/** 1/k! for k = 0, 1, … as long as 0.000101^k/k! >= 10^-(P+3). */
function taylorCoefficients(D: DecimalClone): Decimal[] {
  const coefficients = [new D(1)];
  for (let k = 1, term = 0.000101; term >= 10 ** -(D.precision + 3); k++, term *= 0.000101 / k) {
    coefficients.push(coefficients[k - 1].div(k));
  }
  return coefficients;
}

/** Σ coefficients[k] x^k by Horner's rule, in the precision of the coefficients. */
function polynomial(coefficients: readonly Decimal[], x: Decimal): Decimal {
  return coefficients.reduceRight((sum, coefficient) => sum.times(x).plus(coefficient));
}
