/**
 * Rows whose exact answers lie as close to a rounding boundary as one likes, by a greedy choice of logits.
 *
 * e^x over all FP32 x has gaps of relative size |x| 2^-24, so taking the largest e^x that still fits leaves a
 * millionth of the rest, and each further logit a millionth of that. No random search comes near such rows. Up to 20 logits: then the
 * 150 digits used here end.
 */
import { fromBits } from '../../src/float32/bits.ts';
import { nextDown, nextUp } from '../../src/float32/ordinal.ts';
import { cloneOf, type Decimal, decimalOf } from '../../src/row/decimal.ts';

const D = cloneOf(150);

/** Logits x below 0 with Σ e^x just below `total`, a number in (0, 1): the sum misses it by about 10^-(6 * count). */
function logitsSummingTo(total: Decimal.Value, count: number): number[] {
  const logits: number[] = [];
  let missing = new D(total);
  while (logits.length < count) {
    let x = Math.fround(missing.ln().toNumber());
    while (exp(x).gt(missing)) x = nextDown(x);
    while (exp(nextUp(x)).lt(missing)) x = nextUp(x);
    logits.push(x);
    missing = missing.minus(exp(x));
  }
  return logits;
}

function exp(x: number): Decimal {
  return new D(decimalOf(x)).exp();
}

/** The boundary between an FP32 value and the next, where a tie goes to the one whose word is even. */
function boundaryAfter(word: number): Decimal {
  const value = fromBits(word);
  return decimalOf((value + nextUp(value)) / 2);
}

/**
 * Rows of 1 + `count` logits, for the target class 0, named by what is hard to round. The boundaries, near 0.3 and
 * 0.6, are those from which a tie would go to the wrong side; each count has its own.
 */
export function hardRows(count: number): Readonly<Record<string, readonly number[]>> {
  const odd = boundaryAfter(0x3e99999b + 2 * count);
  const even = boundaryAfter(0x3f19999a + 2 * count);
  return {
    'a logsumexp next to 0': [-0.5, ...logitsSummingTo(D.sub(1, exp(-0.5)), count)],
    'a logsumexp and a loss below a boundary': [0, ...logitsSummingTo(D.exp(odd).minus(1), count)],
    'a probability above a boundary': [0, ...logitsSummingTo(D.div(1, even).minus(1), count)],
    'a gradient at the target below a boundary': [0, ...logitsSummingTo(D.div(odd, D.sub(1, odd)), count)],
  };
}
