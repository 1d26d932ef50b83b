import { describe, expect, it } from 'vitest';
import { UserError } from '../../text/errors.ts';
import { dimensionsOf, fixedSizes, placementOf, type Sizes, takesInner, trialSizes } from './dimensions.ts';

/** How logits of `sizes` are placed along `axis`, and what is declared of it. */
const declared = (sizes: Sizes, axis: number) => {
  const placement = placementOf(sizes, axis);
  return { placement, inner: takesInner(placement), ...fixedSizes(sizes, placement) };
};

describe('placementOf', () => {
  it.each<[string, Sizes, number, object]>([
    ['two dimensions', ['N', 'C'], 1, { placement: ['rows', 'cols'], inner: false }],
    ['of one size', [2, 10], 1, { placement: [2, 'cols'], inner: false, rows: 2, cols: 10 }],
    ['along the last axis', ['B', 'T', 'V'], 2, { placement: [1, 'rows', 'cols'], inner: false }],
    ['whose columns are fixed', ['B', 1, 9], 2, { placement: ['rows', 1, 'cols'], inner: false, cols: 9 }],
    ['one batch alone', [1, 'T', 'V'], 2, { placement: [1, 'rows', 'cols'], inner: false }],
    ['heads', ['B', 12, 'T', 'T'], 3, { placement: [1, 12, 1, 'cols'], inner: false, rows: 12 }],
    ['all sizes fixed', [2, 3, 4, 5], 3, { placement: [2, 3, 4, 'cols'], inner: false, rows: 24, cols: 5 }],
    ['along the middle', ['N', 'C', 'L'], 1, { placement: ['rows', 'cols', 'inner'], inner: true }],
    ['images', ['N', 9, 'H', 'W'], 1, { placement: ['rows', 'cols', 'inner', 1], inner: true, cols: 9 }],
    ['1 behind', ['N', 'C', 1, 1], 1, { placement: ['rows', 'cols', 1, 1], inner: false }],
    ['fixed before', [2, 'C', 'L'], 1, { placement: [2, 'cols', 'inner'], inner: false, rows: 2 }],
    ['one before', [1, 'C', 'L'], 1, { placement: [1, 'cols', 'inner'], inner: false, rows: 1 }],
    ['along the first', ['C', 'N'], 0, { placement: ['cols', 'inner'], inner: false, rows: 1 }],
  ])('should place rows: %s', (_what, sizes, axis, expected) => {
    expect(declared(sizes, axis)).toEqual(expected);
  });

  it('should refuse fixed sizes behind the axis, which part the numbers of a row', () => {
    expect(() => placementOf(['N', 19, 'H', 64], 1)).toThrow(UserError);
    expect(() => placementOf(['N', 19, '', 64], 1)).toThrow(
      'its operation is along axis 1 of [N, 19, ?, 64], and fixed sizes are behind that: 64',
    );
  });
});

describe('dimensionsOf', () => {
  it('should have as many numbers as the batch, in every layout', () => {
    const placement = placementOf(['N', 'C', 1, 'L'], 1);
    expect(dimensionsOf(placement, { rows: 6, cols: 5 }).sizes).toEqual([6, 5, 1, 1]);
    expect(dimensionsOf(placement, { rows: 6, cols: 5, layout: { outer: 2, inner: 3 } }).sizes).toEqual([
      2, 5, 1, 3,
    ]);
    expect(dimensionsOf(placementOf([2, 3, 'C'], 2), { rows: 6, cols: 5 }).sizes).toEqual([2, 3, 5]);
  });
});

describe('trialSizes', () => {
  it('should keep what is fixed, and have other sizes differ from all', () => {
    expect(trialSizes(['N', 'C'])).toEqual([2, 3]);
    expect(trialSizes(['B', 2, '', 3, ''])).toEqual([4, 2, 5, 3, 6]);
    expect(trialSizes([7, 7])).toEqual([7, 7]);
  });

  it('should refuse more logits than a batch may have, and none', () => {
    expect(trialSizes(['N', 2 ** 12, 2 ** 12])).toEqual([1, 2 ** 12, 2 ** 12]);
    expect(() => trialSizes(['N', 2 ** 13, 2 ** 12])).toThrow(
      '33554432 logits or more: expected 1 to 16777216',
    );
    expect(() => trialSizes(['N', 0])).toThrow('its batches [N, 0] have 0 logits or more: expected 1 to');
  });
});
