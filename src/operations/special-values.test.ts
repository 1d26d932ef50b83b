import { describe, expect, it } from 'vitest';
import { type Operation, operations } from '../core/operation.ts';
import { nextUp } from '../float32/ordinal.ts';
import { isSpecial, type SpecialKind } from '../row/row.ts';
import { rowSpecs, specs } from './index.ts';
import { isTolerated, type SpecialEntry } from './special-values.ts';

const { NaN: NAN, NEGATIVE_INFINITY, POSITIVE_INFINITY } = Number;
const kinds = Object.keys(rowSpecs.softmax.special) as SpecialKind[];
const ofSoftmax = rowSpecs.softmax.special;

/** An entry at a finite logit of a row of three, which is no target, but for `others`. */
const entry = (others: Partial<SpecialEntry> = {}): SpecialEntry => ({
  cols: 3,
  infinite: 'no',
  isTarget: false,
  share: 1,
  upstream: null,
  ...others,
});

describe('special answers', () => {
  it('should expect NaN of every operation but the logsumexp of an infinite maximum', () => {
    const others = kinds.flatMap((kind) =>
      operations
        .filter((operation) => !Number.isNaN(specs[operation].special[kind].expected))
        .map((operation) => [kind, operation, specs[operation].special[kind].expected]),
    );
    expect(others).toEqual([
      ['positive-infinity', 'logSumExp', POSITIVE_INFINITY],
      ['all-masked', 'logSumExp', NEGATIVE_INFINITY],
    ]);
  });
});

describe('isSpecial', () => {
  it('should hold for the kinds without a finite maximum', () => {
    expect(kinds.every(isSpecial)).toBe(true);
    expect([isSpecial('finite'), isSpecial('masked')]).toEqual([false, false]);
  });
});

describe('isTolerated', () => {
  it('should tolerate zeros and the uniform distribution for a row masked throughout', () => {
    expect(
      [0, -0, Math.fround(1 / 3), 0.5, 1].map((got) => isTolerated(ofSoftmax, 'all-masked', got, entry())),
    ).toEqual([true, true, true, false, false]);
  });

  it('should tolerate the uniform distribution of any length, however it is rounded', () => {
    for (const cols of [1, 8, 40, 1000]) {
      const lse = Math.fround(Math.log(cols));
      for (const got of [1 / cols, Math.exp(-lse), nextUp(Math.fround(1 / cols))].map(Math.fround))
        expect(isTolerated(ofSoftmax, 'all-masked', got, entry({ cols }))).toBe(true);
      for (const share of [1 - 4e-6 * cols, 1 + 4e-6 * cols, 2, -1])
        expect(isTolerated(ofSoftmax, 'all-masked', share / cols, entry({ cols }))).toBe(false);
    }
  });

  it.each<[operation: Operation, others: Partial<SpecialEntry>, tolerated: number[]]>([
    ['softmax', {}, [0]],
    ['softmax', { infinite: 'one' }, [1]],
    ['softmax', { infinite: 'several' }, []],
    ['logSoftmax', {}, [NEGATIVE_INFINITY]],
    ['logSoftmax', { infinite: 'one' }, [0]],
    ['logSumExp', { infinite: 'one' }, []],
    ['crossEntropy', { isTarget: true }, [POSITIVE_INFINITY]],
    ['crossEntropy', { isTarget: true, infinite: 'one' }, [0]],
    ['crossEntropyGrad', {}, [0]],
    ['crossEntropyGrad', { isTarget: true, share: 0.25 }, [-0.25]],
    ['crossEntropyGrad', { isTarget: true, share: null }, []],
    ['crossEntropyGrad', { infinite: 'one' }, [1]],
    ['crossEntropyGrad', { infinite: 'one', isTarget: true }, [0]],
    ['crossEntropyGrad', { infinite: 'several', isTarget: true }, []],
    ['softmaxGrad', { upstream: 7 }, [0]],
    ['softmaxGrad', { upstream: 7, infinite: 'one' }, [0]],
    ['logSoftmaxGrad', { upstream: 7 }, [7]],
    ['logSoftmaxGrad', { upstream: 7, infinite: 'one' }, []],
  ])('should be for %s the limit of a row with +Infinity, at %j', (operation, others, tolerated) => {
    const among = [-1, -0.25, 0, 1, 0.5, 7, NEGATIVE_INFINITY, POSITIVE_INFINITY];
    const found = among.filter((got) =>
      isTolerated(specs[operation].special, 'positive-infinity', got, entry(others)),
    );
    expect(found).toEqual(tolerated);
  });

  it('should tolerate nothing for NaN, nor for ordinary rows', () => {
    for (const kind of ['nan', 'finite', 'masked'] as const) {
      for (const operation of operations) {
        expect(
          [0, 1, NEGATIVE_INFINITY, POSITIVE_INFINITY, NAN].some((got) =>
            isTolerated(specs[operation].special, kind, got, entry()),
          ),
        ).toBe(false);
      }
    }
  });
});
