import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fromBits,
  fromHex,
  fromHexWords,
  isHex,
  NAN_BITS,
  sameBits,
  toBits,
  toHex,
  toHexWords,
} from './bits.ts';

/** One word of every class of bit pattern, either sign, and those beside the borders of the classes. */
const words = [
  '00000000',
  '00000001',
  '007fffff',
  '00800000',
  '3f800000',
  '42b20000',
  '7f7fffff',
  '7f800000',
].flatMap((word) => [word, (Number.parseInt(word, 16) + 0x80000000).toString(16)]);

describe('toHex and fromHex', () => {
  it.each(words)('should be inverse at %s', (word) => {
    expect(toHex(fromHex(word))).toBe(word);
  });

  it('should be inverse at every word that is not a NaN, and give one word to every NaN', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (bits) => {
        const nan = (bits & 0x7fffffff) > 0x7f800000;
        expect(toBits(fromBits(bits))).toBe(nan ? NAN_BITS : bits);
        expect(toHex(fromBits(bits))).toBe((nan ? NAN_BITS : bits).toString(16).padStart(8, '0'));
      }),
      { seed: 1, numRuns: 2000, examples: [[0x7f800001], [0x7fc00000], [0x7fffffff], [0xffc00000]] },
    );
  });

  it('should name the values that people know', () => {
    expect(toHexWords([89, -104, -0, Number.NaN, Number.NEGATIVE_INFINITY, 0.1])).toEqual([
      '42b20000',
      'c2d00000',
      '80000000',
      '7fc00000',
      'ff800000',
      '3dcccccd',
    ]);
  });

  it('should read either case', () => {
    expect(fromHexWords(['42B20000', 'c2d00000'])).toEqual(Float32Array.of(89, -104));
  });

  it.each(['', '42b2000', '42b200000', '0x42b2000', '42b2000g', ' 42b2000', '42b20000\n'])(
    "should refuse '%s'",
    (text) => {
      expect(isHex(text)).toBe(false);
      expect(() => fromHex(text)).toThrow(`'${text}' is not an FP32 word: expected 8 hex digits`);
    },
  );
});

describe('sameBits', () => {
  it('should tell the zeros apart and no NaN from another', () => {
    expect(sameBits(0, -0)).toBe(false);
    expect(sameBits(Number.NaN, fromBits(0xffc12345))).toBe(true);
    expect(sameBits(Number.NaN, 0)).toBe(false);
  });
});
