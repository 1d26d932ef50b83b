import { describe, expect, it } from 'vitest';
import type { Decimal } from './decimal.ts';
import { evaluateRow } from './exact-row.ts';

const row = (...logits: number[]) => Float32Array.from(logits);
const { NEGATIVE_INFINITY } = Number;

/** |a / b - 1| */
function relativeDifference(a: Decimal, b: Decimal): number {
  return a.div(b).minus(1).abs().toNumber();
}

describe('evaluateRow', () => {
  it('should give what the decimal module of Python gives', () => {
    const { max, terms, logSum, othersOf } = evaluateRow(row(1, 2, 0), 28);
    expect(max.toNumber()).toBe(2);
    expect(terms.map(({ gap }) => Number(gap))).toEqual([1, 0, 2]);
    expect(terms.map(({ probability }) => Number(probability))).toEqual([
      0.24472847105479764, 0.6652409557748219, 0.09003057317038046,
    ]);
    expect(logSum.toNumber()).toBe(0.4076059644443803);
    expect([0, 1, 2].map((t) => othersOf(t).toNumber())).toEqual([
      0.7552715289452023, 0.3347590442251781, 0.9099694268296196,
    ]);
  });

  it.each<[name: string, logits: Float32Array]>([
    ['an ordinary row', row(0.1, -3.7, 2.2, 2.1, -11)],
    ['a sure row', row(150, 0, 1)],
    ['a row of 100', Float32Array.from({ length: 100 }, (_, i) => Math.sin(i) * 30)],
    ['a row in which gaps are replaced', row(0, -1, -199, -201, -1e30)],
    ['a masked row', row(NEGATIVE_INFINITY, 4, 3)],
  ])('should keep its error bound for %s', (_, logits) => {
    const coarse = evaluateRow(logits, 28);
    const fine = evaluateRow(logits, 112);
    const bound = coarse.relativeError.toNumber();
    expect(bound).toBeLessThan(1e-24);
    expect(relativeDifference(coarse.logSum, fine.logSum)).toBeLessThanOrEqual(bound);
    for (const [i, { gap }] of fine.terms.entries()) {
      expect(coarse.terms[i].gap.eq(gap)).toBe(true);
      expect(relativeDifference(coarse.othersOf(i), fine.othersOf(i))).toBeLessThanOrEqual(bound);
      if (gap.gt(200)) continue;
      expect(relativeDifference(coarse.terms[i].probability, fine.terms[i].probability)).toBeLessThanOrEqual(
        bound,
      );
    }
  });

  it('should keep all digits of the gaps, of 3.4e38 less 1e-45 too', () => {
    const { terms } = evaluateRow(row(3.4028234663852886e38, 1.401298464324817e-45), 28);
    expect(terms[1].gap.precision()).toBeGreaterThan(180);
  });

  it('should keep all digits of what the other classes have of a sure row', () => {
    const { othersOf } = evaluateRow(row(100, 0), 28);
    expect(othersOf(0).toNumber()).toBe(3.720075976020836e-44);
  });

  it('should have ln S exactly 0 for a single logit that is not masked, and positive otherwise', () => {
    expect(evaluateRow(row(5), 28).logSum.isZero()).toBe(true);
    expect(evaluateRow(row(NEGATIVE_INFINITY, 5), 28).logSum.isZero()).toBe(true);
    expect(evaluateRow(row(5, -1e38), 28).logSum.gt(0)).toBe(true);
  });

  it('should give a masked entry probability 0 and an infinite gap', () => {
    const { terms } = evaluateRow(row(NEGATIVE_INFINITY, 5), 28);
    expect([terms[0].gap.toNumber(), terms[0].probability.toNumber()]).toEqual([Number.POSITIVE_INFINITY, 0]);
  });
});
