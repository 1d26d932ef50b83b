import { describe, expect, it } from 'vitest';
import { rowOf } from '../../core/batch.ts';
import { createRandom } from '../../core/random.ts';
import { casesOf } from './cases.ts';
import { requests } from './requests.ts';

const random = createRandom([0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b]);

/** How often each shape is asked for in so many cases, as `rows x cols`. */
function shapes(count: number, from = 0): Map<string, number> {
  const requestAt = requests(7, {});
  const found = new Map<string, number>();
  for (let number = from; number < from + count; number++) {
    const request = requestAt(number, random);
    if (request === undefined) continue;
    const shape = `${request.rows}x${request.cols}`;
    found.set(shape, (found.get(shape) ?? 0) + 1);
  }
  return found;
}

describe('requests', () => {
  const walk = (steps: number) => Array.from({ length: steps }, (_, k) => requests(7, {})(8 * k, random));

  it('should ask for every length up to 1100, with one row and with two, in 17,600 cases', () => {
    const keys = walk(2200).map((shape) => `${shape?.rows}x${shape?.cols}`);
    const missing = Array.from({ length: 1100 }, (_, k) => [`1x${k + 1}`, `2x${k + 1}`])
      .flat()
      .filter((shape) => !keys.includes(shape));
    expect(missing).toEqual([]);
    expect(keys).toHaveLength(2200);
  });

  it('should meet short and long rows early', () => {
    const quarters = new Set(walk(8).map((shape) => Math.floor(Number(shape?.cols) / 275.1)));
    expect(quarters).toEqual(new Set([0, 1, 2, 3]));
  });

  it('should begin elsewhere from another seed', () => {
    expect(requests(7, {})(0, random)).not.toEqual(requests(8, {})(0, random));
    expect(requests(-1, {})(0, random)).toEqual(requests(2 ** 32 - 1, {})(0, random));
  });

  it('should ask for lengths beside every threshold, and for the longest seldom', () => {
    const found = shapes(200_000);
    const at = (cols: number) => (found.get(`1x${cols}`) ?? 0) + (found.get(`2x${cols}`) ?? 0);
    for (const size of [2048, 4096, 8192]) {
      for (const cols of [size - 1, size, size + 1]) expect(at(cols), `${cols}`).toBeGreaterThan(50);
    }
    const longest = [65_536, 100_000].flatMap((size) => [size - 1, size, size + 1]).map(at);
    expect(longest.every((count) => count > 1)).toBe(true);
    for (const size of [30_522, 32_000, 50_257, 128_256]) expect(at(size), `${size}`).toBeGreaterThan(1);
    const lengths = [...found].flatMap(([shape, count]) =>
      new Array<number>(count).fill(Number(shape.split('x')[1])),
    );
    expect(lengths.filter((cols) => cols > 1100 && cols < 2000).length).toBeGreaterThan(20);
    expect(lengths.filter((cols) => cols > 10_000).length).toBeLessThan(200_000 / 500);
  });

  it('should ask for many rows of two or three logits at every 64th case', () => {
    const few = Array.from({ length: 32 }, (_, k) => requests(7, {})(64 * k + 2, random));
    expect(new Set(few.map((request) => `${request?.rows}x${request?.cols}`))).toEqual(
      new Set(['1024x2', '1024x3']),
    );
    expect(new Set(few.map((request) => request?.diagonal?.family))).toEqual(
      new Set(['thresholds', 'ordinary']),
    );
    expect(requests(7, { rows: 2 })(2, random)?.rows).not.toBe(1024);
  });

  it('should ask for more than 256 rows, and for rows beside every threshold', () => {
    const rows = [...shapes(200_000)].flatMap(([shape, count]) =>
      new Array<number>(count).fill(Number.parseInt(shape, 10)),
    );
    expect(rows.filter((count) => count > 256).length).toBeGreaterThan(500);
    expect(Math.max(...rows)).toBeGreaterThan(4000);
    const wide = [...shapes(50_000).keys()].filter((shape) => {
      const [height, width] = shape.split('x').map(Number);
      return height > 65 && width > 8;
    });
    expect(wide.length).toBeGreaterThan(20);
    const beside = [32, 64, 128, 256, 512, 1024].flatMap((size) => [size - 1, size, size + 1]);
    expect(beside.filter((size) => !rows.includes(size))).toEqual([]);
  });

  it('should leave shapes alone that the user restricts, but walk through the lengths of fixed rows', () => {
    for (const restriction of [{ maxCols: 9 }, { maxRows: 2 }, { maxCells: 100 }])
      expect(requests(7, restriction)(8, random)).toBeUndefined();
    const three = requests(7, { rows: 3 });
    expect([three(8, random)?.rows, three(129, random)]).toEqual([3, undefined]);
    expect(requests(7, { rows: 8193 })(8, random)).toBeUndefined();
  });

  it('should ask for long rows where their number is fixed, unless that is too much', () => {
    const longRows = (rows: number) =>
      Array.from({ length: 20_000 }, (_, number) => requests(7, { rows })(8 * number + 3, random)).filter(
        (request) => request !== undefined,
      );
    expect(Math.max(...longRows(1).map(({ cols }) => cols))).toBeGreaterThan(65_536);
    for (const { rows, cols } of longRows(40)) expect([rows, rows * cols <= 2 ** 18]).toEqual([40, true]);
  });

  it('should put the max at the end of rows of a fixed length, or anywhere', () => {
    const asked = Array.from({ length: 800 }, (_, number) => requests(7, { cols: 300 })(number, random));
    const froms = asked.flatMap((request) => (request === undefined ? [] : [request.diagonal?.from]));
    expect(froms).toHaveLength(100);
    expect(new Set(froms).size).toBeGreaterThan(30);
    expect(froms.filter((from) => Number(from) >= 298).length).toBeGreaterThan(30);
    expect(requests(7, { rows: 4, cols: 3 })(0, random)).toMatchObject({ rows: 4, cols: 3, diagonal: {} });
  });
});

describe('the cases of a campaign', () => {
  const { at } = casesOf({ seed: 7, saved: [], generation: {} });
  const drawn = Array.from({ length: 20_000 }, (_, number) => at(number));

  it('should have the max at every index of every width up to 64, over 89 above the rest, in 8064 cases', () => {
    const widths = new Set<number>();
    for (let number = 1; number < 8064; number += 128) {
      const { batch, origin } = at(number);
      expect(origin).toMatchObject({ families: new Array(batch.rows).fill('spikes') });
      for (let i = 0; i < batch.rows; i++) {
        const row = rowOf(batch, i);
        expect(row.every((x, j) => (i === j ? true : row[i] - x > 89))).toBe(true);
      }
      widths.add(batch.cols);
    }
    expect(widths.size).toBe(63);
  });

  it('should have the max at the end of half of the long rows', () => {
    const long = drawn.filter(({ batch }) => batch.cols > 2000);
    const isLast = (row: Float32Array) => row.indexOf(row.reduce((a, b) => Math.max(a, b))) >= row.length - 2;
    const ending = long.filter(({ batch }) => isLast(rowOf(batch, 0)));
    expect(long.length).toBeGreaterThan(100);
    expect(ending.length / long.length).toBeGreaterThan(0.4);
    expect(ending.length / long.length).toBeLessThan(0.7);
  });

  it('should have some 650 logits on average, and one in fifteen with NaN or +Infinity', () => {
    const logits = drawn.reduce((sum, { batch }) => sum + batch.logits.length, 0) / drawn.length;
    expect(logits).toBeGreaterThan(550);
    expect(logits).toBeLessThan(800);
    const special = drawn.filter(
      ({ origin }) => 'families' in origin && origin.families.includes('non-finite'),
    );
    expect(special.length / drawn.length).toBeGreaterThan(0.05);
    expect(special.length / drawn.length).toBeLessThan(0.08);
  });
});
