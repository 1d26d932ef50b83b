/**
 * Quantised logits: multiples of one step, as INT8 and FP8 networks give them.
 *
 * For: code that keys on equality, and ties at the max, at the target and anywhere else, all in one row.
 */
import type { Random } from '../../core/random.ts';
import { magnitude } from '../draw.ts';

/** At most 8 different values, consecutive multiples of one step between 1/16 and 64, from -8 to 14 steps. */
export function fewValued(random: Random, row: Float32Array): void {
  const step = random.chance(0.5) ? magnitude(random, -4, 5) : 2 ** (random.below(10) - 4);
  const lowest = random.below(16) - 8;
  const values = 4 + random.below(5);
  for (let i = 0; i < row.length; i++) row[i] = step * (lowest + random.below(values));
}
