/** Laws that the exact loss and its gradient obey with options, and the definition that they are evaluated by once more. */
import { describe, expect, it } from 'vitest';
import { type Batch, batchOf, rowOf } from '../src/core/batch.ts';
import { answerOf } from '../src/core/kernel.ts';
import type { Options } from '../src/core/options.ts';
import { semanticsNamed } from '../src/core/semantics.ts';
import { judge, judgeExactly } from '../src/judge/judge.ts';
import { stable } from '../src/kernels/index.ts';
import { inputsOf, lossSpecOf, rowSpecOf } from '../src/operations/index.ts';
import { selectOptions, withOptions } from '../src/options/index.ts';
import { termsOf } from '../src/options/loss/terms.ts';
import { createOracle } from '../src/oracle/exact.ts';
import { cloneOf, type Decimal, decimalOf, Wide } from '../src/row/decimal.ts';
import { defaultProfile, profileNamed } from '../src/row/profiles.ts';
import { countComparisons } from './support/comparisons.ts';
import { decimalOfDouble } from './support/decimal-of-double.ts';
import { byEffort } from './support/effort.ts';
import { lossBatches, lossOf } from './support/loss-options.ts';

const D = cloneOf(70);
const { NaN: NAN, POSITIVE_INFINITY: INFINITE, NEGATIVE_INFINITY: MASKED } = Number;
const losses = ['crossEntropy', 'crossEntropyGrad'] as const;

const realsOf = (batch: Batch): Decimal[][] =>
  Array.from({ length: batch.rows }, (_, r) => Array.from(rowOf(batch, r), decimalOf));
const isOrdinary = (batch: Batch): boolean =>
  termsOf(batch)?.divisor !== 0 && batch.logits.every((x) => Math.abs(x) < 1e4);
/** 1,000 combinations of options where tests may take long. */
const combinations = byEffort(150, 1000);
const ordinary = lossBatches(1.6 * combinations, 1, { isUnmasked: true })
  .filter(isOrdinary)
  .slice(0, combinations);

/** Whether a is within 10^-18 of b, relative to `size`. */
const isNear = (a: Decimal, b: Decimal, size: Decimal): boolean =>
  Wide.sub(a, b).abs().lte(size.times('1e-18').plus('1e-35'));

describe('the loss', () => {
  it('should be the definition, evaluated independently, of all combinations of options', () => {
    expect(ordinary).toHaveLength(combinations);
    for (const batch of ordinary) {
      const { values } = createOracle(batch).answer('crossEntropy');
      const expected = lossOf(D, batch, realsOf(batch));
      expect(values.map((value, k) => isNear(value, expected[k], expected[k].abs()))).not.toContain(false);
    }
  });

  it('should be within the bound of its value in double precision', () => {
    const compared = countComparisons();
    for (const batch of lossBatches(byEffort(150, 600), 2, { isMixed: true })) {
      const { approximate, answer } = createOracle(batch);
      for (const [k, exact] of answer('crossEntropy').values.entries()) {
        const { value, error } = lossSpecOf('crossEntropy', batch).approximate(approximate, batch.targets, k);
        if (!exact.isFinite()) expect(value).toBe(exact.toNumber());
        else if (!Number.isNaN(error)) {
          expect(Wide.sub(exact, decimalOfDouble(value)).abs().toNumber()).toBeLessThanOrEqual(error);
          compared.add('loss');
        }
      }
    }
    compared.expectOfEach(['loss'], 100);
  });
});

describe('the gradient', () => {
  it('should be the derivative of the loss, by finite differences of the independent evaluation', () => {
    const h = new D('1e-16');
    for (const [k, batch] of ordinary.entries()) {
      const at = k % batch.logits.length;
      const [r, i] = [Math.floor(at / batch.cols), at % batch.cols];
      const logits = realsOf(batch);
      const lossBy = (change: Decimal): Decimal => {
        const moved = logits.map((row, r2) =>
          row.map((x, i2) => (r2 === r && i2 === i ? D.add(x, change) : x)),
        );
        const all = lossOf(D, batch, moved);
        return all.length === 1 ? all[0] : all[r];
      };
      const { upstream = 1 } = batch.options ?? {};
      const factor = decimalOf(typeof upstream === 'number' ? upstream : upstream[r]);
      const slope = D.div(D.sub(lossBy(h), lossBy(h.neg())), D.mul(2, h)).times(factor);
      const oracle = createOracle(batch);
      const { value } = oracle.entry('crossEntropyGrad', at);
      const terms = termsOf(batch)?.rows[r];
      if (terms?.isNothing) expect([value.isZero(), slope.isZero()]).toEqual([true, true]);
      else {
        const size = rowSpecOf('crossEntropyGrad', batch).derivative?.(
          oracle.row(r),
          i,
          inputsOf('crossEntropyGrad', batch, r, null),
        );
        // The oracle has 20 digits of the size; a central difference is off by h^2, and by the digits that it cancels.
        expect(
          Wide.sub(value, slope)
            .abs()
            .lte(new Wide('1e-18').times(size ?? NAN).plus('1e-26')),
        ).toBe(true);
      }
    }
  });

  it('should be within the bound of its value in double precision', () => {
    const compared = countComparisons();
    for (const batch of lossBatches(byEffort(150, 600), 3, { isMixed: true })) {
      const { approximate, entry } = createOracle(batch);
      const { approximate: inDoubles, most } = rowSpecOf('crossEntropyGrad', batch);
      const { value, error } = inDoubles;
      for (const [r, row] of approximate.entries()) {
        const inputs = inputsOf('crossEntropyGrad', batch, r, null);
        if (termsOf(batch)?.rows[r].isNothing || row.gaps.length === 0) continue;
        for (let i = 0; i < batch.cols; i++) {
          const reference = value(row, i, inputs);
          const bound = error(row, i, reference, inputs);
          const exact = entry('crossEntropyGrad', r * batch.cols + i).value;
          if (exact.isNaN()) continue;
          expect(exact.abs().toNumber()).toBeLessThanOrEqual(most(row, i, inputs) * (1 + 2 ** -40));
          if (!Number.isFinite(reference) || Number.isNaN(bound)) continue;
          expect(Wide.sub(exact, decimalOfDouble(reference)).abs().toNumber()).toBeLessThanOrEqual(bound);
          compared.add('gradient');
        }
      }
    }
    compared.expectOfEach(['gradient'], 500);
  });
});

/** The rounded loss and gradient. */
function answers(batch: Batch): readonly (readonly number[])[] {
  const { answer } = createOracle(batch);
  return losses.map((operation) => Array.from(answer(operation).rounded, (value) => value + 0));
}

const rowsOf = (batch: Batch, kept: readonly number[]): Batch => {
  const { cols } = batch;
  const all = Array.from({ length: cols }, (_, col) => col);
  return withOptions(
    batchOf(
      kept.map((r) => Array.from(rowOf(batch, r))),
      kept.map((r) => batch.targets[r]),
      undefined,
      batch.options?.ignoreIndex,
    ),
    selectOptions(batch, { rows: kept, cols: all }) ?? {},
  );
};

const indices = lossBatches(300, 4, {
  isUnmasked: true,
  maxRows: 5,
  names: ['reduction', 'ignoreIndex', 'classWeights', 'rowWeights', 'labelSmoothing', 'zLoss', 'upstream'],
});

describe('a row that is ignored', () => {
  it('should change nothing where it is deleted, and have no gradient whatever it holds', () => {
    for (const batch of indices) {
      const isIgnored = (r: number): boolean => batch.targets[r] === batch.options?.ignoreIndex;
      const rows = Array.from({ length: batch.rows }, (_, r) => r);
      const kept = rows.filter((r) => !isIgnored(r));
      const logits = batch.logits.map((x, k) => (isIgnored(Math.floor(k / batch.cols)) ? NAN : x));
      const [loss, gradient] = answers({ ...batch, logits });
      const entries = (r: number): readonly number[] => gradient.slice(r * batch.cols, (r + 1) * batch.cols);
      for (const r of rows.filter(isIgnored)) expect(entries(r)).toEqual(new Array(batch.cols).fill(0));
      if (kept.length === 0) continue;
      const [ofKept, gradientOfKept] = answers(rowsOf(batch, kept));
      const isEach = batch.options?.reduction === 'none';
      expect(isEach ? kept.map((r) => loss[r]) : loss).toEqual(ofKept);
      expect(kept.flatMap(entries)).toEqual(gradientOfKept);
    }
  });
});

describe('the options of a loss', () => {
  it('should change nothing where their values are neutral', () => {
    const neutral: readonly Options[] = [
      { reduction: 'mean' },
      { labelSmoothing: 0 },
      { zLoss: 0 },
      { ignoreIndex: -100 },
      { upstream: 1 },
    ];
    for (const batch of lossBatches(40, 5).map(({ options: _, ...plain }) => plain)) {
      const targets = batch.targets.map((target) => (target >= 0 && target < batch.cols ? target : 0));
      const plain = answers({ ...batch, targets });
      const ones = { classWeights: new Float32Array(batch.cols).fill(1) };
      const onesOfRows = { rowWeights: new Float32Array(batch.rows).fill(1) };
      for (const options of [...neutral, ones, onesOfRows])
        expect(answers(withOptions({ ...batch, targets }, options))).toEqual(plain);
    }
  });

  it('should leave the mean where all weights are scaled by a power of two', () => {
    for (const batch of indices) {
      const { classWeights, zLoss } = batch.options ?? {};
      if (classWeights === undefined || zLoss !== undefined || batch.options?.reduction !== 'mean') continue;
      const scaled = withOptions(batch, { ...batch.options, classWeights: classWeights.map((w) => 4 * w) });
      expect(answers(scaled)).toEqual(answers(batch));
    }
  });

  it('should count a row as often as its weight says', () => {
    const compared = countComparisons();
    for (const [k, batch] of indices.entries()) {
      const { rowWeights: _, upstream: __, ...options } = batch.options ?? {};
      if (options.reduction === 'none') continue;
      const times = Array.from({ length: batch.rows }, (___, r) => (k + r) % 3);
      const repeated = times.flatMap((count, r) => new Array<number>(count).fill(r));
      if (repeated.length === 0) continue;
      const rowWeights = Float32Array.from(times);
      const weighted = createOracle(withOptions(batch, { ...options, rowWeights }));
      const plain = createOracle(rowsOf(withOptions(batch, options), repeated));
      const [[a], [b]] = [weighted, plain].map((each) => each.answer('crossEntropy').values);
      if (!b.isFinite()) continue; // A mean of nothing.
      expect(isNear(a, b, b)).toBe(true);
      compared.add('loss');
      const [G, ofRepeated] = [weighted, plain].map((each) => each.answer('crossEntropyGrad').values);
      for (const [r, count] of times.entries()) {
        const from = repeated.indexOf(r) * batch.cols;
        for (let i = 0; i < batch.cols; i++) {
          const expected = count === 0 ? new Wide(0) : Wide.mul(ofRepeated[from + i], count);
          const got = G[r * batch.cols + i];
          expect(isNear(got, expected, new Wide(1).plus(expected.abs()))).toBe(true);
        }
      }
    }
    compared.expectOfEach(['loss'], 100);
  });

  it('should make one-hot probabilities what class indices are, where no weights divide the mean', () => {
    for (const batch of indices) {
      const { classWeights, ignoreIndex, reduction, ...others } = batch.options ?? {};
      const targets = batch.targets.map((target) => Math.min(Math.max(target, 0), batch.cols - 1));
      const probabilities = new Float32Array(batch.logits.length);
      for (const [r, target] of targets.entries()) probabilities[r * batch.cols + target] = 1;
      const plain = { ...batch, targets };
      const options = { ...others, ...(reduction !== undefined && { reduction }) };
      const soft = answers(withOptions(plain, { ...options, probabilities }));
      expect(soft).toEqual(answers(withOptions(plain, options)));
    }
  });

  it('should make the sum the sum of the rows, and the mean the sum over its divisor', () => {
    for (const batch of ordinary.filter(({ options }) => options?.zLoss === undefined)) {
      const by = (reduction: Options['reduction']): readonly Decimal[] =>
        createOracle(withOptions(batch, { ...batch.options, reduction, upstream: 1 })).answer('crossEntropy')
          .values;
      const total = by('none').reduce((sum, each) => Wide.add(sum, each), new Wide(0));
      const [[sum], [mean]] = [by('sum'), by('mean')];
      const divisor = termsOf(
        withOptions(batch, { ...batch.options, reduction: 'mean', upstream: 1 }),
      )?.exactDivisor();
      expect(isNear(sum, total, total)).toBe(true);
      if (divisor?.gt(0)) expect(isNear(Wide.mul(mean, divisor), sum, sum)).toBe(true);
    }
  });

  it('should add up over parts of a batch', () => {
    for (const batch of indices) {
      if (batch.options?.reduction !== 'sum' || batch.rows < 2) continue;
      const part = (kept: readonly number[]): Decimal =>
        createOracle(rowsOf(batch, kept)).answer('crossEntropy').values[0];
      const rows = Array.from({ length: batch.rows }, (_, r) => r);
      const sum = Wide.add(part(rows.slice(0, 1)), part(rows.slice(1)));
      const [whole] = createOracle(batch).answer('crossEntropy').values;
      if (whole.isFinite()) expect(isNear(sum, whole, whole)).toBe(true);
    }
  });
});

describe('a row of weight 0', () => {
  it('should have a gradient of 0, or NaN where its part of zLoss is beyond FP32 before', () => {
    const batch = withOptions(batchOf([[4e35]]), {
      reduction: 'sum',
      rowWeights: [0],
      zLoss: 1,
      upstream: 426,
    });
    const verdict = (answer: number): string[] =>
      judge(createOracle(batch), 'crossEntropyGrad', Float32Array.of(answer), defaultProfile).map(
        ({ kind }) => kind,
      );
    expect(verdict(0)).toEqual([]);
    expect(verdict(NAN)).toEqual([]);
    expect(verdict(1)).not.toEqual([]);
  });
});

describe('what is no number', () => {
  const of = (
    logits: number[][],
    targets: number[],
    options: Options,
    semantics = semanticsNamed.pytorch,
  ) => {
    const batch = withOptions(batchOf(logits, targets, undefined, options.ignoreIndex), options);
    return answers({ ...batch, semantics });
  };

  it.each([
    ['a mean of ignored rows', [[0, 1]], [-1], { ignoreIndex: -1 }, [[NAN], [0, 0]]],
    ['a sum of ignored rows', [[0, 1]], [-1], { ignoreIndex: -1, reduction: 'sum' }, [[0], [0, 0]]],
    ['weights that are all 0', [[0, 1]], [0], { classWeights: Float32Array.of(0, 1) }, [[NAN], [NAN, NAN]]],
    [
      '0 times infinity',
      [[MASKED, 0]],
      [0],
      { classWeights: Float32Array.of(0, 1), reduction: 'sum' },
      [[NAN], [0, 0]],
    ],
    [
      'a masked class that has a part',
      [[MASKED, 0]],
      [1],
      { labelSmoothing: 0.5 },
      [[INFINITE], [-0.25, 0.25]],
    ],
    [
      'probability 0 of a masked class',
      [[MASKED, 0]],
      [0],
      { probabilities: Float32Array.of(0, 1) },
      [[NAN], [0, 0]],
    ],
    [
      'an ignored row of NaN',
      [
        [NAN, 0],
        [0, 0],
      ],
      [-1, 0],
      { ignoreIndex: -1 },
      [[Math.fround(Math.LN2)], [0, 0, -0.5, 0.5]],
    ],
  ] as const)('should be PyTorch’s answer for %s', (_, logits, targets, options, expected) => {
    expect(
      of(
        logits.map((row) => [...row]),
        [...targets],
        options,
      ),
    ).toEqual(expected);
  });

  it('should be what other libraries answer, by their semantics', () => {
    expect(of([[0, 1]], [-1], { ignoreIndex: -1 }, semanticsNamed.liger)[0]).toEqual([0]);
    const weights = Float32Array.of(2, 1);
    expect(of([[0, 0]], [0], { classWeights: weights }, semanticsNamed.jax)[0]).toEqual([
      Math.fround(2 * Math.LN2),
    ]);
    const others = of(
      [[0, 0, 0]],
      [0],
      { labelSmoothing: 0.5, reduction: 'sum' },
      semanticsNamed.megatron,
    )[1];
    expect(others).toEqual([Math.fround(1 / 3 - 0.5), ...[1, 2].map(() => Math.fround(1 / 3 - 0.25))]);
    const leftOut = { ...semanticsNamed.pytorch, zeroTimesInfinity: 'zero' } as const;
    expect(of([[MASKED, 0]], [0], { probabilities: Float32Array.of(0, 1) }, leftOut)[0]).toEqual([0]);
  });
});

describe('the verdict of a loss with options', () => {
  it('should be the same by double precision and by decimal.js, and not blame the stable kernel', () => {
    const profile = profileNamed('default');
    for (const batch of lossBatches(400, 6, { isMixed: true, maxCols: 24, maxRows: 5 })) {
      const { semantics: _, ...plain } = batch;
      for (const operation of losses) {
        const output = answerOf(stable, operation, plain);
        const found = judge(createOracle(plain), operation, output, profile);
        expect(found).toEqual(judgeExactly(createOracle(plain), operation, output, profile));
        expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
      }
    }
  });
});
