/**
 * One big term and many that each vanish beside it, though not together.
 *
 * e^-16.64 = 2^-24 is half a unit in the last place of 1, and e^-17.33 = 2^-25 rounds away: a sequential FP32 sum that starts
 * with the 1 stays there, n * 2^-25 too low.
 *
 * For: the precision of the accumulation (scipy#18295, pytorch#113708; a sum in FP16 stalls sooner, onnxruntime#24577).
 */
import type { Random } from '../random.ts';

/** A max, often the first logit, and all others 16.6 to 17.5 below it, equal or not. */
export function dominated(random: Random, row: Float32Array): void {
  const top = random.chance(0.5) ? 0 : random.below(41) - 20;
  const gap = 16.6 + 0.9 * random.unit();
  const equal = random.chance(0.5);
  for (let i = 0; i < row.length; i++) row[i] = top - (equal ? gap : 16.6 + 0.9 * random.unit());
  row[random.chance(0.5) ? 0 : random.below(row.length)] = top;
}
