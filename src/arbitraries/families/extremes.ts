/**
 * The ends of FP32.
 *
 * For: a finite sentinel as the start of the max or as "masked" (onnxruntime#26670: the lowest float, and only it and its
 * neighbor, show it), shifts that overflow (ngraph-bridge#76: -2m), and differences x - max beyond the largest float.
 */
import { MAX_FINITE } from '../../float32/constants.ts';
import { nextDown } from '../../float32/ordinal.ts';
import { bell } from '../draw.ts';
import type { Random } from '../random.ts';

/** The largest float, the one before, and the smallest whose double is infinite. */
const ends = [MAX_FINITE, nextDown(MAX_FINITE), 2 ** 127];
const shares = [1, 0.5, 0.1];

/** Values of ±2^127 or about ±FLT_MAX: one in all places, several of one sign or both, or a few among ordinary logits. */
export function extremes(random: Random, row: Float32Array): void {
  const share = random.pick(shares);
  const negative = random.below(3) / 2;
  const end = () => (random.chance(negative) ? -random.pick(ends) : random.pick(ends));
  if (random.chance(0.25)) {
    row.fill(end());
    return;
  }
  for (let i = 0; i < row.length; i++) row[i] = random.chance(share) ? end() : 10 * bell(random);
  row[random.below(row.length)] = end();
}
