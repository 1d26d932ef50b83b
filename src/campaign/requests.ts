/**
 * The shapes that chance would hardly draw, and that real kernels failed at (pytorch#147284: odd lengths from 513 to 1023
 * and two rows; mlx#1467: 128; ONNX Runtime and cuDNN: rows and lengths beyond what a block or a launch holds).
 *
 * - Every eighth case has the next shape of a walk through all lengths from 1 to {@link LONGEST}, with one row and
 *   with two: after 17,600 cases each has been met. The walk jumps, so that a short campaign sees all magnitudes.
 * - Every 128th case is square, and the max of row i is at index i, over 89 above the rest: after 8064 cases it has been at
 *   every index of every width up to 64.
 * - Rarely a row is as long as a threshold, or has one logit more or less, half of the time with the max at its end; or there
 *   are more rows than blocks have threads.
 */
import type { BatchRequest } from '../arbitraries/generate.ts';
import type { Random } from '../arbitraries/random.ts';
import type { Shape, ShapeOptions } from '../arbitraries/shape.ts';

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

const long = [2048, 4096, 8192] as const;
const longest = [65_536, 100_000] as const;
const tall = [32, 64, 128, 256, 512, 1024] as const;

/** Of 2048 cases so many are long, longest and tall: together some 130 logits a case. */
const PARTS = 2048;
const LONG = 16;
const TALLER = 16;

/** What generated case `number` of a campaign is to be, or undefined where the generator is to draw its shape too. */
export type RequestAt = (number: number, random: Random) => BatchRequest | undefined;

/** Requests by case number. `options` are those that the user stated: shapes that they restrict are all drawn. */
export function requests(seed: number, options: ShapeOptions): RequestAt {
  const { rows, cols, maxRows, maxCols, maxCells } = options;
  if ([cols, maxRows, maxCols, maxCells].some((each) => each !== undefined)) return () => undefined;
  const walk = walkFrom(seed);
  return (number, random) => {
    if (number % PERIOD === 0) {
      const shape = { ...walk(number / PERIOD), ...(rows !== undefined && { rows }) };
      return shape.rows * shape.cols <= MOST_CELLS ? shape : undefined;
    }
    if (rows !== undefined) return undefined;
    return number % SQUARE_PERIOD === 1 ? square(Math.floor(number / SQUARE_PERIOD)) : rareShape(random);
  };
}

/** All lengths with one row and with two, from a place that depends on the seed. */
function walkFrom(seed: number): (step: number) => Shape {
  const start = (seed >>> 0) % STEPS;
  return (step) => {
    const place = (start + (step % STEPS) * STRIDE) % STEPS;
    return { rows: 1 + (place % 2), cols: 1 + Math.floor(place / 2) };
  };
}

function square(step: number): BatchRequest {
  const size = 2 + (step % (WIDEST_SQUARE - 1));
  return { rows: size, cols: size, diagonal: { family: 'spikes', from: 0 } };
}

function rareShape(random: Random): BatchRequest | undefined {
  const part = random.below(PARTS);
  if (part === 0) return longRows(random, longest);
  if (part <= LONG) return longRows(random, long);
  if (part > LONG + TALLER) return undefined;
  return {
    rows: random.chance(0.5) ? beside(random, tall) : 257 + random.below(769),
    cols: 1 + random.below(8),
  };
}

/** One row or two of about such a length, half of the time with the max at its end: beyond what an index or a grid may hold. */
function longRows(random: Random, lengths: readonly number[]): BatchRequest {
  const shape = { rows: 1 + random.below(2), cols: beside(random, lengths) };
  if (random.chance(0.5)) return shape;
  return { ...shape, diagonal: { family: 'spikes', from: shape.cols - shape.rows } };
}

/** One of the sizes, or its neighbour on either side. */
function beside(random: Random, sizes: readonly number[]): number {
  return random.pick(sizes) + random.below(3) - 1;
}
