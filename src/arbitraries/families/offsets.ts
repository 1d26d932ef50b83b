/**
 * A whole row moved by one offset, of any magnitude. The exact softmax hardly changes, a kernel's may.
 *
 * For: a max that starts at 0 or at a finite sentinel (NNlib#43, flashinfer#4267: -5e4), masks of -1e4 (lattice#373),
 * x - (m + log s), which loses every digit (pytorch#11752), and a shift folded into a fused multiply-add (pytorch#100775:
 * from 2^31 on).
 */
import { toGrid } from '../../core/grid.ts';
import type { Random } from '../../core/random.ts';
import type { Format } from '../../formats/format.ts';
import { fp32 } from '../../formats/index.ts';
import { bell, eitherSign, magnitude } from '../draw.ts';

/** Below each sentinel seen in a real kernel, below the underflow of exp, and where the spacing of FP32 passes 1. */
const landmarks = [-100, -104.5, -168.5, -1e4, -5.1e4, -(2 ** 24), 2 ** 24, -1e8, 1e8, -3e38, 3e38];

/** Logits within ±112, or 0 to 7 units in the last place, of one offset. */
export function offsets(random: Random, row: Float32Array, grid: Format): void {
  const drawn = random.chance(0.5)
    ? random.pick(landmarks)
    : eitherSign(random, magnitude(random, 3, 126, grid));
  const offset = grid === fp32 ? drawn : toGrid(drawn, grid);
  if (random.chance(0.5)) {
    const deviation = magnitude(random, -3, 4);
    for (let i = 0; i < row.length; i++) row[i] = offset + deviation * bell(random);
  } else {
    const spacing = grid.ulp(offset);
    for (let i = 0; i < row.length; i++) row[i] = offset + spacing * random.below(8);
  }
}
