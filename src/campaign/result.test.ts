import { describe, expect, it } from 'vitest';
import { findingOf } from '../../properties/support/findings.ts';
import { batchOf } from '../core/batch.ts';
import { noSize } from '../core/error-size.ts';
import { type DeclaredKnown, knownOf } from '../core/known.ts';
import { emptyTally } from './explore/tally.ts';
import { resultOf } from './result.ts';

const target = {
  name: 'mine',
  specifier: './mine.mjs',
  profile: 'default',
  known: ['softmax/nan/*', 'softmax/threw', 'logSumExp/threw'].map(knownOf),
};

describe('resultOf', () => {
  it('should tell held, known, warnings and falsified, and name what is known and was not found', () => {
    const of = (...findings: Parameters<typeof resultOf>[3]) =>
      resultOf(target, ['softmax'], { ...emptyTally, cases: 3, elements: 9 }, findings);
    expect(of()).toMatchObject({
      verdict: 'held',
      notFound: ['softmax/nan/*', 'softmax/threw'],
      cases: 3,
      elements: 9,
    });
    expect(of(findingOf({ known: true }))).toMatchObject({ verdict: 'known', notFound: ['softmax/threw'] });
    const warning = findingOf({
      severity: 'warning',
      bucket: 'softmax/inaccurate/masked/warning',
      kind: 'inaccurate',
    });
    expect(of(findingOf({ known: true }), warning).verdict).toBe('warnings');
    expect(of(findingOf({ known: true }), findingOf({ bucket: 'softmax/infinite/masked' })).verdict).toBe(
      'falsified',
    );
  });

  it('should take a heavier error that shrinking came upon for the worst', () => {
    const size = { absoluteError: 0.2, relativeError: 0.2, errorUlp: 5, budgetUse: 2, weight: 0.2 };
    const worst = { batch: batchOf([[1, 2]]), ...size };
    const worstOf = (weight: number) =>
      resultOf(target, ['softmax'], emptyTally, [findingOf({ ...size, weight, worst })]).findings[0].worst;
    expect(worstOf(0.1)).toBe(worst);
    expect(worstOf(0.3)).toEqual({ batch: batchOf([[89]]), ...size, weight: 0.3 });
  });

  it('should call a known bucket new where its errors are heavier than those that are known', () => {
    const bucket = 'crossEntropy/inaccurate/ordinary';
    const judged = (declared: DeclaredKnown, weight: number) => {
      const worst = { batch: batchOf([[1]]), ...noSize, weight };
      const known = [knownOf(declared)];
      const { verdict, findings } = resultOf({ ...target, known }, ['crossEntropy'], emptyTally, [
        findingOf({ bucket, weight, worst }),
      ]);
      return [verdict, findings[0].exceeds];
    };
    expect(judged(bucket, 0.7)).toEqual(['known', null]);
    expect(judged({ bucket, weight: 1e-7 }, 2e-7)).toEqual(['known', null]);
    expect(judged({ bucket, weight: 1e-7 }, 2.1e-7)).toEqual(['falsified', 1e-7]);
    expect(judged(`${bucket} <= 1e-7`, 1.1e-7)).toEqual(['falsified', 1e-7]);
    expect(judged({ bucket, weight: 1e-7 }, 0.7)).toEqual(['falsified', 1e-7]);
  });
});
