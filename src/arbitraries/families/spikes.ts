/**
 * One logit far above the rest, at any index.
 *
 * For: a max that misses an index (pytorch#3240: the first; unrolled loops, tails, blocks) or is that of another row
 * (crysx_nn#7), the first element or a running max instead of the max (AMDMIGraphX#1290), and exps whose integer argument
 * overflows. As softmax is shift invariant, a wrong max shows only when the gap is over 88.
 */
import type { Random } from '../../core/random.ts';
import type { Format } from '../../formats/format.ts';
import { bell, magnitude } from '../draw.ts';

/** The max exceeds every other logit by over 89: up, with the rest near 0; level, with the rest far below; or both. */
export function spikes(
  random: Random,
  row: Float32Array,
  grid: Format,
  index = random.below(row.length),
): void {
  const gap = random.chance(0.5) ? 89.25 + 20 * random.unit() : magnitude(random, 7, 126, grid);
  const top = (random.below(3) / 2) * gap;
  const spread = random.chance(0.5) ? 0 : magnitude(random, -3, 4);
  for (let i = 0; i < row.length; i++) row[i] = top - gap - spread * Math.abs(bell(random));
  row[index % row.length] = top;
}
