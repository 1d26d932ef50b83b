import { describe, expect, it } from 'vitest';
import { hardRows } from '../../properties/support/hard-rows.ts';
import { Wide, ZERO } from './decimal.ts';
import type { ExactRow } from './exact-row.ts';
import { roundWithin } from './round.ts';
import { createEvaluation, settle } from './ziv.ts';

describe('settle', () => {
  it('should refine until the rounding is certain, and no further', () => {
    const boundary = new Wide(1).plus(new Wide(2).pow(-24));
    let digits = 10;
    const settled = settle(
      () => ({ value: boundary.plus('1e-50'), error: new Wide(`1e-${digits}`) }),
      () => {
        digits *= 2;
      },
    );
    expect(settled.rounded).toBe(1 + 2 ** -23);
    expect(digits).toBe(80);
  });

  it('should not refine an exact value', () => {
    const settled = settle(
      () => ({ value: ZERO, error: ZERO }),
      () => expect.unreachable(),
    );
    expect(settled.rounded).toBe(0);
  });
});

describe('createEvaluation', () => {
  it('should evaluate once, and anew with twice the digits after a refinement', () => {
    const { current, refine } = createEvaluation(Float32Array.of(1, 0));
    const first = current();
    expect(current()).toBe(first);
    refine();
    expect(current().relativeError.div(first.relativeError).toString()).toBe('1e-28');
  });

  it('should refuse to go on for ever', () => {
    const { refine } = createEvaluation(Float32Array.of(1, 0));
    for (let digits = 28; digits < 224; digits *= 2) refine();
    expect(refine).toThrow('224 digits do not decide');
  });

  it.each(Object.entries(hardRows(5)))(
    'should need more than 28 digits, and no more than 56, for %s',
    (_, row) => {
      const { current, refine } = createEvaluation(Float32Array.from(row));
      expect(isDecided(current())).toBe(false);
      refine();
      expect(isDecided(current())).toBe(true);
    },
  );
});

/** Whether the rounding of the first class's answers, as the target, is certain. */
function isDecided({ max, logSum, logSumError, terms, othersOf, relativeError }: ExactRow): boolean {
  const decided = [
    roundWithin(max.plus(logSum), logSumError),
    roundWithin(terms[0].probability, terms[0].probability.times(relativeError)),
    roundWithin(othersOf(0), othersOf(0).times(relativeError)),
  ];
  return !decided.includes(undefined);
}
