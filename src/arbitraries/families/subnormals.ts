/**
 * Subnormal logits and signed zeros.
 *
 * For: inputs below 2^-126 read as zero (tensorflow#62399; the logsumexp of one logit shows it, as it must be that logit),
 * a max that starts at FLT_MIN (tinyengine#107), and code that tells -0 from 0.
 */
import { MIN_NORMAL, MIN_SUBNORMAL } from '../../float32/constants.ts';
import { bell, eitherSign } from '../draw.ts';
import type { Random } from '../random.ts';

const landmarks = [0, MIN_SUBNORMAL, MIN_NORMAL / 2, MIN_NORMAL - MIN_SUBNORMAL, MIN_NORMAL];

/** Values of magnitude at most 2^-126, of either sign, alone or among ordinary logits; at least one. */
export function subnormals(random: Random, row: Float32Array): void {
  const share = random.chance(0.5) ? 1 : 0.5;
  for (let i = 0; i < row.length; i++) row[i] = random.chance(share) ? tiny(random) : bell(random);
  row[random.below(row.length)] = tiny(random);
}

function tiny(random: Random): number {
  const size = random.chance(0.5) ? random.pick(landmarks) : random.below(2 ** 23) * MIN_SUBNORMAL;
  return eitherSign(random, size);
}
