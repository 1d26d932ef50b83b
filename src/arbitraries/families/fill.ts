import type { Random } from '../random.ts';

/** What a family does: overwrite every logit of a row of at least one. No NaN, no +Infinity; -Infinity is a masked class. */
export type Fill = (random: Random, row: Float32Array) => void;
