/** Laws that the exact answers with options obey, and the derivatives that their gradients are. */
import { describe, expect, it } from 'vitest';
import { type Batch, batchOf, createBatch, rowOf } from '../src/core/batch.ts';
import { type Operation, operations } from '../src/core/operation.ts';
import type { Options } from '../src/core/options.ts';
import { createRandom } from '../src/core/random.ts';
import { toHexWords } from '../src/float32/bits.ts';
import { inputsOf, rowSpecOf } from '../src/operations/index.ts';
import { withOptions } from '../src/options/index.ts';
import { createOracle } from '../src/oracle/exact.ts';
import { cloneOf, type Decimal, decimalOf, Wide } from '../src/row/decimal.ts';
import { rowUpstream } from '../src/row/upstream.ts';
import { countComparisons } from './support/comparisons.ts';
import { decimalOfDouble } from './support/decimal-of-double.ts';
import { batchesWith, drawOptions, hasOrdinaryRows, optionSets } from './support/options.ts';

const RUNS = 60;
const { NEGATIVE_INFINITY: MASKED, NaN: NAN } = Number;
const plain = batchesWith('sink', RUNS, 4).map(({ options: _, ...batch }) => batch);
const numeric = plain.filter(({ logits }) => logits.every(Number.isFinite));

/** The words of the rounded answers, of each operation or of some; zeros without a sign. */
function words(batch: Batch, chosen: readonly Operation[] = operations): string[][] {
  const { answer } = createOracle(batch);
  return chosen.map((operation) => toHexWords(answer(operation).rounded.map((value) => value + 0)));
}

const isGradient = (operation: Operation): boolean => operation.endsWith('Grad');

describe('a scale', () => {
  it('should be exact where it is a power of two: the answers for the scaled logits, and gradients scaled', () => {
    let compared = 0;
    for (const batch of numeric) {
      const scale = 0.25;
      const logits = batch.logits.map((x) => x * scale);
      if (!logits.every((x, k) => x / scale === batch.logits[k])) continue;
      compared++;
      const [by, of] = [withOptions(batch, { scale }), { ...batch, logits }].map(oracleOf);
      for (const operation of operations) {
        const factor = isGradient(operation) ? scale : 1;
        const scaled = of.answer(operation).values.map((value) => Wide.mul(value, factor));
        const off = by.answer(operation).values.map((value, k) => Wide.sub(value, scaled[k]).abs());
        expect(off.every((each, k) => each.lte(scaled[k].abs().times('1e-20').plus('1e-80')))).toBe(true);
      }
    }
    expect(compared).toBeGreaterThan(numeric.length / 2);
  });

  it('should make all finite logits equal where it is 0, and nothing depend on them', () => {
    for (const batch of numeric) {
      const by = words(withOptions(batch, { scale: 0 }));
      const of = words({ ...batch, logits: batch.logits.map(() => 0) });
      for (const [k, operation] of operations.entries())
        expect(by[k]).toEqual(isGradient(operation) ? of[k].map(() => '00000000') : of[k]);
    }
  });

  it('should turn the order where it is below 0, and make a masked logit the largest', () => {
    const turned = { ...batchOf([[1, 2, 3]]), logits: Float32Array.of(-1, -2, -3) };
    const [softmax] = words(withOptions(batchOf([[1, 2, 3]]), { scale: -1 }));
    expect([softmax]).toEqual(words(turned, ['softmax']));
    const { rounded } = createOracle(withOptions(batchOf([[MASKED, 2]]), { scale: -1 })).answer('softmax');
    expect([...rounded]).toEqual([NAN, NAN]);
  });
});

describe('a mask', () => {
  it('should be what leaving the entries out is', () => {
    for (const [k, batch] of plain.entries()) {
      const mask = Uint8Array.from({ length: batch.cols }, (_, i) =>
        i === batch.targets[0] || (i + k) % 3 !== 0 ? 1 : 0,
      );
      const kept = Array.from(mask.keys()).filter((i) => mask[i] === 1);
      const only = (values: ArrayLike<number>): number[] => kept.map((i) => values[i]);
      for (let r = 0; r < batch.rows; r++) {
        const target = kept.includes(batch.targets[r]) ? batch.targets[r] : kept[0];
        const upstream = (batch.upstream ?? []).slice(r * batch.cols, (r + 1) * batch.cols);
        // A hidden entry has a share in logSoftmaxGrad's sum of upstream values.
        const given = Array.from(upstream, (g, i) => (mask[i] === 1 ? g : 0));
        const row = rowOf(batch, r);
        const masked = createOracle(withOptions(createBatch(1, batch.cols, row, [target], given), { mask }));
        const left = createOracle(
          createBatch(1, kept.length, only(row), [kept.indexOf(target)], only(given)),
        );
        for (const operation of operations) {
          const answer = masked.answer(operation).rounded;
          const perLogit =
            answer.length === batch.cols && operation !== 'logSumExp' && operation !== 'crossEntropy';
          expect(toHexWords(perLogit ? only(answer) : answer)).toEqual(
            toHexWords(left.answer(operation).rounded),
          );
        }
      }
    }
  });

  it('should let what it hides be anything', () => {
    for (const set of optionSets) {
      for (const batch of batchesWith(set, 10, 5)) {
        const { mask } = drawOptions(batch, ['mask'], createRandom([1, 2, 3, 4])).options ?? {};
        const isHidden = (k: number): boolean =>
          mask?.[mask.length === batch.cols ? k % batch.cols : k] === 0;
        const hide = (value: number): Batch =>
          withOptions(
            { ...batch, logits: batch.logits.map((x, k) => (isHidden(k) ? value : x)) },
            {
              ...batch.options,
              ...(mask === undefined ? {} : { mask }),
            },
          );
        const expected = words(hide(0));
        for (const value of [NAN, Number.POSITIVE_INFINITY, MASKED, 3e38])
          expect(words(hide(value))).toEqual(expected);
      }
    }
  });

  it('should be the bias of -Infinity, but in gradients at a hidden target and by upstream values', () => {
    const hidden = (options: Options): string[][] =>
      words(withOptions(batchOf([[1, 2, 3]], [1]), options), [
        'softmax',
        'logSoftmax',
        'logSumExp',
        'crossEntropy',
      ]);
    expect(hidden({ mask: Uint8Array.of(0, 1, 1) })).toEqual(hidden({ bias: Float32Array.of(MASKED, 0, 0) }));
    const gradient = (options: Options): number[] => [
      ...createOracle(withOptions(batchOf([[1, 1]], [0]), options)).answer('crossEntropyGrad').rounded,
    ];
    expect(gradient({ mask: Uint8Array.of(0, 1) })).toEqual([0, 1]);
    expect(gradient({ bias: Float32Array.of(MASKED, 0) })).toEqual([-1, 1]);
  });
});

describe('options that change nothing', () => {
  it.each<[name: string, options: (batch: Batch) => Options]>([
    ['a scale of 1', () => ({ scale: 1 })],
    ['a bias of 0', ({ cols }) => ({ bias: new Float32Array(cols) })],
    ['a mask of 1', ({ logits }) => ({ mask: new Uint8Array(logits.length).fill(1) })],
    ['a sink of -Infinity', () => ({ sink: MASKED })],
    ['sinks of -Infinity', ({ rows }) => ({ sink: new Float32Array(rows).fill(MASKED) })],
  ])('should be %s', (_, options) => {
    for (const batch of plain) expect(words(withOptions(batch, options(batch)))).toEqual(words(batch));
  });

  it('should be a softcap far above all logits, but for the last digit', () => {
    let compared = 0;
    for (const batch of numeric) {
      if (batch.logits.some((x) => Math.abs(x) > 100)) continue;
      compared++;
      const [capped, without] = [withOptions(batch, { softcap: 1e30 }), batch].map(oracleOf);
      for (const operation of operations) {
        const { values } = without.answer(operation);
        const off = capped.answer(operation).values.map((value, k) => Wide.sub(value, values[k]).abs());
        const size = Math.max(1, ...(batch.upstream ?? []).map(Math.abs)) * batch.cols;
        expect(off.every((each) => each.lte(Wide.mul(size, '1e-24')))).toBe(true);
      }
    }
    expect(compared).toBeGreaterThan(numeric.length / 3);
  });

  it('should be a bias of one number, but in logSumExp', () => {
    const invariant = operations.filter((operation) => operation !== 'logSumExp');
    for (const batch of plain) {
      const bias = new Float32Array(batch.cols).fill(0.7);
      expect(words(withOptions(batch, { bias }), invariant)).toEqual(words(batch, invariant));
    }
  });
});

describe('a sink', () => {
  it('should be one more logit, whose entries are left out', () => {
    for (const batch of plain) {
      const sink = 3.5;
      const more = Array.from({ length: batch.rows }, (_, r) => [...rowOf(batch, r), sink]);
      const g = (batch.upstream ?? []) as Float32Array;
      const upstream = more.flatMap((_, r) => [...g.slice(r * batch.cols, (r + 1) * batch.cols), 0]);
      const joined = createOracle(batchOf(more, [...batch.targets], upstream));
      const { answer } = createOracle(withOptions(batch, { sink }));
      for (const operation of operations) {
        const all = joined.answer(operation).rounded;
        const own =
          all.length === batch.rows * (batch.cols + 1)
            ? all.filter((_, k) => (k + 1) % (batch.cols + 1) !== 0)
            : all;
        expect(toHexWords(answer(operation).rounded)).toEqual(toHexWords(own));
      }
    }
  });

  it('should leave a row masked throughout a sum: exactly 0, and its lse', () => {
    const batch = withOptions(batchOf([[1, 2]]), { mask: Uint8Array.of(0, 0), sink: 0.7 });
    const { answer } = createOracle(batch);
    expect([...answer('softmax').rounded]).toEqual([0, 0]);
    expect([...answer('logSoftmax').rounded]).toEqual([MASKED, MASKED]);
    expect([...answer('logSumExp').rounded]).toEqual([Math.fround(0.7)]);
  });
});

describe('special values', () => {
  it.each<[name: string, row: number[], options: Options, softmax: number[]]>([
    [
      'an infinite logit under a cap is the cap',
      [Number.POSITIVE_INFINITY, MASKED],
      { softcap: Math.LN2 / 2 },
      [2 / 3, 1 / 3],
    ],
    ['NaN under a cap is NaN', [NAN, 1], { softcap: 1 }, [NAN, NAN]],
    ['an additive mask does not hide NaN', [NAN, 1], { bias: Float32Array.of(MASKED, 0) }, [NAN, NAN]],
    ['a mask does', [NAN, 1], { mask: Uint8Array.of(0, 1) }, [0, 1]],
    ['0 times an infinity is none', [Number.POSITIVE_INFINITY, 1], { scale: 0 }, [NAN, NAN]],
    ['nothing left has no answer', [1, 2], { mask: Uint8Array.of(0, 0) }, [NAN, NAN]],
  ])('should be as numerics has it: %s', (_, row, options, softmax) => {
    const { rounded } = createOracle(withOptions(batchOf([row]), options)).answer('softmax');
    expect([...rounded].map((p) => Math.fround(p))).toEqual(
      softmax.map((p) => (Number.isNaN(p) ? NAN : expect.closeTo(p, 6))),
    );
  });
});

const Fine = cloneOf(110);
const STEP = '1e-35';

/** The loss and the upstream sums of a row with `change` added to logit i, by decimal.js's own functions. */
function sums(batch: Batch, i: number, change: string): Readonly<Record<string, Decimal>> {
  const { scale = 1, temperature = 1, softcap, bias, mask, sink = MASKED } = batch.options ?? {};
  const z = Array.from(batch.logits, (x, j) => {
    if (mask !== undefined && mask[j] === 0) return undefined;
    const scaled = Fine.mul(Fine.add(decimalOf(x), j === i ? change : 0), decimalOf(scale));
    const y = Fine.div(scaled, decimalOf(temperature));
    const c = softcap === undefined ? undefined : decimalOf(softcap);
    const capped = c === undefined ? y : Fine.mul(c, Fine.div(y, c).tanh());
    const added = bias?.[j] ?? 0;
    return added === MASKED ? undefined : Fine.add(capped, decimalOf(added));
  });
  const weights = z.map((each) => each?.exp() ?? new Fine(0));
  const sinkWeight = new Fine(decimalOf(typeof sink === 'number' ? sink : sink[0])).exp();
  const total = weights.reduce((a, b) => a.plus(b), sinkWeight);
  const lse = total.ln();
  const g = Array.from(batch.upstream ?? [], decimalOf);
  const target = z[batch.targets[0]];
  const add = (terms: Decimal[]): Decimal => terms.reduce((a, b) => Fine.add(a, b));
  return {
    crossEntropyGrad: target === undefined ? new Fine(0) : lse.minus(target),
    softmaxGrad: add(weights.map((w, j) => w.times(g[j]).div(total))),
    // A masked entry's logarithm moves as its logit does; only the sum's part is compared there.
    logSoftmaxGrad: add(z.map((each, j) => (each ?? new Fine(0)).minus(lse).times(g[j]))),
  };
}

describe('a gradient', () => {
  it('should be the derivative, by central differences, with any options', () => {
    const compared = countComparisons();
    for (const set of optionSets) {
      for (const { targets, ...drawn } of batchesWith(set, 40, 6, { maxRows: 1, maxCols: 5 })) {
        const batch: Batch = { ...drawn, rows: 1, targets };
        const { temperature = 1, softcap = 1, bias, sink = 0 } = batch.options ?? {};
        const scale = (batch.options?.scale ?? 1) / temperature;
        const isNear = [...batch.logits].every(
          (x) => Math.abs(x * scale) < 60 && Math.abs((x * scale) / softcap) < 60,
        );
        const isAdditive = bias?.some((b) => Math.abs(b) > 60) ?? false;
        if (
          !isNear ||
          isAdditive ||
          softcap < 1e-6 ||
          !hasOrdinaryRows(batch) ||
          (typeof sink === 'number' && sink > 100)
        )
          continue;
        const oracle = createOracle(batch);
        const g = Array.from(batch.upstream ?? [], Math.abs);
        const all = g.reduce((a, b) => a + b);
        const p = oracle.answer('softmax').values;
        const isHiddenTarget = !Number.isFinite(oracle.answer('crossEntropy').rounded[0]);
        for (let i = 0; i < batch.cols; i++) {
          const [before, after] = [`-${STEP}`, STEP].map((change) => sums(batch, i, change));
          for (const operation of ['crossEntropyGrad', 'softmaxGrad', 'logSoftmaxGrad'] as const) {
            if (operation === 'crossEntropyGrad' && isHiddenTarget) continue;
            const difference = after[operation].minus(before[operation]).div(Fine.mul(STEP, 2));
            const off = Fine.sub(difference, oracle.entry(operation, i).value).abs();
            // Each term of an entry to 20 digits, but for the digits that the difference cancels.
            const own = operation === 'logSoftmaxGrad' ? g[i] : operation === 'crossEntropyGrad' ? 1 : 0;
            const terms = Fine.mul(operation === 'crossEntropyGrad' ? 1 : all, p[i]).plus(own);
            const steep = Math.max(1, Math.abs(scale));
            const within = Fine.mul(terms.times(steep), '1e-20').plus(Fine.mul((1 + all) * steep, '1e-68'));
            expect(off.lte(within), `${operation} ${i} ${JSON.stringify(batch)}`).toBe(true);
            compared.add(`${set}, ${operation}`);
          }
        }
      }
    }
    const all = optionSets.flatMap((set) =>
      ['crossEntropyGrad', 'softmaxGrad', 'logSoftmaxGrad'].map((operation) => `${set}, ${operation}`),
    );
    compared.expectOfEach(all, 15);
  });
});

describe('the references in double precision', () => {
  it('should be within their bounds with options too', () => {
    const compared = countComparisons();
    for (const set of optionSets) {
      for (const batch of batchesWith(set, 35, 7)) {
        if (!hasOrdinaryRows(batch)) continue;
        const oracle = createOracle(batch);
        for (const each of oracle.readings) {
          for (const operation of operations) {
            if (operation === 'crossEntropy') continue;
            const { approximate, most } = rowSpecOf(operation, batch);
            const { value, error } = approximate;
            for (const [r, row] of each.approximate.entries()) {
              const upstream = rowUpstream(batch, r, row);
              const inputs = inputsOf(operation, batch, r, upstream);
              for (let i = 0; i < (operation === 'logSumExp' ? 1 : batch.cols); i++) {
                const reference = value(row, i, inputs);
                const bound = error(row, i, reference, inputs);
                const k = operation === 'logSumExp' ? r : r * batch.cols + i;
                const exact = each.entry(operation, k).value;
                if (!exact.isFinite()) continue;
                expect(exact.abs().toNumber()).toBeLessThanOrEqual(most(row, i, inputs) * (1 + 2 ** -40));
                if (!Number.isFinite(reference) || Number.isNaN(bound)) continue;
                const off = Wide.sub(decimalOfDouble(reference), exact).abs().toNumber();
                expect(off <= bound, `${operation} ${i} ${off} ${bound} ${JSON.stringify(batch)}`).toBe(true);
                compared.add(`${set}, ${operation}`);
              }
            }
          }
        }
      }
    }
    const rowwise = operations.filter((operation) => operation !== 'crossEntropy');
    compared.expectOfEach(
      optionSets.flatMap((set) => rowwise.map((operation) => `${set}, ${operation}`)),
      30,
    );
  });
});

function oracleOf(batch: Batch) {
  return createOracle(batch);
}
