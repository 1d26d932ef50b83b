import { describe, expect, it } from 'vitest';
import { cellBands, gapBands, gapsOfExponent, lengthBands, octavesOf } from './bands.ts';

const band = { numbers: 1, wrong: 0, worstUlp: 1, allowedUlp: 2, worstUse: 0.5 };
const endsOf = ({ from, to }: { from: number; to: number }) => [from, to];

describe('bands with their ends', () => {
  it('should be in order', () => {
    const bands = new Map([57, 0, 1, 56].map((k) => [k, band]));
    expect(gapBands(bands).map(endsOf)).toEqual([
      [0, 0],
      [0, 2],
      [110, 112],
      [112, Number.POSITIVE_INFINITY],
    ]);
    expect(lengthBands(new Map([0, 1, 10].map((k) => [k, band]))).map(endsOf)).toEqual([
      [1, 1],
      [2, 3],
      [1024, 2047],
    ]);
  });

  it('should have every exponent of gaps once', () => {
    const all = Array.from({ length: 29 }, (_, k) => gapsOfExponent(k));
    expect(all[0]).toEqual({ from: 0, to: 0 });
    expect(all.slice(1).map(({ from }) => from)).toEqual([0, ...all.slice(1, -1).map(({ to }) => to)]);
    expect(all[28]).toEqual({ from: 128, to: Number.POSITIVE_INFINITY });
    expect(cellBands(new Map([[29 + 2, band]]))[0]).toMatchObject({
      exponent: 2,
      octave: 1,
      length: { from: 2, to: 3 },
    });
  });
});

describe('octavesOf', () => {
  it('should add up bins, without gaps, and what is smallest', () => {
    const ulps = new Map([
      [-4300, 3],
      [-13, 4],
      [-12, 1],
      [-9, 2],
      [-8, 5],
      [3, 7],
    ]);
    expect(octavesOf(ulps)).toEqual([
      { from: 0, to: 1 / 8, numbers: 7 },
      { from: 1 / 8, to: 1 / 4, numbers: 3 },
      { from: 1 / 4, to: 1 / 2, numbers: 5 },
      { from: 1 / 2, to: 1, numbers: 0 },
      { from: 1, to: 2, numbers: 7 },
    ]);
    expect(octavesOf(new Map())).toEqual([]);
  });
});
