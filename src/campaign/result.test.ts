import { describe, expect, it } from 'vitest';
import { findingOf } from '../../properties/support/findings.ts';
import { batchOf } from '../core/batch.ts';
import { resultOf } from './result.ts';
import { emptyTally } from './tally.ts';

const target = {
  name: 'mine',
  specifier: './mine.mjs',
  profile: 'default',
  known: ['softmax/nan/*', 'softmax/threw', 'logSumExp/threw'],
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

  it('should take a larger error that shrinking came upon for the worst', () => {
    const worst = { batch: batchOf([[1, 2]]), errorUlp: 5, budgetUse: 2 };
    const worstOf = (budgetUse: number) =>
      resultOf(target, ['softmax'], emptyTally, [findingOf({ errorUlp: 7, budgetUse, worst })]).findings[0]
        .worst;
    expect(worstOf(1.5)).toBe(worst);
    expect(worstOf(3)).toEqual({ batch: batchOf([[89]]), errorUlp: 7, budgetUse: 3 });
  });
});
