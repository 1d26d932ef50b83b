/**
 * The ends of FP32.
 *
 * For: a finite sentinel as the start of the max or as "masked" (onnxruntime#26670: the lowest float, and only it and its
 * neighbour, show it), shifts that overflow (ngraph-bridge#76: -2m), and differences x - max beyond the largest float.
 */
import { MAX_FINITE } from '../../float32/constants.ts';
import { nextDown } from '../../float32/ordinal.ts';
import { bell } from '../draw.ts';
import type { Random } from '../random.ts';

const ends = [MAX_FINITE, nextDown(MAX_FINITE), nextDown(nextDown(MAX_FINITE)), 2 ** 127, MAX_FINITE / 2];
const shares = [1, 0.5, 0.1];

/** Values from ±2^127 to ±FLT_MAX, of one sign or both, alone or among ordinary logits; at least one. */
export function extremes(random: Random, row: Float32Array): void {
  const share = random.pick(shares);
  const negative = random.below(3) / 2;
  const end = () => (random.chance(negative) ? -random.pick(ends) : random.pick(ends));
  for (let i = 0; i < row.length; i++) row[i] = random.chance(share) ? end() : 10 * bell(random);
  row[random.below(row.length)] = end();
}
