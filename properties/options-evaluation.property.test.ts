/** The oracle with options and a BigInt evaluation that shares no code with it give the same FP32 answers, to the sign of zero. */
import { describe, expect, it } from 'vitest';
import { batchOf } from '../src/core/batch.ts';
import { operations } from '../src/core/operation.ts';
import type { Options } from '../src/core/options.ts';
import { toHexWords } from '../src/float32/bits.ts';
import { withOptions } from '../src/options/index.ts';
import { createOracle } from '../src/oracle/exact.ts';
import { evaluateInFixedPoint } from './support/fixed-point.ts';
import { batchesWith, hasOrdinaryRows, optionSets } from './support/options.ts';

const RUNS_PER_SET = Number(process.env['ORACLE_RUNS'] ?? 170);

describe('an independent evaluation', () => {
  it.each(optionSets)('should agree bit for bit on batches with %s', (set) => {
    let compared = 0;
    for (const batch of batchesWith(set, RUNS_PER_SET, 1)) {
      if (!hasOrdinaryRows(batch)) continue;
      const { answer, rounded } = createOracle(batch);
      const independent = evaluateInFixedPoint(batch);
      for (const operation of operations) {
        const expected = toHexWords(independent[operation]);
        const what = `${operation} ${JSON.stringify(batch)}`;
        expect(toHexWords(answer(operation).rounded), what).toEqual(expected);
        expect(toHexWords(rounded(operation)), what).toEqual(expected);
      }
      compared++;
    }
    expect(compared).toBeGreaterThan(0.6 * RUNS_PER_SET);
  });

  const odd = 1 + 2 ** -23;
  const half = 1 + 2 ** -12;
  it.each<[name: string, row: number[], options: Options]>([
    ['a gradient that a scale makes a tie', [0, 0, 0, 0], { scale: odd }],
    ['one that is a tie only with the scale', [5, 5, 5, 5, 5, 5], { scale: 2.0962102305433843e37 }],
    ['one that vanishing weights tip off that', [5, 5, 5, 5, 5, 5, -5], { scale: 2.0962102305433843e37 }],
    ['one that vanishing weights tip off it', [0, 0, 0, 0, -3000], { scale: odd }],
    ['an upstream value that a scale makes a tie, and a vanishing weight tips', [-1e9, 0], { scale: half }],
    ['the same, tipped the other way', [-1e9, 0], { scale: -half, bias: Float32Array.of(-3e9, 0) }],
    [
      'a gradient at a vanishing target that is a tie',
      [-1e9, 0],
      { scale: 3 * 2 ** -149, bias: Float32Array.of(-1e9, 0) },
    ],
    [
      'an upstream value that a scale makes a tie, and a vanishing weight tips off it',
      [-1e6, 0],
      { scale: 1.5 },
    ],
    ['the same where another gap is not far, and below 0', [1e6, 0, 1], { scale: -1.5 }],
    ['a product that is a tie', [1 + 2 ** -12], { scale: 1 + 2 ** -12 }],
    ['a product below FP32', [2 ** -149, 2 ** -149], { scale: -(2 ** -149) }],
    ['products beyond FP32', [3e38, -3e38, 0], { scale: 3e38 }],
    ['quotients beyond FP32', [3e38, -3e38, 0], { temperature: 1.5 * 2 ** -126 }],
    ['quotients below it', [2 ** -149, 3 * 2 ** -149], { temperature: 1.25 * 2 ** 125 }],
    ['a quotient that ends in a tie below the normal range', [3 * 2 ** -149], { temperature: 6 }],
    [
      'a quotient that ends, and a bias that makes a tie',
      [9],
      { temperature: 3, bias: Float32Array.of(2 ** -23) },
    ],
    ['a quotient that is capped', [9, 3], { temperature: 3, softcap: 1e-30, scale: -0.7 }],
    [
      'a temperature that is a power of 2, and a vanishing weight at a tie',
      [-1e6, 0],
      { temperature: 2 ** -3 },
    ],
    [
      'a saturated cap beside a bias that makes a tie',
      [1e6],
      { softcap: 1, bias: Float32Array.of(2 ** -24) },
    ],
    ['one that rounds up', [1e6], { softcap: 1, bias: Float32Array.of(3 * 2 ** -24) }],
    ['a cap far beyond its logits', [1, 2 ** -149, -1], { softcap: 3e38 }],
    ['a cap far below them', [1, 2 ** -149, -1], { softcap: 2 ** -149 }],
    ['a masked logit under a cap', [Number.NEGATIVE_INFINITY, 3], { softcap: 30 }],
    ['nothing but a sink', [1, 2], { mask: Uint8Array.of(0, 0), sink: 3 }],
    ['a sink far above', [1, 2], { sink: 3e38 }],
    ['a sink far below', [1, 2], { sink: -3e38 }],
    ['a hidden NaN', [Number.NaN, 2, Number.POSITIVE_INFINITY], { mask: Uint8Array.of(0, 1, 0), softcap: 2 }],
  ])('should agree on %s', (_, row, options) => {
    const upstream = row.map((_, i) => (i % 2 === 0 ? half : -1));
    for (const target of [0, row.length - 1]) {
      const rows = [row, row];
      const batch = withOptions(batchOf(rows, [target, target], [...upstream, ...upstream]), options);
      const oracle = createOracle(batch);
      const independent = evaluateInFixedPoint(batch);
      for (const operation of operations)
        expect(toHexWords(oracle.answer(operation).rounded), operation).toEqual(
          toHexWords(independent[operation]),
        );
    }
  });

  it('should tip a gradient at a vanishing target off a tie below the normal range', () => {
    const rows = 512;
    const row = [0, -(2 ** 110), -3e38];
    const scale = (1 + 3 * 2 ** -23) * 2 ** -118;
    const batch = withOptions(batchOf(new Array(rows).fill(row), new Array(rows).fill(2)), { scale });
    // -scale / 512 is between 2^-127 + 2^-149 and the even 2^-127 + 2^-148, and p / 512 nearer to 0.
    expect(createOracle(batch).entry('crossEntropyGrad', 2).rounded).toBe(-(2 ** -127) - 2 ** -149);
  });

  it('should decide a loss of rows of which some have been refined as far as goes', () => {
    const row = [2 ** 30, -(2 ** 30)];
    const batch = withOptions(batchOf([row, row], [1, 1]), {
      softcap: 2 ** 20,
      bias: Float32Array.of(0.125, 0),
    });
    const fresh = createOracle(batch).entry('crossEntropy', 0).rounded;
    const oracle = createOracle(batch);
    oracle.entry('logSoftmax', 1);
    expect(oracle.entry('crossEntropy', 0).rounded).toBe(fresh);
  });
});
