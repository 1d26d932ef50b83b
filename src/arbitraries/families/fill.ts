import type { Random } from '../random.ts';

/**
 * What a family does: overwrite every logit of a row of at least one. No NaN, no +Infinity, but for the family of
 * non-finite.ts; -Infinity is a masked class. Where one logit is singular it is at `index` modulo the length, if given.
 */
export type Fill = (random: Random, row: Float32Array, index?: number) => void;
