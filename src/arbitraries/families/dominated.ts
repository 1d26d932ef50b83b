/**
 * One big term and many that each vanish beside it, though not together.
 *
 * e^-16.64 = 2^-24 is half a unit in the last place of 1, and e^-17.33 = 2^-25 rounds away: a sequential FP32 sum that starts
 * with the 1 stays there, n * 2^-25 too low.
 *
 * For: the precision of the accumulation (scipy#18295, pytorch#113708; a sum in FP16 stalls sooner, onnxruntime#24577).
 */
import type { Random } from '../../core/random.ts';
import type { Format } from '../../formats/format.ts';
import { fp32 } from '../../formats/index.ts';

/** A max, often the first logit, and all others 16.6 to 17.5 below it, or as far as a term is lost beside 1 on the grid, equal or not. */
export function dominated(random: Random, row: Float32Array, grid: Format): void {
  const top = random.chance(0.5) ? 0 : random.below(41) - 20;
  const least = grid === fp32 || random.chance(0.25) ? 16.6 : grid.precision * Math.LN2;
  const gap = least + 0.9 * random.unit();
  const equal = random.chance(0.5);
  for (let i = 0; i < row.length; i++) row[i] = top - (equal ? gap : least + 0.9 * random.unit());
  row[random.chance(0.5) ? 0 : random.below(row.length)] = top;
}
