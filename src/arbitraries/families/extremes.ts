/**
 * The ends of FP32.
 *
 * For: a finite sentinel as the start of the max or as "masked" (onnxruntime#26670: the lowest float, and only it and its
 * neighbor, show it), shifts that overflow (ngraph-bridge#76: -2m), and differences x - max beyond the largest float.
 */
import type { Random } from '../../core/random.ts';
import type { Format } from '../../formats/format.ts';
import { bell } from '../draw.ts';

/** The largest number, the one before, and the smallest whose double is infinite. */
function endsOf({ maxFinite, beyond, ulp }: Format): readonly number[] {
  return [maxFinite, maxFinite - ulp(maxFinite), beyond / 2];
}

const shares = [1, 0.5, 0.1];

/** Values of ±2^127 or about ±FLT_MAX: one in all places, several of one sign or both, or a few among ordinary logits. */
export function extremes(random: Random, row: Float32Array, grid: Format): void {
  const ends = endsOf(grid);
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
