/**
 * The shapes that chance would hardly draw, and that real kernels failed at (pytorch#147284: odd lengths from 513 to 1023
 * and two rows; mlx#1467: 128; ONNX Runtime and cuDNN: rows and lengths beyond what a block or a launch holds).
 *
 * - Every eighth case has the next shape of a walk through all lengths from 1 to {@link LONGEST}, with one row and
 *   with two, the second of which has its max at its end, over 89 above the rest: after 17,600 cases each has been met. The walk jumps, so that a short campaign sees all magnitudes.
 * - Every 128th case is square, and the max of row i is at index i, over 89 above the rest: after 8064 cases it has been at
 *   every index of every width up to 64.
 * - Every 64th case is 1024 rows of two or three logits: nowhere else is the budget of an exp so tight, and these are as many tries.
 * - Rarely a row is as long as a threshold or a vocabulary, or has one logit more or less, or is of any length up to 2^17; half of
 *   the time with the max at its end. Or there are more rows than blocks have threads, or than a grid has.
 * - Where the length is fixed, every eighth case has its max at a random index, or at the end.
 */
import type { BatchRequest } from '../../arbitraries/generate.ts';
import type { Shape, ShapeOptions } from '../../arbitraries/shape.ts';
import type { Random } from '../../core/random.ts';

/** The walk's longest row. */
const LONGEST = 1100;

const PERIOD = 8;
const STEPS = 2 * LONGEST;

/** Prime to the number of steps, and near it over the golden ratio, which spreads any few consecutive steps evenly. */
const STRIDE = 1361;

/** The most logits of a shape on the walk, where the number of rows is fixed. */
const MOST_CELLS = 8192;

const SQUARE_PERIOD = 128;
const WIDEST_SQUARE = 64;

const FEW_PERIOD = 64;
const FEW_ROWS = 1024;
const fewOf = ['thresholds', 'ordinary'] as const;

const long = [2048, 4096, 8192] as const;
const longest = [65_536, 100_000] as const;
const tall = [32, 64, 128, 256, 512, 1024] as const;

/** Classes of BERT, Llama 2, GPT-2 and Llama 3. */
const vocabularies = [30_522, 32_000, 50_257, 128_256] as const;

/** Of 2048 cases one is of each of these, and as many of each of {@link heights}: together some 200 logits a case. */
const PARTS = 2048;
type Draw<T> = (random: Random) => T;
const lengths: readonly Draw<number>[] = [
  (random) => beside(random, longest),
  (random) => beside(random, vocabularies),
  ...times<Draw<number>>(4, (random) => between(random, LONGEST, 2 ** 17)),
  ...times<Draw<number>>(16, (random) => beside(random, long)),
];
const heights: readonly Draw<Shape>[] = [
  ...times<Draw<Shape>>(4, (random) => ({ rows: beside(random, tall), cols: 1 + random.below(8) })),
  ...times<Draw<Shape>>(4, (random) => ({ rows: 257 + random.below(769), cols: 1 + random.below(8) })),
  ...times<Draw<Shape>>(8, (random) => {
    const rows = between(random, 33, 4097);
    return { rows, cols: between(random, 1, 2 + 2 ** 14 / rows) };
  }),
];

/** Long rows of a fixed number have no more logits together. */
const MOST_LONG_CELLS = 2 ** 18;

/** What generated case `number` of a campaign is to be, or undefined where the generator is to draw its shape too. */
export type RequestAt = (number: number, random: Random) => BatchRequest | undefined;

/** Requests by case number. `options` are those that the user stated: shapes that they restrict are all drawn. */
export function requests(seed: number, options: ShapeOptions): RequestAt {
  const { rows, cols, maxRows, maxCols, maxCells } = options;
  if ([maxRows, maxCols, maxCells].some((each) => each !== undefined)) return () => undefined;
  if (cols !== undefined)
    return (number, random) => (number % PERIOD === 0 ? spiked(random, cols, rows) : undefined);
  const walk = walkFrom(seed);
  return (number, random) => {
    if (number % PERIOD === 0) {
      const shape = { ...walk(number / PERIOD), ...(rows !== undefined && { rows }) };
      return shape.rows * shape.cols <= MOST_CELLS ? shape : undefined;
    }
    if (rows === undefined && number % SQUARE_PERIOD === 1) return square(Math.floor(number / SQUARE_PERIOD));
    if (rows === undefined && number % FEW_PERIOD === 2) return rowsOfFew(random);
    return rareShape(random, rows);
  };
}

/** All lengths with one row and with two, from a place that depends on the seed. */
function walkFrom(seed: number): (step: number) => BatchRequest {
  const start = (seed >>> 0) % STEPS;
  return (step) => {
    const place = (start + (step % STEPS) * STRIDE) % STEPS;
    const cols = 1 + Math.floor(place / 2);
    return place % 2 === 0
      ? { rows: 1, cols }
      : { rows: 2, cols, diagonal: { family: 'spikes', from: 'end' } };
  };
}

function square(step: number): BatchRequest {
  const size = 2 + (step % (WIDEST_SQUARE - 1));
  return withSpikes(size, size, 0);
}

function rowsOfFew(random: Random): BatchRequest {
  return { rows: FEW_ROWS, cols: 2 + random.below(2), diagonal: { family: random.pick(fewOf), from: 0 } };
}

function rareShape(random: Random, rows: number | undefined): BatchRequest | undefined {
  const part = random.below(PARTS);
  if (part < lengths.length) return longRows(random, lengths[part](random), rows);
  return rows === undefined ? heights[part - lengths.length]?.(random) : undefined;
}

/** One row of such a length, or two, half of the time with the max at its end: beyond what an index or a grid may hold. */
function longRows(random: Random, cols: number, fixed: number | undefined): BatchRequest | undefined {
  const rows = fixed ?? (random.chance(0.25) ? 2 : 1);
  if (rows * cols > MOST_LONG_CELLS) return undefined;
  return random.chance(0.5) ? { rows, cols } : withSpikes(rows, cols, cols - rows);
}

/** Rows of a fixed length whose max is at the end, half of the time, or from any index on. */
function spiked(random: Random, cols: number, fixed: number | undefined): BatchRequest {
  const rows = fixed ?? 1 + random.below(2);
  return withSpikes(rows, cols, random.chance(0.5) ? cols - rows : random.below(cols));
}

function withSpikes(rows: number, cols: number, from: number): BatchRequest {
  return { rows, cols, diagonal: { family: 'spikes', from: Math.max(0, from) } };
}

/** One of the sizes, or its neighbor on either side. */
function beside(random: Random, sizes: readonly number[]): number {
  return random.pick(sizes) + random.below(3) - 1;
}

/** From `low` to below `high`, all orders of magnitude alike. */
function between(random: Random, low: number, high: number): number {
  return Math.floor(low * (high / low) ** random.unit());
}

function times<T>(count: number, item: T): readonly T[] {
  return new Array<T>(count).fill(item);
}
