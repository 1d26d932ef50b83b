/**
 * Exact ties, which random floats never have.
 *
 * For: log1p over the logits that differ from the max (scipy#22607: every copy of the max is left out), an argmax or a
 * gradient that picks one of several, and lanes that are merged by comparing their maxima.
 */
import { toGrid } from '../../core/grid.ts';
import type { Random } from '../../core/random.ts';
import type { Format } from '../../formats/format.ts';
import { level, magnitude } from '../draw.ts';

const shares = [0.1, 0.5, 0.9];

/** All equal, two values, three values, or two places that tie above the rest, at any two indices. */
export function ties(random: Random, row: Float32Array, grid: Format): void {
  const top = toGrid(level(random, grid), grid);
  const middle = lower(random, top, grid);
  switch (random.below(6)) {
    case 0:
      row.fill(top);
      break;
    case 1:
      mix(random, row, top, middle, middle);
      break;
    case 2:
      mix(random, row, top, middle, lower(random, middle, grid));
      break;
    default:
      for (let i = 0; i < row.length; i++) row[i] = lower(random, top, grid);
      tieTwo(random, row, top);
  }
}

/** Each logit is `top` with one probability for the row, else one of the other two. */
function mix(random: Random, row: Float32Array, top: number, middle: number, bottom: number): void {
  const share = random.pick(shares);
  for (let i = 0; i < row.length; i++) {
    if (random.chance(share)) row[i] = top;
    else row[i] = random.chance(0.5) ? middle : bottom;
  }
}

/** `top` at two different places, each pair equally likely; at one when the row has one. */
function tieTwo(random: Random, row: Float32Array, top: number): void {
  const first = random.below(row.length);
  row[first] = top;
  if (row.length > 1) row[(first + 1 + random.below(row.length - 1)) % row.length] = top;
}

/** A value below `top` by 1/8 to 256, and by one place at least where that is lost to rounding. */
function lower(random: Random, top: number, grid: Format): number {
  const next = grid.fromOrdinal(grid.toOrdinal(top) - 1);
  return grid.round(Math.min(top - magnitude(random, -3, 7), next));
}
