/** The axis of gaps, with the thresholds of exp. */
import { scaleLinear } from 'd3-scale';
import { LAST_GAP } from '../../campaign/explore/bands.ts';
import { formatFloat } from '../../float32/format.ts';
import type { Format } from '../../formats/format.ts';
import type { Ranged } from '../bands.ts';
import { formatSize } from '../numbers.ts';
import { frame, type Plot, type Tick } from './plot.ts';

/** Where what is beyond the last band is drawn. */
const BEYOND = LAST_GAP + 6;

/** The axis. */
export interface GapAxis {
  readonly plot: Pick<Plot, 'x' | 'xTicks' | 'xLabel' | 'rules'>;
  /** The place of a band. */
  readonly middle: (band: Ranged) => number;
  /** What a gap is and what is ruled, in words. */
  readonly words: string;
}

/** The axis for kernels that compute in `format`. */
export function gapAxis(format: Format): GapAxis {
  const x = scaleLinear([0, BEYOND + 2], [frame.left, frame.width - frame.right]);
  const ticks = [0, 25, 50, 75, 100].map((at) => ({ at, words: String(at) }));
  const rules = thresholdsOf(format);
  const [lost, subnormal, zero] = rules.map(({ at }) => formatSize(at));
  return {
    plot: { x, xTicks: [...ticks, { at: BEYOND, words: '…' }], xLabel: 'gap', rules },
    middle: ({ from, to }) => x(Number.isFinite(to) ? (from + to) / 2 : BEYOND),
    words: `The gap is how far a logit lies below the maximum of its row. Ruled: where a weight is lost beside 1 (${lost}), where exp is subnormal (${subnormal}) and where it is 0 (${zero}).`,
  };
}

/** A band of gaps in words. */
export function gapWords({ from, to }: Ranged): string {
  if (to === 0) return '0';
  return Number.isFinite(to) ? `${formatFloat(from)} to ${formatFloat(to)}` : `above ${formatFloat(from)}`;
}

/** Where e^-gap is lost beside 1, where it is subnormal, and where it rounds to 0. */
function thresholdsOf({ precision, minNormal, minSubnormal }: Format): Tick[] {
  return [
    { at: precision * Math.LN2, words: 'lost' },
    { at: -Math.log(minNormal), words: 'subnormal' },
    { at: -Math.log(minSubnormal / 2), words: '0' },
  ];
}
