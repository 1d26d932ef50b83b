import { describe, expect, it } from 'vitest';
import { UserError } from '../text/errors.ts';
import { binOf } from './histogram.ts';
import { type DeclaredKnown, declarationOf, knownness, knownOf } from './known.ts';

const declared: readonly DeclaredKnown[] = [
  'softmax/nan/*',
  'softmax/inaccurate/* <= 0.000001',
  { bucket: 'crossEntropy/inaccurate/ordinary', weight: 1e-7 },
  { bucket: 'crossEntropyGrad/inaccurate/ordinary', weight: 1e-3, occurrences: 20 },
];

describe('knownOf', () => {
  it.each(declared.map((each) => [each]))('should be undone by declarationOf: %j', (each) => {
    expect(knownOf(declarationOf(knownOf(each)))).toEqual(knownOf(each));
  });

  it.each([
    'softmax/nan/x <=',
    'softmax/nan/x <= much',
    'softmax/nan/x <= 0',
    'softmax/nan/x <= -1',
    'a <= 1 <= 2',
  ])('should refuse a bound that is none: %s', (text) => {
    expect(() => knownOf(text)).toThrow(UserError);
    expect(() => knownOf(text)).toThrow(/has no bound behind '<='/);
  });
});

describe('knownness', () => {
  const known = declared.map(knownOf);
  it.each([
    ['softmax/nan/exp-overflow', Number.POSITIVE_INFINITY, true, null],
    ['softmax/inaccurate/ordinary', 1e-6, true, null],
    ['softmax/inaccurate/ordinary', 1.01e-6, false, 1e-6],
    ['crossEntropy/inaccurate/ordinary', 2e-7, true, null],
    ['crossEntropy/inaccurate/ordinary', 2.01e-7, false, 1e-7],
    ['crossEntropy/inaccurate/ordinary', Number.POSITIVE_INFINITY, false, 1e-7],
    ['crossEntropy/zeroed/ordinary', 1e-30, false, null],
  ])('should say of %s, as heavy as %d: known %s, exceeding %s', (bucket, weight, isKnown, exceeds) => {
    expect(knownness(known, bucket, weight, new Map())).toEqual({ known: isKnown, exceeds });
  });
});

describe('knownness, of a weight that was measured', () => {
  const known = [knownOf({ bucket: 'softmax/inaccurate/ordinary', weight: 0.001, occurrences: 20 })];
  const of = (heavier: number, count: number) => {
    const weights = new Map([
      [binOf(0.001), count - heavier],
      [binOf(0.1), heavier],
    ]);
    return knownness(known, 'softmax/inaccurate/ordinary', 0.1, weights).known;
  };

  it('should take for chance what chance explains: of 20 and 20 the three heaviest of one side, 11 percent', () => {
    expect(of(1, 20)).toBe(true);
    expect(of(3, 20)).toBe(true);
  });

  it('should not where it is less likely than one of a thousand', () => {
    // 20/40 19/39 ... is 6.1e-4 with the ninth, and 1.6e-3 with the eighth.
    expect(of(8, 20)).toBe(true);
    expect(of(9, 20)).toBe(false);
    expect(of(20, 20)).toBe(false);
    expect(of(400, 1000)).toBe(false);
  });
});

describe('a pattern that no bucket matches', () => {
  it.each([
    ['softmax/nan', "the known bucket 'softmax/nan' has no trigger, and matches nothing"],
    ['softmax/nan <= 1e-6', "the known bucket 'softmax/nan' has no trigger, and matches nothing"],
    ['softmx/nan/*', "there is no operation 'softmx'"],
    ['softmax/nans/*', "there is no kind 'nans'"],
  ])('should be refused: %s', (pattern, message) => {
    expect(() => knownOf(pattern)).toThrow(message);
    if (!pattern.includes('<')) expect(() => knownOf({ bucket: pattern, weight: 1 })).toThrow(message);
  });

  it.each([
    '*',
    'softmax/*',
    '*/nan/*',
    'softmax/threw',
    'softmax/nondeterministic',
    'softmax/nan/exp-overflow',
    'softmax/*/masked',
  ])('should not be: %s', (pattern) => {
    expect(knownOf(pattern)).toMatchObject({ bucket: pattern });
  });
});
