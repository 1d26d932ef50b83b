import { describe, expect, it } from 'vitest';
import { bf16, fp16, fp32 } from './index.ts';
import { packWords, roundToWords, unpackWords } from './words.ts';

const all = Uint16Array.from({ length: 2 ** 16 }, (_, word) => word);

const next = (x: number): number => fp32.fromOrdinal(fp32.toOrdinal(x) + 1);

describe.each([fp16, bf16])('words of $name', (format) => {
  const numbers = unpackWords(all, format);

  it('should be numbers by their ordinals and signs', () => {
    for (const [word, number] of numbers.entries()) {
      const magnitude = format.fromOrdinal(word % 2 ** 15);
      expect(Object.is(number, word < 2 ** 15 ? magnitude : -magnitude)).toBe(true);
    }
  });

  it('should come back from their numbers, but for NaN, of which one is written', () => {
    const nan = packWords([Number.NaN], format)[0];
    const expected = all.map((word) => (Number.isNaN(numbers[word]) ? nan : word));
    expect(packWords(numbers, format)).toEqual(expected);
    expect(unpackWords(Uint16Array.of(nan), format)).toEqual(Float32Array.of(Number.NaN));
  });

  it('should be those of the nearest numbers, ties to even', () => {
    const { precision, maxFinite, overflow, minSubnormal } = format;
    const step = 2 ** (1 - precision);
    const values = [
      1 + step / 2,
      1 + 1.5 * step,
      1 + 0.6 * step,
      -minSubnormal / 2,
      -minSubnormal * 0.6,
      overflow,
      -overflow,
      Number.NaN,
    ];
    const below = overflow * (1 - 2 ** -24);
    const nearest = [1, 1 + 2 * step, 1 + step, -0, -minSubnormal, Infinity, -Infinity, Number.NaN];
    expect(roundToWords([...values, below], format)).toEqual(packWords([...nearest, maxFinite], format));
  });

  it('should be those of the nearest numbers, at and beside each number and each half between two', () => {
    const positive = numbers.subarray(0, 2 ** 15);
    const halves = positive.map((number, word) => (number + numbers[word + 1]) / 2);
    const values = [positive, halves].flatMap((each) => [each, each.map(next), each.map((x) => -x)]);
    for (const each of values) {
      const isSame = roundToWords(each, format).every(
        (word, k) => word === packWords([format.round(each[k])], format)[0],
      );
      expect(isSame).toBe(true);
    }
  });

  it('should be those of the nearest numbers of doubles, that are rounded once', () => {
    const step = 2 ** (1 - format.precision);
    const value = 1 + step / 2 + 2 ** -40; // In FP32 it is halfway.
    expect(roundToWords([value, Math.fround(value)], format)).toEqual(packWords([1 + step, 1], format));
  });

  it.each([1 + 2 ** -20, format.maxFinite * (1 + 2 ** -12), 2 ** -140 + 2 ** -149])(
    'should refuse %f, which is no number of it',
    (value) => {
      expect(() => packWords([value], format)).toThrow(RangeError);
    },
  );
});
