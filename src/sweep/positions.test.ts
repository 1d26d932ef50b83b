import { describe, expect, it } from 'vitest';
import { toHex } from '../float32/bits.ts';
import { EXP_OVERFLOW, EXP_UNDERFLOW, MAX_FINITE, MIN_SUBNORMAL } from '../float32/constants.ts';
import { nextDown, nextUp } from '../float32/ordinal.ts';
import { POSITIONS, positionOf, thresholdPositions, valueAt, wordAt } from './positions.ts';

describe('valueAt', () => {
  it('should go through the finite words in the order of their values, -0 before +0', () => {
    const middle = POSITIONS / 2;
    expect(POSITIONS).toBe(4_278_190_080);
    expect([valueAt(0), valueAt(POSITIONS - 1)]).toEqual([-MAX_FINITE, MAX_FINITE]);
    expect([-2, -1, 0, 1].map((offset) => valueAt(middle + offset))).toEqual([
      -MIN_SUBNORMAL,
      -0,
      0,
      MIN_SUBNORMAL,
    ]);
    expect(valueAt(positionOf(1) + 1)).toBe(nextUp(1));
    expect(valueAt(positionOf(-1) + 1)).toBe(nextUp(-1));
  });
});

describe('positionOf', () => {
  it('should be the inverse', () => {
    for (const position of [0, 12_345, POSITIONS / 2 - 1, POSITIONS / 2, 3_000_000_000, POSITIONS - 1]) {
      expect(positionOf(valueAt(position))).toBe(position);
      expect(toHex(valueAt(position))).toBe(wordAt(position).toString(16).padStart(8, '0'));
    }
  });
});

describe('thresholdPositions', () => {
  it('should have the ends, both zeros and the thresholds of exp, of either sign, with their neighbors', () => {
    expect(thresholdPositions).toEqual([...thresholdPositions].sort((a, b) => a - b));
    for (const x of [0, EXP_OVERFLOW, EXP_UNDERFLOW, MAX_FINITE].flatMap((x) => [x, -x])) {
      for (const near of [nextDown(x), x, nextUp(x)].filter(Number.isFinite))
        expect(thresholdPositions).toContain(positionOf(near));
    }
  });
});
