/**
 * NaN and +Infinity, alone and beside masked classes, over rows of other families.
 *
 * For: a max that drops NaN and an exp that never sees it again (torch-xpu-ops#5022; lattice#790 answers 0 for a row
 * whose max is still the lowest float), inf - inf in a logsumexp (mlx#576), and one bad row that spoils its neighbors.
 *
 * NaN has one word here, 7fc00000, as in every file: a fault that only another payload shows could not be replayed.
 */
import type { Random } from '../../core/random.ts';
import type { Fill } from './fill.ts';

const { NaN: NAN, POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number;

/** What there is at least one of, and what may stand beside it. */
const specials = [NAN, NAN, POSITIVE_INFINITY];
const companions = [NAN, POSITIVE_INFINITY, NEGATIVE_INFINITY];

/** A row of one of `bases` with NaN or +Infinity in at least one place, or of nothing but special values. */
export function nonFinite(bases: readonly Fill[]): Fill {
  return (random, row, grid) => {
    const special = random.pick(specials);
    switch (random.below(4)) {
      case 0:
        random.pick(bases)(random, row, grid);
        break;
      case 1:
        row.fill(random.pick(companions));
        break;
      case 2:
        random.pick(bases)(random, row, grid);
        sprinkle(random, row, [special]);
        break;
      default:
        random.pick(bases)(random, row, grid);
        sprinkle(random, row, companions);
    }
    row[place(random, row.length)] = special;
  };
}

/** Any index, the ends more often: loops that start or end a step too late miss those. */
function place(random: Random, length: number): number {
  switch (random.below(4)) {
    case 0:
      return 0;
    case 1:
      return length - 1;
    default:
      return random.below(length);
  }
}

function sprinkle(random: Random, row: Float32Array, values: readonly number[]): void {
  const share = random.chance(0.5) ? 0.5 : 0.05;
  for (let i = 0; i < row.length; i++) if (random.chance(share)) row[i] = random.pick(values);
}
