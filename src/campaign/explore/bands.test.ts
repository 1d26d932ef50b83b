import { describe, expect, it } from 'vitest';
import { batchOf } from '../../core/batch.ts';
import { createOracle } from '../../oracle/exact.ts';
import {
  addPlaces,
  createPlaceCounter,
  gapBand,
  lengthBand,
  noPlaces,
  type Places,
  partsOfCell,
} from './bands.ts';

/** The places of a softmax of `logits` in which number `k` is off by `ulps`, of which `use` of the budget. */
function placesOf(logits: number[][], k: number, ulps: number, use: number): Places {
  const counter = createPlaceCounter('softmax', createOracle(batchOf(logits)));
  counter.count(k, ulps, use);
  return counter.places();
}

describe('gapBand', () => {
  it('should have a band of no gap, ends that are included, and one of all beyond', () => {
    expect([0, 2 ** -149, 2, 2 ** -40 + 2, 112, 112.5, Number.POSITIVE_INFINITY].map(gapBand)).toEqual([
      0, 1, 1, 2, 56, 57, 57,
    ]);
  });
});

describe('lengthBand', () => {
  it('should be the exponent', () => {
    expect([1, 2, 3, 4, 1023, 1024, 131072].map(lengthBand)).toEqual([0, 1, 1, 2, 9, 10, 17]);
  });
});

describe('createPlaceCounter', () => {
  it('should count a number by its gap, by its row and by both', () => {
    const oracle = createOracle(
      batchOf([
        [0, 0, 0],
        [0, 20, 0.5],
      ]),
    );
    const counter = createPlaceCounter('softmax', oracle);
    counter.count(5, 3, 0.5);
    const band = { numbers: 1, wrong: 0, worstUlp: 3, allowedUlp: 6, worstUse: 0.5 };
    expect(counter.places()).toEqual({ gaps: new Map([[10, band]]), lengths: new Map([[1, band]]) });
    expect([...counter.coverage()].map(([cell, each]) => [partsOfCell(cell), each])).toEqual([
      [{ exponent: 25, length: 1 }, band], // 2^4 <= 19.5
    ]);
  });

  it('should have equal logits at no gap, and masked ones beyond all', () => {
    const masked = [[0, Number.NEGATIVE_INFINITY]];
    expect([...placesOf(masked, 0, 0, 0).gaps.keys()]).toEqual([0]);
    expect([...placesOf(masked, 1, 0, 0).gaps.keys()]).toEqual([57]);
  });

  it('should take the widest finite gap where an answer is of a row, or of all', () => {
    const oracle = createOracle(
      batchOf(
        [
          [0, 3],
          [0, 9],
          [0, Number.NEGATIVE_INFINITY],
        ],
        [0, 0, 0],
      ),
    );
    for (const [operation, k, band] of [
      ['logSumExp', 0, 2],
      ['logSumExp', 2, 0],
      ['crossEntropy', 0, 5],
    ] as const) {
      const counter = createPlaceCounter(operation, oracle);
      counter.count(k, 1, 1);
      expect([...counter.places().gaps.keys()], operation).toEqual([band]);
    }
  });

  it('should count nothing in rows without a maximum', () => {
    const counter = createPlaceCounter('softmax', createOracle(batchOf([[Number.NaN, 0]])));
    counter.count(1, 1, 1);
    counter.countWrong(0);
    expect(counter.places()).toEqual(noPlaces);
  });

  it('should count wrong answers without an error', () => {
    const counter = createPlaceCounter('softmax', createOracle(batchOf([[0, 1]])));
    counter.countWrong(1);
    expect(counter.places().gaps.get(0)).toEqual({
      numbers: 0,
      wrong: 1,
      worstUlp: -1,
      allowedUlp: Number.POSITIVE_INFINITY,
      worstUse: -1,
    });
  });
});

describe('addPlaces', () => {
  it('should not depend on the order, and keep what the worst is allowed', () => {
    const parts = [
      placesOf([[0, 4]], 0, 3, 0.5),
      placesOf([[0, 4]], 0, 3, 0),
      placesOf([[0, 4]], 0, 3, 0.6),
      placesOf([[0, 3.5]], 0, 2, 0.9),
      placesOf([[0, 4]], 1, Number.NaN, 0.1),
    ];
    const sum = parts.reduce(addPlaces, noPlaces);
    expect(parts.toReversed().reduce(addPlaces, noPlaces)).toEqual(sum);
    expect(sum.gaps.get(2)).toEqual({ numbers: 4, wrong: 0, worstUlp: 3, allowedUlp: 5, worstUse: 0.9 });
    expect(sum.gaps.get(0)).toMatchObject({ numbers: 1, worstUlp: -1, worstUse: 0.1 });
  });
});
