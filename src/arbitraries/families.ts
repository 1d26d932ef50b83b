/** The families of adversarial rows. Each file of `families/` says which real faults its family is for. */
import { UserError } from '../text/errors.ts';
import { balanced } from './families/balanced.ts';
import { bits } from './families/bits.ts';
import { dominated } from './families/dominated.ts';
import { extremes } from './families/extremes.ts';
import { fewValued } from './families/few-valued.ts';
import type { Fill } from './families/fill.ts';
import { masks } from './families/masks.ts';
import { nearTies } from './families/near-ties.ts';
import { nonFinite } from './families/non-finite.ts';
import { offsets } from './families/offsets.ts';
import { ordinary } from './families/ordinary.ts';
import { ramps } from './families/ramps.ts';
import { spikes } from './families/spikes.ts';
import { spliced } from './families/spliced.ts';
import { subnormals } from './families/subnormals.ts';
import { thresholds } from './families/thresholds.ts';
import { ties } from './families/ties.ts';

/** One kind of row. */
export interface Family {
  readonly name: string;
  readonly fill: Fill;
  /** How often the family is drawn: this many times in the sum of the weights. A positive integer. */
  readonly weight: number;
  /** The weight for rows of more than 2048 logits instead, for families that are about the sum. */
  readonly longWeight?: number;
}

const finite: readonly Family[] = [
  { name: 'ordinary', fill: ordinary, weight: 2 },
  { name: 'extremes', fill: extremes, weight: 2 },
  { name: 'ties', fill: ties, weight: 4, longWeight: 16 },
  { name: 'near-ties', fill: nearTies, weight: 2 },
  { name: 'few-valued', fill: fewValued, weight: 2 },
  { name: 'subnormals', fill: subnormals, weight: 2 },
  { name: 'thresholds', fill: thresholds, weight: 6 },
  { name: 'offsets', fill: offsets, weight: 4 },
  { name: 'spikes', fill: spikes, weight: 4 },
  { name: 'ramps', fill: ramps, weight: 2 },
  { name: 'bits', fill: bits, weight: 2 },
  { name: 'dominated', fill: dominated, weight: 2, longWeight: 10 },
  { name: 'balanced', fill: balanced, weight: 1 },
];

/** Low rows come more often under a mask: a finite number in place of -Infinity is found out only by scores as low. */
const maskable: readonly Fill[] = [...finite.map(({ fill }) => fill), extremes, extremes, offsets, offsets];

const masked: Family = { name: 'masks', fill: masks(maskable), weight: 5 };

const single: readonly Family[] = [...finite, masked];

/** The families of finite and masked logits. */
export const numericFamilies: readonly Family[] = [
  ...single,
  { name: 'spliced', fill: spliced(single.map(({ fill }) => fill)), weight: 4 },
];

/**
 * Rows with NaN or +Infinity. As one of them decides the mean loss of its batch, this weight is of batches, not of rows:
 * see batchGenerator.
 */
export const nonFiniteFamily: Family = {
  name: 'non-finite',
  fill: nonFinite(single.map(({ fill }) => fill)),
  weight: 3,
};

/** Every family. Their weights add up to 47. */
export const families: readonly Family[] = [...numericFamilies, nonFiniteFamily];

/**
 * The families of these names, in the order of {@link families}.
 * @throws UserError when a name is unknown or there is none.
 */
export function familiesNamed(names: readonly string[]): readonly Family[] {
  const unknown = names.filter((name) => !families.some((family) => family.name === name));
  const hint = `The families are ${families.map(({ name }) => name).join(', ')}.`;
  if (unknown.length > 0) throw new UserError(`there is no family named '${unknown.join("' or '")}'`, hint);
  if (names.length === 0) throw new UserError('no family was named, so there is nothing to draw from', hint);
  return families.filter(({ name }) => names.includes(name));
}
