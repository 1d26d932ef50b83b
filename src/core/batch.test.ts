import { describe, expect, it } from 'vitest';
import { UserError } from '../text/errors.ts';
import { batchOf, createBatch, rowOf, upstreamOf } from './batch.ts';

describe('createBatch', () => {
  it('should round logits to FP32, and leave what it was given alone', () => {
    const logits = [0.1, -0];
    const batch = createBatch(1, 2, logits, [1]);
    expect(batch).toEqual({
      rows: 1,
      cols: 2,
      logits: Float32Array.of(0.1, -0),
      targets: Int32Array.of(1),
      upstream: null,
    });
    batch.logits[0] = 5;
    expect(logits).toEqual([0.1, -0]);
  });

  it('should take class 0 where no targets are given', () => {
    expect(createBatch(2, 1, [1, 2]).targets).toEqual(Int32Array.of(0, 0));
  });

  it.each([
    ['no row', 0, 1, [], [], 'rows is 0: expected an integer of at least 1'],
    ['a negative size', -1, 1, [], undefined, 'rows is -1: expected an integer of at least 1'],
    ['half a column', 1, 1.5, [1], [0], 'cols is 1.5: expected an integer of at least 1'],
    ['NaN columns', 1, Number.NaN, [1], [0], 'cols is NaN: expected an integer of at least 1'],
    ['more rows than memory', 1e12, 1, [], undefined, '0 logits do not fill 1000000000000 x 1'],
    ['too few logits', 2, 2, [1, 2, 3], [0, 0], '3 logits do not fill 2 x 2: expected 4'],
    ['too many targets', 1, 1, [1], [0, 0], '2 targets for 1 rows: expected one a row'],
    [
      'a target beyond the last class',
      2,
      2,
      [1, 2, 3, 4],
      [0, 2],
      'the target of row 1 is 2: expected a class',
    ],
    ['a target below 0', 1, 2, [1, 2], [-1], 'the target of row 0 is -1: expected a class index from 0 to 1'],
    ['half a target', 1, 2, [1, 2], [0.5], 'the target of row 0 is 0.5'],
  ])('should refuse %s', (_what, rows, cols, logits, targets, message) => {
    expect(() => createBatch(rows, cols, logits, targets)).toThrow(message);
    expect(() => createBatch(rows, cols, logits, targets)).toThrow(UserError);
  });
});

describe('upstream', () => {
  it('should be rounded to FP32, and all ones where there is none', () => {
    expect(createBatch(1, 2, [1, 2], [0], [0.1, -3]).upstream).toEqual(Float32Array.of(0.1, -3));
    expect(upstreamOf(createBatch(1, 2, [1, 2], [0], [0.1, -3]))).toEqual(Float32Array.of(0.1, -3));
    expect(upstreamOf(createBatch(1, 2, [1, 2]))).toEqual(Float32Array.of(1, 1));
  });

  it.each([
    ['too few values', [1], '1 upstream values for 2 logits: expected one a logit'],
    ['NaN', [0, Number.NaN], 'upstream value 1 is NaN: expected a finite FP32 value'],
    ['what overflows FP32', [1e39, 0], 'upstream value 0 is Infinity'],
  ])('should refuse %s', (_what, upstream, message) => {
    expect(() => createBatch(1, 2, [1, 2], [0], upstream)).toThrow(message);
    expect(() => createBatch(1, 2, [1, 2], [0], upstream)).toThrow(UserError);
  });
});

describe('batchOf', () => {
  it('should refuse rows of different lengths, also where the lengths make up for each other', () => {
    expect(() => batchOf([[1, 2], [3, 4, 5], [6]])).toThrow('row 1 has 3 logits, row 0 has 2');
  });

  it('should refuse no rows', () => {
    expect(() => batchOf([])).toThrow('rows is 0');
  });
});

describe('rowOf', () => {
  it('should be a view of the row', () => {
    const batch = batchOf([
      [1, 2],
      [3, 4],
    ]);
    expect(rowOf(batch, 1)).toEqual(Float32Array.of(3, 4));
    expect(rowOf(batch, 1).buffer).toBe(batch.logits.buffer);
  });
});
