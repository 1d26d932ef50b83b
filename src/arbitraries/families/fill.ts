import type { Random } from '../../core/random.ts';
import type { Format } from '../../formats/format.ts';

/**
 * What a family does: overwrite every logit of a row of at least one. No NaN, no +Infinity, but for the family of
 * non-finite.ts; -Infinity is a masked class. What is written need not be on the grid, whose thresholds and neighbors it is about. Where one logit is singular it is at `index` modulo the length, if given.
 */
export type Fill = (random: Random, row: Float32Array, grid: Format, index?: number) => void;
