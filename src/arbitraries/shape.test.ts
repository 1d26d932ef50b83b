import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/random.ts';
import { UserError } from '../text/errors.ts';
import { type Shape, type ShapeOptions, shapeGenerator } from './shape.ts';

function shapes(options: ShapeOptions = {}, count = 4000): Shape[] {
  const random = createRandom([0x9e3779b9, 0x7f4a7c15, 0xf39cc060, 0x5cedc834]);
  const draw = shapeGenerator(options);
  return Array.from({ length: count }, () => draw(random));
}

describe('shapeGenerator', () => {
  it('should stay within 4 rows, 64 logits a row and 256 in all by default, and reach each', () => {
    const drawn = shapes();
    expect(Math.max(...drawn.map(({ rows }) => rows))).toBe(4);
    expect(Math.max(...drawn.map(({ cols }) => cols))).toBe(64);
    expect(Math.max(...drawn.map(({ rows, cols }) => rows * cols))).toBe(256);
    expect(Math.min(...drawn.map(({ rows, cols }) => Math.min(rows, cols)))).toBe(1);
  });

  it('should draw every length from 1 to the maximum', () => {
    expect(new Set(shapes({ maxCols: 70 }, 12_000).map(({ cols }) => cols)).size).toBe(70);
  });

  it('should draw lengths next to powers of two, up to the largest', () => {
    const lengths = new Set(shapes({ maxCols: 5000 }).map(({ cols }) => cols));
    for (const length of [127, 128, 129, 1023, 1024, 1025, 4095, 4096, 4097])
      expect(lengths).toContain(length);
  });

  it('should keep fixed sizes, whatever the maxima are', () => {
    expect(shapes({ rows: 9, cols: 300, maxCells: 1 }, 1)).toEqual([{ rows: 9, cols: 300 }]);
    expect(new Set(shapes({ rows: 7 }).map(({ rows }) => rows))).toEqual(new Set([7]));
    expect(new Set(shapes({ cols: 1000 }).map(({ cols }) => cols))).toEqual(new Set([1000]));
  });

  it('should let a drawn size give way to the maxima', () => {
    const cells = ({ rows, cols }: Shape) => rows * cols;
    expect(Math.max(...shapes({ maxRows: 50, maxCols: 50, maxCells: 100 }).map(cells))).toBeLessThanOrEqual(
      100,
    );
    expect(Math.max(...shapes({ rows: 20, maxCells: 100 }).map(cells))).toBeLessThanOrEqual(100);
    expect(new Set(shapes({ maxRows: 1 }).map(({ rows }) => rows))).toEqual(new Set([1]));
    expect(new Set(shapes({ rows: 300 }, 20).map(({ cols }) => cols))).toEqual(new Set([1]));
  });

  it('should reject what is not a positive integer', () => {
    for (const size of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      for (const name of ['rows', 'cols', 'maxRows', 'maxCols', 'maxCells']) {
        expect(() => shapeGenerator({ [name]: size })).toThrow(UserError);
        expect(() => shapeGenerator({ [name]: size })).toThrow(`${name} is ${size}`);
      }
    }
  });
});
