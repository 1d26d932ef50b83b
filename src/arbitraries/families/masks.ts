/**
 * Masked classes: -Infinity singly and in blocks, over rows of other families.
 *
 * For: -Infinity minus -Infinity (mlx#1467), online softmax whose first block is masked (flashinfer#1178; flash-attention#1930
 * depends on where the finite logit is), masks replaced by a finite number (lattice#373: -1e4, wrong once the scores are
 * lower), clamps that leave a masked class a probability (funes#160), and fully masked rows, on whose meaning projects differ.
 */
import type { Random } from '../../core/random.ts';
import type { Fill } from './fill.ts';

const MASKED = Number.NEGATIVE_INFINITY;
const tiles = [4, 8, 16, 32, 64, 128, 256];
const patterns = [prefix, suffix, block, oneTile, allButOneTile, someTiles, single, allButOne, scattered];

/** A row of one of `bases` with some classes masked and at least one left; rarely, and never otherwise, with all masked. */
export function masks(bases: readonly Fill[]): Fill {
  return (random, row, grid) => {
    random.pick(bases)(random, row, grid);
    if (random.chance(1 / 32)) row.fill(MASKED);
    else if (row.length > 1) random.pick(patterns)(random, row);
  };
}

function prefix(random: Random, row: Float32Array): void {
  row.fill(MASKED, 0, 1 + random.below(row.length - 1));
}

function suffix(random: Random, row: Float32Array): void {
  row.fill(MASKED, 1 + random.below(row.length - 1));
}

/** Of any length, anywhere. */
function block(random: Random, row: Float32Array): void {
  const length = 1 + random.below(row.length - 1);
  const start = random.below(row.length - length + 1);
  row.fill(MASKED, start, start + length);
}

function oneTile(random: Random, row: Float32Array): void {
  const [start, end] = tile(random, row.length);
  row.fill(MASKED, start, end);
}

function allButOneTile(random: Random, row: Float32Array): void {
  const [start, end] = tile(random, row.length);
  row.fill(MASKED, 0, start).fill(MASKED, end);
}

/** Of aligned tiles of one width, about half; one at least is masked and one is not. */
function someTiles(random: Random, row: Float32Array): void {
  const width = tileWidth(random, row.length);
  const count = Math.ceil(row.length / width);
  const kept = random.below(count);
  const masked = (kept + 1 + random.below(count - 1)) % count;
  for (let t = 0; t < count; t++) {
    if (t === masked || (t !== kept && random.chance(0.5))) row.fill(MASKED, t * width, (t + 1) * width);
  }
}

function single(random: Random, row: Float32Array): void {
  row[random.below(row.length)] = MASKED;
}

function allButOne(random: Random, row: Float32Array): void {
  const kept = random.below(row.length);
  row.fill(MASKED, 0, kept).fill(MASKED, kept + 1);
}

function scattered(random: Random, row: Float32Array): void {
  const kept = random.below(row.length);
  const masked = (kept + 1 + random.below(row.length - 1)) % row.length;
  for (let i = 0; i < row.length; i++) {
    if (i === masked || (i !== kept && random.chance(0.5))) row[i] = MASKED;
  }
}

/** The bounds of one aligned tile. */
function tile(random: Random, length: number): [start: number, end: number] {
  const width = tileWidth(random, length);
  const start = width * random.below(Math.ceil(length / width));
  return [start, start + width];
}

/** The width of a tile, at least two of which make up the row. */
function tileWidth(random: Random, length: number): number {
  let width = random.pick(tiles);
  while (width >= length) width /= 2;
  return width;
}
