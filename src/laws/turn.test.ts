import { describe, expect, it } from 'vitest';
import { laws } from '../core/law.ts';
import { createTarget } from '../targets/create.ts';
import { isRepeatedAt, lawsAt } from './turn.ts';

const target = createTarget('test', {}, { batchInvariant: true, layouts: ['inner'] });

describe('lawsAt', () => {
  it('should ask all laws at the given cases', () => {
    expect(lawsAt(-1, target)).toEqual(laws);
    expect(lawsAt(-7, { ...target, laws: ['view'] })).toEqual(['view']);
  });

  it('should ask one law of one case in sixteen, each as often, and that of layouts of one in eight more', () => {
    const asked = Array.from({ length: 9600 }, (_, number) => lawsAt(number, target));
    expect(asked.every((each) => each.length < 2)).toBe(true);
    for (const law of laws) {
      const often = law === 'layout' ? 1200 : 100;
      expect(Math.abs(asked.filter(([each]) => each === law).length - often)).toBeLessThan(4);
    }
  });

  it('should ask each law at each place of the periods in which shapes are drawn', () => {
    for (const period of [8, 16, 128]) {
      const places = new Set<string>();
      for (let number = 0; number < 300 * period; number++)
        for (const law of lawsAt(number, target)) places.add(`${law} ${number % period}`);
      expect(places.size).toBe(laws.length * period);
    }
  });

  it('should leave out the turn of a law that the target is not held to', () => {
    const numbers = Array.from({ length: 960 }, (_, number) => number);
    expect(numbers.flatMap((number) => lawsAt(number, createTarget('test', {}, { views: false })))).toEqual(
      numbers
        .flatMap((number) => lawsAt(number, target))
        .filter((law) => !['view', 'batch-invariant', 'layout'].includes(law)),
    );
  });
});

describe('isRepeatedAt', () => {
  const numbers = Array.from({ length: 9600 }, (_, number) => number);

  it('should be so of one case in eight, of as many of those that a law is asked at, and at each place of the periods of shapes', () => {
    const repeated = numbers.filter((number) => isRepeatedAt(number, target));
    expect(Math.abs(repeated.length - 1200)).toBeLessThan(4);
    const withLaw = repeated.filter((number) => lawsAt(number, target).length > 0).length;
    expect(Math.abs(withLaw - 1200 * (1 / 16 + 1 / 8))).toBeLessThan(15);
    for (const period of [8, 16, 128])
      expect(new Set(repeated.map((number) => number % period)).size).toBe(period);
  });

  it('should be so of none where the target is not repeatable', () => {
    const chancy = createTarget('test', {}, { repeatable: false });
    expect(numbers.some((number) => isRepeatedAt(number, chancy))).toBe(false);
  });
});
