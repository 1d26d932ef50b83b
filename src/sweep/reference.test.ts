import { describe, expect, it } from 'vitest';
import { exactAnswers, exactUlp } from '../../properties/support/sweeps.ts';
import { EXP_UNDERFLOW, MIN_SUBNORMAL } from '../float32/constants.ts';
import { nextDown, nextUp } from '../float32/ordinal.ts';
import { decimalOf, Wide } from '../row/decimal.ts';
import { type SweepOperation, sweepOperations } from './plan.ts';
import { type Column, createReferences, fillReference } from './reference.ts';
import { seriesOf } from './series.ts';

/** The reference for [x, 0]: the column of each answer, with one row. */
function columnsAt(operation: SweepOperation, x: number): Column[] {
  const references = createReferences(1);
  fillReference[operation](references, 0, x);
  return seriesOf(operation)
    .filter(({ xFirst }) => xFirst)
    .map(({ entry }) => references[entry]);
}

// biome-ignore format: a table
const magnitudes = [
  0, MIN_SUBNORMAL, 1e-30, 1e-10, 2 ** -24, 2 ** -11, nextDown(2 ** -10), 2 ** -10, 0.01, 0.3, 0.5413, 0.7, 1, 1.0986123,
  2, 4, 10, 16.635532, 17, 36.7, 37.5, 87.33655, 100, -EXP_UNDERFLOW, 105, 199.9, 200,
].map(Math.fround);
const xs = magnitudes.flatMap((magnitude) => [magnitude, -magnitude]);

describe('fillReference', () => {
  it.each(sweepOperations)(
    'should have a delta of %s within 2^-50, and an answer within 2^-25 ULP',
    (operation) => {
      for (const x of xs) {
        const exact = exactAnswers(operation, x);
        for (const [i, { base, delta, perUlp }] of columnsAt(operation, x).entries()) {
          const exactDelta = Wide.sub(exact[i], decimalOf(base[0]));
          const error = Wide.sub(exactDelta, new Wide(delta[0])).abs(); // The decimal of a double is off by 2^-53 itself.
          expect(error.lte(exactDelta.abs().times(2 ** -50)), `${x} ${i}`).toBe(true);
          expect(error.times(perUlp[0]).lt(2 ** -25), `${x} ${i}`).toBe(true);
        }
      }
    },
  );

  it.each(sweepOperations)('should know the ULP of %s', (operation) => {
    for (const x of xs) {
      const exact = exactAnswers(operation, x);
      for (const [i, { perUlp }] of columnsAt(operation, x).entries())
        expect(1 / perUlp[0], `${x} ${i}`).toBe(exactUlp(exact[i]));
    }
  });

  it('should tell on which side of its base a far answer is', () => {
    const columns = (operation: SweepOperation) =>
      columnsAt(operation, 1e6).map(({ base, delta, perUlp }) => [
        base[0],
        Math.sign(delta[0]),
        1 / perUlp[0],
      ]);
    expect(columns('softmax')).toEqual([
      [1, -1, 2 ** -24],
      [0, 1, MIN_SUBNORMAL],
    ]);
    expect(columns('logSoftmax')).toEqual([
      [0, -1, MIN_SUBNORMAL],
      [-1e6, -1, 2 ** -4],
    ]);
    expect(columns('logSumExp')).toEqual([[1e6, 1, 2 ** -4]]);
  });

  // Where an answer passes a power of two, and the exponent of its ULP changes with it. Further away from there
  // it is further from the power than its error.
  const crossings: [SweepOperation, number, string, (k: number) => number, number[]][] = [
    ['softmax', 1, 'q = 2^-k', (k) => Math.log(2 ** k - 1), range(2, 125)],
    ['logSoftmax', 0, 'L = 2^-k', (k) => -Math.log(Math.expm1(2 ** -k)), range(1, 125)],
    ['logSoftmax', 1, 'd + L = 2^k', (k) => 2 ** k + Math.log(-Math.expm1(-(2 ** k))), range(0, 7)],
  ];
  it.each(crossings)('should know the ULP of %s[%i] on both sides of %s', (operation, i, _, crossing, ks) => {
    for (const k of ks) {
      const near = Math.fround(crossing(k));
      const ulps = [nextDown(near), near, nextUp(near)].map((gap) => {
        const ulp = 1 / columnsAt(operation, gap)[i].perUlp[0];
        expect(ulp, `${gap}`).toBe(exactUlp(exactAnswers(operation, gap)[i]));
        return ulp;
      });
      expect(new Set(ulps).size, `k = ${k}`).toBe(2);
    }
  });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
