import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHexWords } from '../float32/bits.ts';
import { UserError } from '../text/errors.ts';
import { fromWords, toWords } from './words.ts';

/** Runs of equal values, short and long. */
const runs = fc.array(
  fc.record({
    value: fc.oneof(fc.float(), fc.constantFrom(0, -0, Number.NaN, Number.NEGATIVE_INFINITY)),
    count: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 900 })),
  }),
  { maxLength: 12 },
);

describe('toWords and fromWords', () => {
  it('should bring every value there and back, bit for bit', () => {
    fc.assert(
      fc.property(runs, (parts) => {
        const values = Float32Array.from(parts.flatMap(({ value, count }) => new Array(count).fill(value)));
        expect(toHexWords(fromWords(toWords(values)))).toEqual(toHexWords(values));
      }),
      { seed: 1 },
    );
  });

  it('should write each value of a short array, and runs of a long one', () => {
    expect(toWords(new Float32Array(1024))).toEqual(new Array(1024).fill('00000000'));
    expect(toWords(new Float32Array(1025).with(1000, -0))).toEqual([
      '00000000*1000',
      '80000000',
      '00000000*24',
    ]);
  });

  it('should read no more than there is memory for', () => {
    expect(() => fromWords(['00000000*999999999'])).toThrow(UserError);
  });
});
