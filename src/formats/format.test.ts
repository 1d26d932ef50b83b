import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/random.ts';
import { fromBits } from '../float32/bits.ts';
import { fromOrdinal, toOrdinal } from '../float32/ordinal.ts';
import { ulp } from '../float32/ulp.ts';
import { createFormat } from './format.ts';
import { bf16, fp16 } from './index.ts';
import { packWords, unpackWords } from './words.ts';

const fp32 = createFormat({ name: 'fp32', precision: 24, minExponent: -126, maxExponent: 127, bytes: 4 });

const allWords = Uint16Array.from({ length: 2 ** 16 }, (_, word) => word);

/** IEEE 754 binary16 by its definition. */
function halfOf(word: number): number {
  const exponent = (word >> 10) & 31;
  const fraction = word & 1023;
  const sign = word >> 15 === 1 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

const doubles = (() => {
  const random = createRandom([1, 2, 3, 4]);
  const near = (x: number) => [x, x * (1 + 2 ** -52), x * (1 - 2 ** -53)];
  const anything = Array.from(
    { length: 20_000 },
    () => fromBits(random.word()) * (1 + random.unit() * 2 ** -10),
  );
  return [
    ...anything,
    ...Array.from(allWords.slice(0, 0x7c00)).flatMap((word) => near(halfOf(word) + ulpOfHalf(word) / 2)),
  ];
})();

function ulpOfHalf(word: number): number {
  return halfOf(word + 1) - halfOf(word);
}

describe('unpackWords', () => {
  it('should be the definition of binary16, of every word', () => {
    expect(Array.from(unpackWords(allWords, fp16))).toEqual(Array.from(allWords, halfOf));
  });

  it('should be the FP32 whose upper half a BF16 is, of every word', () => {
    const values = unpackWords(allWords, bf16);
    expect(Array.from(values)).toEqual(Array.from(allWords, (word) => fromBits(word * 2 ** 16)));
  });

  it.each([fp16, bf16])('should be undone by packWords: $name', (format) => {
    const values = unpackWords(allWords, format);
    const again = packWords(values, format);
    const wrong = allWords.filter((word, k) => !Number.isNaN(values[k]) && again[k] !== word);
    expect(wrong).toEqual(new Uint16Array());
    expect(packWords([Number.NaN, -0], format)).toEqual(
      Uint16Array.of(format === fp16 ? 0x7e00 : 0x7fc0, 0x8000),
    );
  });
});

describe('round', () => {
  it('should be Math.fround for FP32', () => {
    const wrong = doubles.filter((x) => !Object.is(fp32.round(x), Math.fround(x)));
    expect(wrong).toEqual([]);
    for (const x of [0, -0, Number.NaN, Number.POSITIVE_INFINITY, 1e-46, -1e-46, 7.006492321624085e-46])
      expect(fp32.round(x)).toBe(Math.fround(x));
  });

  it.each([fp16, bf16])('should give the nearest value, of two the one of even ordinal: $name', (format) => {
    let ties = 0;
    for (const x of doubles) {
      const y = format.round(x);
      if (Math.abs(x) >= format.overflow) {
        expect(y).toBe(Math.sign(x) * Number.POSITIVE_INFINITY);
        continue;
      }
      if (Number.isNaN(x)) continue;
      const k = format.toOrdinal(y);
      const [below, above] = [format.fromOrdinal(k - 1), format.fromOrdinal(k + 1)];
      const distance = Math.abs(x - y);
      const others = [below, above].filter(Number.isFinite).map((each) => Math.abs(x - each));
      if (others.some((each) => each < distance)) expect([x, y]).toBe('nearest');
      if (others.some((each) => each === distance)) {
        ties++;
        expect(k % 2).toBe(k < 0 ? -0 : 0);
      }
    }
    if (format === fp16) expect(ties).toBeGreaterThan(30_000);
  });

  it('should overflow where the next binade would be nearer', () => {
    expect(fp16.round(65519.99)).toBe(65504);
    expect(fp16.round(65520)).toBe(Number.POSITIVE_INFINITY);
    expect(bf16.round(bf16.overflow * (1 - 2 ** -53))).toBe(3.3895313892515355e38);
    expect([fp16.maxFinite, fp16.minNormal, fp16.minSubnormal]).toEqual([65504, 2 ** -14, 2 ** -24]);
    expect([bf16.maxFinite, bf16.minNormal, bf16.minSubnormal]).toEqual([
      (2 - 2 ** -7) * 2 ** 127,
      2 ** -126,
      2 ** -133,
    ]);
  });
});

describe('createFormat', () => {
  it('should have the ordinals and ULPs of float32/ where it is FP32', () => {
    const values = doubles.map(Math.fround);
    expect(values.map(fp32.toOrdinal)).toEqual(values.map(toOrdinal));
    const ordinals = values.map(toOrdinal);
    expect(ordinals.map(fp32.fromOrdinal)).toEqual(ordinals.map(fromOrdinal));
    expect(doubles.map(fp32.ulp)).toEqual(doubles.map(ulp));
  });
});
