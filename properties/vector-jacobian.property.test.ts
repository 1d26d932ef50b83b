/** The laws of softmaxGrad and logSoftmaxGrad, the vector-Jacobian products. */
import { assert, type IPropertyWithHooks, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batches } from '../src/arbitraries/batches.ts';
import { type Batch, batchOf, createBatch, upstreamOf } from '../src/core/batch.ts';
import { toHexWords } from '../src/float32/bits.ts';
import { estimate, judge, judgeExactly } from '../src/judge/judge.ts';
import { createOracle } from '../src/oracle/exact.ts';
import { cloneOf, type Decimal, decimalOf, Wide } from '../src/row/decimal.ts';
import { defaultProfile } from '../src/row/profiles.ts';

const Fine = cloneOf(320);
const drawn = batches({ maxRows: 2, maxCols: 8, upstream: true });
const { POSITIVE_INFINITY, NaN: NAN } = Number;

function holds<T>(law: IPropertyWithHooks<T>): void {
  assert(law, { numRuns: 60, seed: 20240601 });
}

function words(batch: Batch, operation: 'softmaxGrad' | 'logSoftmaxGrad' | 'crossEntropyGrad'): string[] {
  return toHexWords(
    createOracle(batch)
      .answer(operation)
      .rounded.map((value) => value + 0),
  );
}

function withUpstream({ rows, cols, logits, targets }: Batch, upstream: ArrayLike<number>): Batch {
  return createBatch(rows, cols, logits, targets, upstream);
}

/** The sums of g_j p_j and of g_j (ln p_j + m) with `change` added to logit i of a single row. */
function sums(batch: Batch, i: number, change: Decimal): { softmaxGrad: Decimal; logSoftmaxGrad: Decimal } {
  const top = Fine.max(...Array.from(batch.logits, decimalOf));
  const gaps = Array.from(batch.logits, (x, j) => Fine.sub(top, decimalOf(x)).minus(j === i ? change : 0));
  const exps = gaps.map((gap) => gap.neg().exp());
  const total = exps.reduce((a, b) => a.plus(b));
  const log = total.ln();
  const g = Array.from(batch.upstream ?? [], decimalOf);
  const add = (terms: Decimal[]): Decimal => terms.reduce((a, b) => Fine.add(a, b));
  return {
    softmaxGrad: add(exps.map((e, j) => Fine.mul(e, g[j]).div(total))),
    logSoftmaxGrad: add(gaps.map((gap, j) => Fine.mul(gap.plus(log).neg(), g[j]))),
  };
}

describe('a vector-Jacobian product', () => {
  it('should be the derivative of the sum that it is of, by central differences', () => {
    const step = new Fine('1e-30');
    const isClose = (batch: Batch): boolean => batch.logits.every((x) => Math.abs(x) < 100);
    let compared = 0;
    holds(
      property(batches({ rows: 1, maxCols: 5, upstream: true }), (batch) => {
        if (!isClose(batch)) return;
        const oracle = createOracle(batch);
        const g = Array.from(batch.upstream ?? [], Math.abs);
        for (let i = 0; i < batch.cols; i++) {
          const [before, after] = [step.neg(), step].map((change) => sums(batch, i, change));
          for (const operation of ['softmaxGrad', 'logSoftmaxGrad'] as const) {
            const difference = after[operation].minus(before[operation]).div(step.times(2));
            const off = Fine.sub(difference, oracle.entry(operation, i).value).abs();
            const size = g.reduce((a, b) => a + b);
            const terms = Fine.mul(size, oracle.entry('softmax', i).value).plus(
              operation === 'softmaxGrad' ? 0 : g[i],
            );
            expect(off.lte(terms.times('1e-20'))).toBe(true);
            compared++;
          }
        }
      }),
    );
    expect(compared).toBeGreaterThan(150);
  });

  it('should be the gradient of the loss, where minus the mean at the targets is passed to log-softmax', () => {
    holds(
      property(batches({ rows: 2, maxCols: 8 }), (batch) => {
        const upstream = batch.logits.map((_, k) =>
          k % batch.cols === batch.targets[Math.floor(k / batch.cols)] ? -1 / 2 : 0,
        );
        expect(words(withUpstream(batch, upstream), 'logSoftmaxGrad')).toEqual(
          words(batch, 'crossEntropyGrad'),
        );
      }),
    );
  });

  it('should add up to 0 along a row', () => {
    let rows = 0;
    holds(
      property(drawn, (batch) => {
        const { values } = createOracle(batch).answer('softmaxGrad');
        const size = upstreamOf(batch).reduce((a, b) => a + Math.abs(b), 0);
        for (let row = 0; row < batch.rows; row++) {
          const entries = values.slice(row * batch.cols, (row + 1) * batch.cols);
          if (!entries.every((value) => value.isFinite())) continue;
          const total = entries.reduce((a, b) => Wide.add(a, b));
          expect(total.abs().lte(Wide.mul(decimalOf(Math.fround(size)), '1e-20'))).toBe(true);
          rows++;
        }
      }),
    );
    expect(rows).toBeGreaterThan(60);
  });

  it('should turn with its upstream values, and double with them', () => {
    let normal = 0;
    holds(
      property(drawn, (batch) => {
        const turned = withUpstream(
          batch,
          Array.from(batch.upstream ?? [], (g) => -g),
        );
        const doubled = withUpstream(
          batch,
          Array.from(batch.upstream ?? [], (g) => 2 * g),
        );
        for (const operation of ['softmaxGrad', 'logSoftmaxGrad'] as const) {
          const [a, b, c] = [batch, turned, doubled].map(
            (each) => createOracle(each).answer(operation).rounded,
          );
          expect(toHexWords(b.map((value) => -value + 0))).toEqual(toHexWords(a.map((value) => value + 0)));
          for (const [k, value] of a.entries()) {
            if (!(Math.abs(value) >= 2 ** -126 && Math.abs(value) < 2 ** 127)) continue;
            expect(c[k]).toBe(2 * value);
            normal++;
          }
        }
      }),
    );
    expect(normal).toBeGreaterThan(100);
  });

  it('should pass nothing on where softmax is given equal values', () => {
    let zeros = 0;
    holds(
      property(drawn, (batch) => {
        const { rounded } = createOracle(
          withUpstream(
            batch,
            batch.logits.map(() => 3.5),
          ),
        ).answer('softmaxGrad');
        expect(rounded.every((value) => value === 0 || Number.isNaN(value))).toBe(true);
        zeros += rounded.filter((value) => value === 0).length;
      }),
    );
    expect(zeros).toBeGreaterThan(200);
  });
});

describe('an overflow on the way to a vector-Jacobian product', () => {
  const MAX = 3.4028234663852886e38;
  const verdictOf = (batch: Batch, operation: 'softmaxGrad' | 'logSoftmaxGrad', output: number[]) => {
    const oracle = createOracle(batch);
    const answer = Float32Array.from(output);
    const found = [judge, judgeExactly, estimate].map((by) =>
      by(oracle, operation, answer, defaultProfile).map(({ kind, severity }) => `${kind}/${severity}`),
    );
    expect(found[0]).toEqual(found[1]);
    expect(found[0]).toEqual(found[2]);
    return found[0];
  };

  it('should be nobody to blame for where the definition names the number', () => {
    const sum = batchOf([[0, -90]], [0], [MAX, MAX]);
    expect(verdictOf(sum, 'logSoftmaxGrad', [-POSITIVE_INFINITY, -POSITIVE_INFINITY])).toEqual([]);
    const masked = batchOf([[0, Number.NEGATIVE_INFINITY]], [0], [MAX, -MAX]);
    expect(verdictOf(masked, 'softmaxGrad', [0, NAN])).toEqual([]);
  });

  it('should be a warning where only some order of adding overflows', () => {
    const batch = batchOf([[0, 0, 0]], [0], [MAX, MAX, -MAX]);
    expect(verdictOf(batch, 'logSoftmaxGrad', [NAN, NAN, NAN])).toEqual(['nan/warning']);
    expect(verdictOf(batch, 'softmaxGrad', [POSITIVE_INFINITY, 1, 1]).sort()).toContain('infinite/warning');
  });

  it('should be an error where nothing can overflow', () => {
    const batch = batchOf([[0, 0]], [0], [2 ** 100, -(2 ** 100)]);
    expect(verdictOf(batch, 'softmaxGrad', [NAN, -(2 ** 99)])).toEqual(['nan/error']);
    expect(verdictOf(batch, 'logSoftmaxGrad', [POSITIVE_INFINITY, -(2 ** 100)])).toEqual(['infinite/error']);
  });
});
