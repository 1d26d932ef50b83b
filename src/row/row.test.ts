import { describe, expect, it } from 'vitest';
import { evaluateRow } from './exact-row.ts';
import { analyseRow, kindOf } from './row.ts';

const { NaN: NAN, NEGATIVE_INFINITY, POSITIVE_INFINITY } = Number;

describe('kindOf', () => {
  it.each([
    ['finite', [0, -1, 2]],
    ['masked', [0, NEGATIVE_INFINITY]],
    ['all-masked', [NEGATIVE_INFINITY, NEGATIVE_INFINITY]],
    ['positive-infinity', [0, POSITIVE_INFINITY, NEGATIVE_INFINITY]],
    ['nan', [POSITIVE_INFINITY, NAN, NEGATIVE_INFINITY]],
  ])('should be %s for %j', (kind, logits) => {
    expect(kindOf(Float32Array.from(logits))).toBe(kind);
  });
});

describe('analyseRow', () => {
  it('should give the row in doubles', () => {
    const analysis = analyseRow('masked', evaluateRow(Float32Array.of(1, NEGATIVE_INFINITY, 0), 28));
    expect(analysis.gaps).toEqual(Float64Array.of(0, POSITIVE_INFINITY, 1));
    expect(analysis.probabilities).toEqual(Float64Array.of(0.7310585786300049, 0, 0.2689414213699951));
    expect(analysis).toMatchObject({ kind: 'masked', max: 1, logSum: 0.3132616875182228 });
    expect(analysis.logSumExp).toBe(1.3132616875182228);
    expect(analysis.meanGap).toBe(0.2689414213699951);
  });

  it('should keep probabilities that are subnormal in FP32', () => {
    const { probabilities } = analyseRow('finite', evaluateRow(Float32Array.of(0, -100), 28));
    expect(probabilities[1]).toBe(3.720075976020836e-44);
  });

  it('should keep the small difference of a logsumexp near 0', () => {
    const minusLn2 = Math.fround(-Math.LN2);
    const { logSumExp } = analyseRow('finite', evaluateRow(Float32Array.of(minusLn2, minusLn2), 28));
    expect(logSumExp).toBe(-1.904654299957768e-9);
  });

  it('should leave the fields of special rows empty', () => {
    expect(analyseRow('nan', undefined)).toEqual({
      kind: 'nan',
      view: null,
      max: NAN,
      gaps: new Float64Array(),
      probabilities: new Float64Array(),
      logSum: NAN,
      logSumExp: NAN,
      meanGap: NAN,
    });
  });
});
