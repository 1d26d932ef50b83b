/** Each move, by the batches that it offers when all of them pass. */
import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../../core/batch.ts';
import { sortCells, swapCells, swapColumns, swapRows } from './arrange.ts';
import type { Search } from './search.ts';
import { foldColumns, halveRuns, joinRows, removeColumnsDoubling, removeRows } from './shape.ts';
import { shiftNonZeros, shiftRows } from './shift.ts';
import { clearTargets, lowerTargets } from './targets.ts';
import { loneCell, pairOfCells, smallInteger } from './tiny.ts';
import { allEqual, copyCells, mergeNeighbors, mergePairs } from './unify.ts';
import { roundAll, simplifyValues } from './values.ts';
import { keepOneValue, zeroBlocks } from './zeros.ts';

const MASKED = Number.NEGATIVE_INFINITY;

/** The rows of the candidates, each batch once. */
function offered(search: Search): number[][][] {
  const all = Array.from(search, ({ rows, cols, logits }) =>
    Array.from({ length: rows }, (_, row) => [...logits.subarray(row * cols, (row + 1) * cols)]),
  );
  return [...new Map(all.map((rows) => [JSON.stringify(rows), rows])).values()];
}

/** The same for batches of one row. */
function offeredRows(search: Search): number[][] {
  return offered(search).map(([row]) => row);
}

const row = (...values: number[]): Batch => batchOf([values]);

describe('loneCell', () => {
  it('should offer 0, the extremes and the special values', () => {
    expect(offeredRows(loneCell(row(3, -8, 1, MASKED)))).toEqual([[0], [3], [-8], [MASKED]]);
  });
});

describe('pairOfCells', () => {
  it('should offer every pair of extremes', () => {
    expect(offeredRows(pairOfCells(row(3, 3, 3)))).toEqual([
      [0, 0],
      [0, 3],
      [3, 0],
      [3, 3],
    ]);
  });
});

describe('smallInteger', () => {
  it('should scan 1 to 16 beside 0 and the special values', () => {
    expect(offeredRows(smallInteger(row(0.3, 4, 5, MASKED)))).toEqual(
      Array.from({ length: 16 }, (_, index) => [0, index + 1, MASKED]),
    );
  });

  it('should leave two integers alone', () => {
    expect(offeredRows(smallInteger(row(0, 89)))).toEqual([]);
    expect(offeredRows(smallInteger(row(0, 88.5)))).toHaveLength(16);
  });
});

describe('removeRows', () => {
  it('should offer halves, then quarters', () => {
    expect(offered(removeRows('early')(batchOf([[1], [2], [3], [4]])))).toEqual([
      [[3], [4]],
      [[1], [2]],
      [[2], [3], [4]],
      [[1], [3], [4]],
      [[1], [2], [4]],
      [[1], [2], [3]],
    ]);
  });
});

describe('halveRuns', () => {
  it('should offer half of each run of equal columns', () => {
    const two = { ...row(7, 7, 7, 7, 7, 1, 0, 0, 0, 0), targets: Int32Array.of(5) };
    expect(offeredRows(halveRuns(two))).toEqual([
      [7, 7, 7, 1, 0, 0, 0, 0],
      [7, 7, 7, 7, 7, 1, 0, 0],
    ]);
    expect(offered(halveRuns(row(7, 7, 7, 0)))).toEqual([]);
  });
});

describe('joinRows', () => {
  it('should offer one row of all, and two of all but one', () => {
    expect(
      offered(
        joinRows(
          batchOf(
            [
              [1, 2],
              [3, 4],
              [5, 6],
            ],
            [1, 1, 1],
          ),
        ),
      ),
    ).toEqual([
      [[1, 2, 3, 4, 5, 6]],
      [
        [1, 2, 3, 4],
        [3, 4, 5, 6],
      ],
    ]);
    const [, two] = joinRows(batchOf([[1], [2], [3]], [0, 0, 0], [4, 5, 6]));
    expect(two).toEqual(
      batchOf(
        [
          [1, 2],
          [2, 3],
        ],
        [0, 0],
        [4, 5, 5, 6],
      ),
    );
  });

  it('should leave two rows alone', () => {
    expect(offered(joinRows(batchOf([[1], [2]])))).toEqual([]);
  });
});

describe('foldColumns', () => {
  it('should keep the logsumexp of a row', () => {
    const [[folded]] = offeredRows(foldColumns(row(10, 10, 10, 10))).slice(-1);
    expect(folded).toBeCloseTo(10 + Math.log(2), 5);
    const [pair] = offeredRows(foldColumns(row(1, 2, 30, 40)));
    expect(pair[0]).toBeCloseTo(30, 5);
    expect(pair[1]).toBeCloseTo(40, 5);
  });

  it('should pass masks, infinities and NaN through', () => {
    expect(offeredRows(foldColumns(row(MASKED, MASKED)))).toEqual([[MASKED]]);
    expect(offeredRows(foldColumns(row(3, MASKED)))).toEqual([[3]]);
    expect(offeredRows(foldColumns(row(Number.POSITIVE_INFINITY, MASKED)))).toEqual([
      [Number.POSITIVE_INFINITY],
    ]);
    expect(offeredRows(foldColumns(row(Number.NaN, 1)))).toEqual([[Number.NaN]]);
  });
});

describe('removeColumnsDoubling', () => {
  it('should delete at either end', () => {
    expect(offeredRows(removeColumnsDoubling(row(1, 2, 3)))).toEqual([[6], [2], [4, 6], [2, 4]]);
  });

  it('should leave wide batches alone', () => {
    expect(offeredRows(removeColumnsDoubling(row(...new Float32Array(17))))).toEqual([]);
  });
});

describe('keepOneValue', () => {
  it('should zero all but one extreme', () => {
    expect(offeredRows(keepOneValue(row(7, -2, 7, 1)))).toEqual([
      [0, 0, 0, 0],
      [7, 0, 7, 0],
      [0, -2, 0, 0],
    ]);
  });
});

describe('zeroBlocks', () => {
  it('should count along the cells that are not 0', () => {
    expect(offeredRows(zeroBlocks('early')(row(0, 5, 0, 6)))).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 6],
      [0, 5, 0, 0],
    ]);
  });
});

describe('shiftNonZeros', () => {
  it('should keep the gaps between the cells that are not 0', () => {
    expect(offeredRows(shiftNonZeros(row(0, 2.25, 2.5)))).toEqual([[0, 0, 0.25]]);
    expect(offeredRows(shiftNonZeros(row(-5, 0, -7, MASKED)))).toEqual([[0, 0, -2, MASKED]]);
  });

  it('should leave a single value alone, and rows without a finite one', () => {
    for (const values of [
      [0, 3],
      [MASKED, MASKED],
      [0, 0],
    ])
      expect(offered(shiftNonZeros(row(...values)))).toEqual([]);
  });
});

describe('shiftRows', () => {
  it('should move an extreme to 0 and keep the gaps', () => {
    expect(offeredRows(shiftRows(row(50, -40))).slice(0, 2)).toEqual([
      [0, -90],
      [90, 0],
    ]);
  });

  it('should lower a row as a whole', () => {
    expect(offeredRows(shiftRows(row(9001.5, 9002.5)))).toContainEqual([8192, 8193]);
  });

  it('should move rows together, then one by one', () => {
    const shifted = offered(shiftRows(batchOf([[-50], [70]])));
    expect(shifted).toContainEqual([[0], [120]]);
    expect(shifted).toContainEqual([[-50], [0]]);
  });
});

describe('allEqual', () => {
  it('should leave the zeros', () => {
    expect(offeredRows(allEqual(row(0, 3, -2)))).toEqual([
      [0, 3, 3],
      [0, -2, -2],
    ]);
    expect(offeredRows(allEqual(row(0, 0)))).toEqual([]);
  });
});

describe('mergeNeighbors', () => {
  it('should merge values that stand next to each other in size', () => {
    const merged = offeredRows(mergeNeighbors('early')(row(4, 1, 3, 2)));
    expect(merged).toContainEqual([4, 4, 4, 4]);
    expect(merged).toContainEqual([4, 2, 3, 2]);
    expect(merged).toContainEqual([3, 1, 3, 2]);
    expect(merged).not.toContainEqual([4, 1, 1, 2]);
  });

  it('should leave the zeros between them', () => {
    expect(offeredRows(mergeNeighbors('early')(row(-5, 0, 5)))).toEqual([
      [5, 0, 5],
      [-5, 0, -5],
    ]);
  });
});

describe('mergePairs', () => {
  it('should replace each of few values by each other', () => {
    expect(offeredRows(mergePairs(row(1, 5, 5, 9)))).toEqual([
      [5, 5, 5, 9],
      [9, 5, 5, 9],
      [1, 1, 1, 9],
      [1, 9, 9, 9],
      [1, 5, 5, 1],
      [1, 5, 5, 5],
    ]);
  });
});

describe('copyCells', () => {
  it('should copy the simpler value over single cells too', () => {
    expect(offeredRows(copyCells(row(7, 2, 7)))).toEqual([
      [2, 2, 2],
      [2, 2, 7],
      [7, 2, 2],
    ]);
  });
});

describe('roundAll', () => {
  it('should round away from zero and toward it, to ever finer fractions', () => {
    const rounded = offeredRows(roundAll(row(88.7, -0.3)));
    expect(rounded.slice(0, 3)).toEqual([
      [89, -1],
      [88, 0],
      [89, -0.5],
    ]);
    expect(rounded.at(-1)).toEqual([88.625, -0.25]);
  });
});

describe('swapColumns', () => {
  it('should bring what options have of columns into one arrangement, and move the target along, or leave it', () => {
    const batch = { ...batchOf([[0, 0]], [1]), options: { mask: Uint8Array.of(1, 0) } };
    const swapped = { ...batchOf([[0, 0]]), options: { mask: Uint8Array.of(0, 1) } };
    expect([...swapColumns(batch)]).toEqual([swapped, { ...swapped, targets: batch.targets }]);
  });

  it('should leave long rows alone', () => {
    const batch = {
      ...batchOf([new Array(9).fill(0)], [8]),
      options: { classWeights: new Float32Array(9).fill(1, 8) },
    };
    expect([...swapColumns(batch)]).toEqual([]);
  });
});

describe('simplifyValues', () => {
  it('should move equal values together', () => {
    for (const [first, , third] of offeredRows(simplifyValues('early')(row(6.5, 2, 6.5))))
      expect(first).toBe(third);
  });

  it('should try the other sign and smaller integers', () => {
    expect(offeredRows(simplifyValues('early')(row(-104)))).toEqual(
      [0, 104, -1, -16, -64, -96, -100, -102, -103].map((value) => [value]),
    );
  });

  it('should try short fractions, then short decimals', () => {
    const values = offeredRows(simplifyValues('early')(row(88.72284))).flat();
    expect(values).toEqual(
      expect.arrayContaining([89, 88, 88.5, 88.75, 90, 80, 88.7, 88.73].map(Math.fround)),
    );
    expect(values.indexOf(88.5)).toBeLessThan(values.indexOf(Math.fround(88.7)));
  });

  it('should scan small integers in place of a fraction', () => {
    const values = offeredRows(simplifyValues('early')(row(88.72284))).flat();
    expect(values.slice(1, 17)).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
  });

  it('should try finite values in place of special ones', () => {
    const values = offeredRows(simplifyValues('early')(row(MASKED))).flat();
    expect(values).toEqual([0, Number.POSITIVE_INFINITY, -1, -128, -16777216, -3.4028234663852886e38]);
    expect(offeredRows(simplifyValues('early')(row(-0)))[0]).toEqual([0]);
  });
});

describe('sortCells', () => {
  it('should sort by simplicity; the target follows its cell, or else stays', () => {
    const [sorted, apart] = sortCells(batchOf([[89, -1, 0]], [0]));
    expect(sorted).toEqual(batchOf([[0, -1, 89]], [2]));
    expect(apart).toEqual(batchOf([[0, -1, 89]], [0]));
  });
});

describe('swapCells', () => {
  it('should swap what stands in the wrong order', () => {
    expect(offeredRows(swapCells(row(0, 9, 1, 5)))).toEqual([
      [0, 5, 1, 9],
      [0, 1, 9, 5],
    ]);
  });
});

describe('swapRows', () => {
  it('should swap rows that stand in the wrong order, with their targets', () => {
    expect([
      ...swapRows(
        batchOf(
          [
            [5, 0],
            [0, 0],
          ],
          [1, 0],
        ),
      ),
    ]).toEqual([
      batchOf(
        [
          [0, 0],
          [5, 0],
        ],
        [0, 1],
      ),
    ]);
    expect([
      ...swapRows(
        batchOf(
          [
            [0, 0],
            [0, 0],
          ],
          [1, 0],
        ),
      ),
    ]).toHaveLength(1);
    expect([...swapRows(batchOf([[0], [5]]))]).toEqual([]);
  });
});

describe('clearTargets', () => {
  it('should set all targets to 0', () => {
    expect([
      ...clearTargets(
        batchOf(
          [
            [1, 2],
            [3, 4],
          ],
          [1, 1],
        ),
      ),
    ]).toEqual([
      batchOf([
        [1, 2],
        [3, 4],
      ]),
    ]);
  });
});

describe('lowerTargets', () => {
  it('should try each target at 0 and at smaller classes', () => {
    const targets = Array.from(
      lowerTargets(batchOf([new Array(9).fill(0)], [8])),
      (batch) => batch.targets[0],
    );
    expect(targets).toEqual([0, 1, 4, 6, 7]);
  });
});
