/**
 * Ordinary logits, as a network gives them.
 *
 * For: every plain mistake (a wrong index, a lost rescale, a coarse exp), and the rows on which a correct kernel must not
 * be blamed.
 */
import type { Random } from '../../core/random.ts';
import { bell, magnitude } from '../draw.ts';

/** Bell-shaped around 0 with one standard deviation for the row, from 1/8 to 32. */
export function ordinary(random: Random, row: Float32Array): void {
  const deviation = magnitude(random, -3, 4);
  for (let i = 0; i < row.length; i++) row[i] = deviation * bell(random);
}
