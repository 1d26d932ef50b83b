/**
 * Random bit patterns.
 *
 * For: what no other family foresees. All patterns alike give one huge logit that hides the rest, hence the second kind.
 */
import type { Random } from '../../core/random.ts';
import { fromBits } from '../../float32/bits.ts';
import type { Format } from '../../formats/format.ts';
import { eitherSign, magnitude } from '../draw.ts';

/** Every finite pattern alike, or magnitudes from 2^-10 to 256, where logits of one row still see each other. */
export function bits(random: Random, row: Float32Array, grid: Format): void {
  const draw = random.chance(0.5) ? anyFinite : comparable;
  for (let i = 0; i < row.length; i++) row[i] = draw(random, grid);
}

/** Of a grid of few exponents, each of them alike. */
function anyFinite(random: Random, { maxExponent, minNormal }: Format): number {
  if (maxExponent < 127) return eitherSign(random, magnitude(random, Math.log2(minNormal) - 10, maxExponent));
  let word = random.word();
  while ((word & 0x7f800000) === 0x7f800000) word = random.word();
  return fromBits(word);
}

function comparable(random: Random): number {
  return eitherSign(random, magnitude(random, -10, 7));
}
