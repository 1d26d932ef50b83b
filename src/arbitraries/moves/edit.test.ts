import { describe, expect, it } from 'vitest';
import { batchOf } from '../../core/batch.ts';
import {
  cellsWhere,
  columnsRepeat,
  distinctValues,
  replaceValue,
  setCells,
  withoutColumns,
  withoutRows,
} from './edit.ts';

const batch = batchOf(
  [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ],
  [2, 0, 1],
);

describe('withoutRows', () => {
  it('should take the targets along', () => {
    expect(withoutRows(batch, 0, 2)).toEqual(batchOf([[7, 8, 9]], [1]));
    expect(withoutRows(batch, 2, 3)).toEqual(batchOf([batchRow(0), batchRow(1)], [2, 0]));
  });

  it('should not empty a batch', () => {
    expect(withoutRows(batch, 0, 3)).toBe(batch);
  });
});

describe('withoutColumns', () => {
  it('should let targets follow their cells, and fall to 0 with them', () => {
    expect(withoutColumns(batch, 0, 1)).toEqual(
      batchOf(
        [
          [2, 3],
          [5, 6],
          [8, 9],
        ],
        [1, 0, 0],
      ),
    );
    expect(withoutColumns(batch, 1, 2)).toEqual(
      batchOf(
        [
          [1, 3],
          [4, 6],
          [7, 9],
        ],
        [1, 0, 0],
      ),
    );
  });

  it('should not empty a batch', () => {
    expect(withoutColumns(batch, 0, 3)).toBe(batch);
  });
});

describe('columnsRepeat', () => {
  const rows = [
    [0, 1, 0, 1, 0],
    [7, -0, 7, -0, 7],
  ];

  it('should be true where leaving out either block gives the same batch', () => {
    const periodic = batchOf(rows, [4, 4]);
    expect(columnsRepeat(periodic, 2, 4)).toBe(true);
    expect(withoutColumns(periodic, 2, 4)).toEqual(withoutColumns(periodic, 0, 2));
    expect(columnsRepeat(periodic, 1, 2)).toBe(false);
    expect(
      columnsRepeat(
        batchOf([
          [0, 0],
          [0, -0],
        ]),
        1,
        2,
      ),
    ).toBe(false);
  });

  it('should be false at the start, with a target inside, and where upstream values differ', () => {
    expect(columnsRepeat(batchOf(rows, [4, 4]), 0, 2)).toBe(false);
    for (const target of [0, 1, 2, 3]) expect(columnsRepeat(batchOf(rows, [4, target]), 2, 4)).toBe(false);
    expect(columnsRepeat(batchOf([[0, 0, 0]], [0], [1, 2, 3]), 2, 3)).toBe(false);
    expect(columnsRepeat(batchOf([[0, 0, 0]], [0], [1, 2, 2]), 2, 3)).toBe(true);
  });
});

describe('replaceValue', () => {
  it('should tell the zeros apart and find NaN', () => {
    const zeros = batchOf([[0, -0, Number.NaN]]);
    expect(replaceValue(zeros, -0, 5)).toEqual(batchOf([[0, 5, Number.NaN]]));
    expect(replaceValue(zeros, Number.NaN, 5)).toEqual(batchOf([[0, -0, 5]]));
  });
});

describe('setCells', () => {
  it('should set the cells that are named', () => {
    expect(setCells(batchOf([[1, 2, 3]]), [0, 2], 9)).toEqual(batchOf([[9, 2, 9]]));
  });
});

describe('cellsWhere', () => {
  it('should give indices into the logits', () => {
    expect(cellsWhere(batch, (value) => value > 6)).toEqual(Uint32Array.of(6, 7, 8));
  });
});

describe('distinctValues', () => {
  it('should leave +0 out, and sort with NaN last', () => {
    const { NaN: nan, NEGATIVE_INFINITY: masked } = Number;
    expect(distinctValues(batchOf([[nan, 10, 0, 9, -0, masked, 9]]))).toEqual([masked, -0, 9, 10, nan]);
    expect(distinctValues(batchOf([[0, 0]]))).toEqual([]);
  });
});

function batchRow(row: number): number[] {
  return [...batch.logits.subarray(3 * row, 3 * row + 3)];
}
