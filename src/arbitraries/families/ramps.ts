/**
 * Monotone rows.
 *
 * For: online softmax, which must rescale its sum whenever a later logit or block raises the max (a rescale that is
 * missing, inverted or done once too often; sglang#40903), and max loops that stop early.
 */
import type { Random } from '../../core/random.ts';
import { bell, magnitude } from '../draw.ts';

const widths = [1, 1, 1, 4, 8, 16, 32];

/** Strictly ascending or descending by one step of 2^-10 to 256, or in stairs as wide as a block. */
export function ramps(random: Random, row: Float32Array): void {
  const width = random.pick(widths);
  const step = magnitude(random, -10, 7) * (random.chance(0.5) ? 1 : -1);
  const start = random.chance(0.5) ? 0 : 10 * bell(random);
  for (let i = 0; i < row.length; i++) row[i] = start + step * Math.floor(i / width);
}
