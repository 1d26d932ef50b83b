/**
 * Subnormal logits and signed zeros.
 *
 * For: inputs below 2^-126 read as zero (tensorflow#62399; the logsumexp of one logit shows it, as it must be that logit),
 * a max that starts at FLT_MIN (tinyengine#107), and code that tells -0 from 0.
 */
import type { Random } from '../../core/random.ts';
import type { Format } from '../../formats/format.ts';
import { bell, eitherSign } from '../draw.ts';

/** Values of magnitude at most the smallest normal number, of either sign, alone or among ordinary logits; at least one. */
export function subnormals(random: Random, row: Float32Array, grid: Format): void {
  const share = random.chance(0.5) ? 1 : 0.5;
  for (let i = 0; i < row.length; i++) row[i] = random.chance(share) ? tiny(random, grid) : bell(random);
  row[random.below(row.length)] = tiny(random, grid);
}

function tiny(random: Random, { minSubnormal, minNormal }: Format): number {
  const landmarks = [0, minSubnormal, minNormal / 2, minNormal - minSubnormal, minNormal];
  const size = random.chance(0.5)
    ? random.pick(landmarks)
    : random.below(minNormal / minSubnormal) * minSubnormal;
  return eitherSign(random, size);
}
