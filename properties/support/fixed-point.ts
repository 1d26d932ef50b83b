/**
 * An evaluation of all operations that shares nothing with src/oracle: BigInt fixed point, its own exp and ln.
 *
 * Numbers are multiples of 2^-640. Exponentials are cut to that grid by at most a few units, so that e^-300, the
 * smallest that is computed, still has 200 good bits, and answers are rounded as if they were exact. They differ
 * from a wrong rounding by luck with probability 2^-170 a number. Gaps beyond 300 are moved together, so that the least of
 * them is 300: too small to be seen except where they break a tie, and in proportion where they do so together.
 *
 * Options: z = scale x and a bias are exact on the grid, x / temperature is cut to it; a softcap is c - 2 c e / (1 + e), e = e^-2|x/c|, to a few c units, and short of c by one unit at least.
 */
import { type Batch, rowOf, upstreamOf } from '../../src/core/batch.ts';
import type { Operation } from '../../src/core/operation.ts';
import { type Rational, rationalOf, roundRational } from './rational.ts';

const BITS = 640n;
const ONE = 1n << BITS;
const LN_2 = naturalLog2();
const LARGEST_GAP = 300n * ONE;

/** Every answer for `batch` rounded to FP32. Logits are finite or -Infinity, not all of a row the latter. */
export function evaluateInFixedPoint(batch: Batch): Record<Operation, Float32Array> {
  const rows = Array.from({ length: batch.rows }, (_, r) => {
    const logits = logitsOf(batch, r);
    return { ...evaluateRow(logits.map(({ z }) => z)), slopes: logits.map(({ slope }) => slope) };
  });
  const count = BigInt(batch.rows);
  const targets = Array.from(batch.targets);
  const entries = Array.from({ length: batch.cols }, (_, i) => i);
  const perLogit = (answer: (row: SlopedRow, i: number, target: number) => Rational | number) =>
    Float32Array.from(rows.flatMap((row, r) => entries.map((i) => rounded(answer(row, i, targets[r])))));
  const upstream = Array.from(upstreamOf(batch), (value) => fixedOf(value) >> (BITS - 149n));
  const upstreamAt = (r: number) => {
    const given = upstream.slice(r * batch.cols, (r + 1) * batch.cols);
    return rows[r].weights.map((_, i) => given[i] ?? 0n);
  };
  const perUpstream = (answer: (row: SlopedRow, i: number, g: readonly bigint[]) => Rational) =>
    Float32Array.from(
      rows.flatMap((row, r) => entries.map((i) => rounded(answer(row, i, upstreamAt(r))) + 0)),
    );
  const loss = { numerator: 0n, denominator: ONE * count };
  for (const [r, row] of rows.entries()) loss.numerator += (row.gaps[targets[r]] ?? 0n) + row.logSum;

  return {
    softmax: perLogit((row, i) => ({ numerator: row.weights[i], denominator: row.sum })),
    logSoftmax: perLogit((row, i) => {
      const gap = row.gaps[i];
      return gap === undefined ? Number.NEGATIVE_INFINITY : fixed(-(gap + row.logSum));
    }),
    logSumExp: Float32Array.from(rows, (row) => rounded(fixed(row.max + row.logSum))),
    crossEntropy: Float32Array.of(
      rows.some((row, r) => row.gaps[targets[r]] === undefined) ? Number.POSITIVE_INFINITY : rounded(loss),
    ),
    crossEntropyGrad: perLogit((row, i, target) => ({
      numerator: (i === target ? row.weights[i] - row.sum : row.weights[i]) * row.slopes[i],
      denominator: row.sum * count * ONE,
    })),
    softmaxGrad: perUpstream(({ weights, sum, slopes }, i, g) => ({
      numerator: weights[i] * weights.reduce((rest, w, j) => rest + w * (g[i] - g[j]), 0n) * slopes[i],
      denominator: ((sum * sum) << 149n) * ONE,
    })),
    logSoftmaxGrad: perUpstream(({ weights, sum, slopes }, i, g) => ({
      numerator: (g[i] * sum - weights[i] * g.reduce((a, b) => a + b)) * slopes[i],
      denominator: (sum << 149n) * ONE,
    })),
  };
}

/** In units of 2^-640: max, max - x (undefined where masked), e^-(max - x), their sum and its logarithm. */
interface FixedRow {
  readonly max: bigint;
  readonly gaps: readonly (bigint | undefined)[];
  readonly weights: readonly bigint[];
  readonly sum: bigint;
  readonly logSum: bigint;
}

/** With dz / dx of each logit, in units of 2^-640. */
interface SlopedRow extends FixedRow {
  readonly slopes: readonly bigint[];
}

/** z and dz / dx of a row's logits, and of its sink; z is undefined where masked. */
function logitsOf(batch: Batch, r: number): { readonly z: bigint | undefined; readonly slope: bigint }[] {
  const { scale = 1, temperature = 1, softcap, bias, mask, sink } = batch.options ?? {};
  const at = (values: ArrayLike<number>, i: number): number =>
    values[values.length === batch.cols ? i : r * batch.cols + i];
  const logits = Array.from(rowOf(batch, r), (x, i) => {
    if (mask !== undefined && at(mask, i) === 0) return { z: undefined, slope: 0n };
    const scaled = Number.isFinite(x) ? (fixedOf(scale) * fixedOf(x)) / fixedOf(temperature) : undefined;
    const slope = (fixedOf(scale) * ONE) / fixedOf(temperature);
    const side = scale < 0 ? 1n : -1n;
    const capped = softcap === undefined ? { z: scaled, slope } : cap(scaled, fixedOf(softcap), slope, side);
    const added = bias === undefined ? 0 : at(bias, i);
    const isMasked = capped.z === undefined || added === Number.NEGATIVE_INFINITY;
    return { z: isMasked ? undefined : (capped.z as bigint) + fixedOf(added), slope: capped.slope };
  });
  if (sink === undefined) return logits;
  const own = typeof sink === 'number' ? sink : sink[r];
  return [...logits, { z: Number.isFinite(own) ? fixedOf(own) : undefined, slope: 0n }];
}

/** c tanh(y / c), and its derivative times the slope so far; y is undefined where it is infinite, on this side. */
function cap(y: bigint | undefined, c: bigint, slope: bigint, side: bigint) {
  if (y === undefined) return { z: side * c, slope: 0n };
  if (y === 0n) return { z: 0n, slope };
  const e = expNegative((2n * (y < 0n ? -y : y) * ONE) / c);
  const short = (2n * c * e) / (ONE + e);
  const size = c - (short === 0n ? 1n : short);
  const steepness = (slope * 4n * e * ONE) / ((ONE + e) * (ONE + e));
  return { z: y < 0n ? -size : size, slope: steepness === 0n ? signOf(slope) : steepness };
}

function signOf(value: bigint): bigint {
  if (value === 0n) return 0n;
  return value < 0n ? -1n : 1n;
}

function evaluateRow(values: readonly (bigint | undefined)[]): FixedRow {
  const live = values.filter((value): value is bigint => value !== undefined);
  const [max] = live.sort((a, b) => (a < b ? 1 : -1));
  const gaps = values.map((value) => (value === undefined ? undefined : max - value));
  const far = gaps.filter((gap): gap is bigint => gap !== undefined && gap > LARGEST_GAP);
  const [nearest = LARGEST_GAP] = far.sort((a, b) => (a < b ? -1 : 1));
  const excess = nearest - LARGEST_GAP;
  const weights = gaps.map((gap) => {
    if (gap === undefined) return 0n;
    return expNegative(gap > LARGEST_GAP ? gap - excess : gap) || 1n;
  });
  const sum = weights.reduce((a, b) => a + b);
  return { max, gaps, weights, sum, logSum: naturalLog(sum) };
}

/** An FP32 value, a multiple of 2^-149, exactly. */
function fixedOf(value: number): bigint {
  const { numerator, denominator } = rationalOf(value);
  return (numerator * ONE) / denominator;
}

function fixed(numerator: bigint): Rational {
  return { numerator, denominator: ONE };
}

function rounded(answer: Rational | number): number {
  return typeof answer === 'number' ? answer : roundRational(answer);
}

/** e^-x = 2^-q (e^-(r / 256))^256 with x = q ln 2 + r, 0 <= r < ln 2, by the Taylor series with 30 more bits. */
function expNegative(x: bigint): bigint {
  if (x > 2n * LARGEST_GAP) return 0n;
  const guard = 30n;
  const unit = ONE << guard;
  const q = x / LN_2;
  const r = ((x - q * LN_2) << guard) >> 8n;
  let term = unit;
  let sum = unit;
  for (let k = 1n; term !== 0n; k++) {
    term = (-term * r) / (k * unit);
    sum += term;
  }
  for (let i = 0; i < 8; i++) sum = (sum * sum) / unit;
  return sum >> (guard + q);
}

/** ln x for x >= 1: x = 2^k f with 1 <= f < 2, ln f = 2 artanh((f - 1) / (f + 1)). 0 exactly for 1. */
function naturalLog(x: bigint): bigint {
  const k = BigInt(x.toString(2).length - 1) - BITS;
  const f = x >> k;
  const z = ((f - ONE) * ONE) / (f + ONE);
  return k * LN_2 + 2n * artanh(z);
}

/** z + z^3/3 + z^5/5 + … */
function artanh(z: bigint): bigint {
  const square = (z * z) / ONE;
  let power = z;
  let sum = z;
  for (let k = 3n; power !== 0n; k += 2n) {
    power = (power * square) / ONE;
    sum += power / k;
  }
  return sum;
}

/** ln 2 = 2 artanh(1/3). */
function naturalLog2(): bigint {
  return 2n * artanh(ONE / 3n);
}
