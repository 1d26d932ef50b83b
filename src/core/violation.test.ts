import { describe, expect, it } from 'vitest';
import { noSize } from './error-size.ts';
import { bucketOf, kinds, matchesBucket, propertyOf, type Violation } from './violation.ts';

const violation: Violation = {
  operation: 'softmax',
  kind: 'nan',
  severity: 'error',
  trigger: 'exp-overflow',
  index: 3,
  row: 1,
  ...noSize,
  detail: null,
};

describe('bucketOf', () => {
  it('should name operation, kind and trigger, and a warning as such', () => {
    expect(bucketOf(violation)).toBe('softmax/nan/exp-overflow');
    expect(bucketOf({ ...violation, severity: 'warning' })).toBe('softmax/nan/exp-overflow/warning');
    expect(bucketOf({ ...violation, kind: 'threw', trigger: null, detail: 'Error: x' })).toBe(
      'softmax/threw',
    );
  });

  it('should not depend on where or how large the error is', () => {
    expect(bucketOf({ ...violation, index: 0, row: 0, errorUlp: 1, budgetUse: 2 })).toBe(bucketOf(violation));
  });
});

describe('matchesBucket', () => {
  it.each([
    ['softmax/nan/exp-overflow', 'softmax/nan/exp-overflow', true],
    ['softmax/nan/exp-overflow', 'softmax/nan/exp-overflow/warning', false],
    ['softmax/nan/exp-overflow', 'softmax/nan', false],
    ['softmax/nan/*', 'softmax/nan/exp-overflow', true],
    ['softmax/nan/*', 'softmax/nan/exp-overflow/warning', true],
    ['softmax/nan/*', 'softmax/nan', false],
    ['softmax/*', 'softmax/threw', true],
    ['*/nan/exp-overflow', 'softmax/nan/exp-overflow', true],
    ['softmax/inaccurate/*/warning', 'softmax/inaccurate/ordinary/warning', true],
    ['softmax/inaccurate/*/warning', 'softmax/inaccurate/ordinary', false],
    ['soft*', 'softmax', false],
    ['*', 'softmax/threw', true],
  ])('should say of %s and %s: %s', (pattern, bucket, matches) => {
    expect(matchesBucket(pattern, bucket)).toBe(matches);
  });
});

describe('propertyOf', () => {
  it('should name the law that a kind breaks', () => {
    const laws = kinds.map((kind) => propertyOf(kind));
    expect(new Set(laws)).toEqual(
      new Set(['finite', 'accuracy', 'range', 'special-values', 'invariance', 'contract', 'repeatable']),
    );
    expect([propertyOf('infinite'), propertyOf('zeroed'), propertyOf('threw')]).toEqual([
      'finite',
      'accuracy',
      'contract',
    ]);
    expect(propertyOf('mutated-input', 'view')).toBe('view');
  });
});
