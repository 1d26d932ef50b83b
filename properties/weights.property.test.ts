/** Weights of a logsumexp: the logarithm of the sum of b e^z. */
import { describe, expect, it } from 'vitest';
import { numericFamilies } from '../src/arbitraries/families.ts';
import { batchGenerator } from '../src/arbitraries/generate.ts';
import { type Batch, batchOf, rowOf } from '../src/core/batch.ts';
import { createRandom } from '../src/core/random.ts';
import { audit } from '../src/judge/audit.ts';
import { stable } from '../src/kernels/stable.ts';
import { exp32, f32, maxOf } from '../src/kernels/zoo/parts.ts';
import { drawOptions, withOptions } from '../src/options/index.ts';
import { createOracle } from '../src/oracle/exact.ts';
import { cloneOf, decimalOf, Wide } from '../src/row/decimal.ts';
import { profileNamed } from '../src/row/profiles.ts';
import { isSpecial } from '../src/row/row.ts';
import { countComparisons } from './support/comparisons.ts';
import { byEffort } from './support/effort.ts';

const { NEGATIVE_INFINITY: MASKED } = Number;

/** Batches of all families with weights, and other options of scores beside them in half. */
function weighted(count: number, seed: number, isAlone = false): Batch[] {
  const random = createRandom([seed, 5, 6, 7]);
  const draw = numericFamilies.map(({ name }) =>
    batchGenerator({ families: [name], maxCols: 9, maxRows: 2 }),
  );
  return Array.from({ length: count }, (_, k) => {
    const { batch } = draw[k % draw.length](random);
    const names = isAlone || k % 2 === 0 ? [] : (['scale', 'temperature', 'bias', 'mask', 'sink'] as const);
    const others = drawOptions(random, names, batch);
    const { weights = new Float32Array(batch.cols).fill(1) } = drawOptions(random, ['weights'], batch);
    return withOptions(batch, { ...others, weights });
  });
}

const weightsOf = ({ options, cols }: Batch, r: number): Float32Array => {
  const all = options?.weights ?? new Float32Array(cols).fill(1);
  return all.length === cols ? all : all.subarray(r * cols, (r + 1) * cols);
};

const hasOrdinaryRows = (batch: Batch): boolean =>
  createOracle(batch).approximate.every(({ kind }) => !isSpecial(kind));

describe('a logsumexp with weights', () => {
  it('should be the logarithm of the weighted sum, evaluated straight from that', () => {
    const D = cloneOf(60);
    const compared = countComparisons();
    for (const batch of weighted(byEffort(150, 1000), 1, true)) {
      if (!batch.logits.every((x) => Math.abs(x) < 1e4)) continue;
      const { values } = createOracle(batch).answer('logSumExp');
      for (const [r, value] of values.entries()) {
        const b = weightsOf(batch, r);
        if (b.every((each) => each === 0)) continue;
        const terms = Array.from(rowOf(batch, r), (x, i) => D.exp(decimalOf(x)).times(decimalOf(b[i])));
        const expected = D.ln(terms.reduce((sum, each) => D.add(sum, each)));
        expect(Wide.sub(value, expected).abs().lte(expected.abs().plus(1).times('1e-20'))).toBe(true);
        compared.add('row');
      }
    }
    compared.expectOfEach(['row'], 50);
  });

  it('should be what it is without those of 1, and without the logits of those of 0', () => {
    for (const { options: _, ...batch } of weighted(60, 2)) {
      const ones = withOptions(batch, { weights: new Float32Array(batch.cols).fill(1) });
      const words = (of: Batch): number[] => [...createOracle(of).answer('logSumExp').rounded];
      expect(words(ones)).toEqual(words(batch));
      const bits = Uint8Array.from({ length: batch.cols }, (__, i) => Number(i % 3 !== 1));
      expect(words(withOptions(batch, { weights: Float32Array.from(bits) }))).toEqual(
        words(withOptions(batch, { mask: bits })),
      );
    }
  });
});

type Row = (x: Float32Array, b: Float32Array) => number;

/** m + ln sum b e^(x - m), m the largest logit that counts, in FP32. */
const rowBy =
  (sumOf: (weights: Float32Array, b: Float32Array) => number): Row =>
  (x, b) => {
    const max = maxOf(x.map((each, i) => (b[i] === 0 ? MASKED : each)));
    const weights = x.map((each, i) => (b[i] === 0 ? 0 : exp32(f32(each - max))));
    return f32(f32(Math.log(sumOf(weights, b))) + max);
  };

const added = (terms: Float32Array): number => terms.reduce((sum, each) => f32(sum + each), 0);
const right = rowBy((weights, b) => added(weights.map((each, i) => f32(each * b[i]))));

describe('the verdict', () => {
  it('should not blame what multiplies the terms of its sum, nor the built-in kernel', () => {
    const compared = countComparisons();
    for (const batch of weighted(byEffort(300, 3000), 3)) {
      // A product beyond FP32 makes a row of nothing, of which the built-in kernel answers NaN.
      if (!hasOrdinaryRows(batch) || batch.logits.some((x) => Math.abs(x) > 1e30)) continue;
      const oracle = createOracle(batch);
      const { logits, rows, cols, options } = batch;
      const judged = { stable: stable.logSumExp(logits, rows, cols, options) };
      const alone = Object.keys(options ?? {}).length === 1;
      const own = Float32Array.from({ length: rows }, (_, r) => right(rowOf(batch, r), weightsOf(batch, r)));
      for (const [name, answer] of Object.entries(alone ? { ...judged, own } : judged)) {
        const found = audit(oracle, 'logSumExp', answer, profileNamed('sequential'));
        expect(found, `${name} ${JSON.stringify(batch)}`).toEqual([]);
        compared.add(name);
      }
    }
    compared.expectOfEach(['stable', 'own'], 50);
  });

  it.each<[string, Row]>([
    ['leaves them out', rowBy(added)],
    [
      'adds them to the logits',
      (x, b) =>
        right(
          x.map((each, i) => f32(each + b[i])),
          b.map(() => 1),
        ),
    ],
    ['multiplies twice', rowBy((weights, b) => added(weights.map((each, i) => f32(each * b[i] ** 2))))],
  ])('should blame what %s', (_, row) => {
    const weights = Float32Array.of(2, 0.5, 3);
    const batch = withOptions(batchOf([[1, 2, 0.5]]), { weights });
    const answer = Float32Array.of(row(batch.logits, weights));
    const found = audit(createOracle(batch), 'logSumExp', answer, profileNamed('sequential'));
    expect(found.map(({ severity }) => severity)).toEqual(['error']);
  });
});
