/** The axis of errors in ULP: logarithmic, since they range from nothing to what is no answer at all. */
import { scaleLog } from 'd3-scale';
import { frame, type Scale, type Tick } from './plot.ts';

/** Errors below this are drawn at it: as good as none. */
const LEAST = 2 ** -4;

/** The scale from 1/16 ULP to `most`, or to more; `show` gives the place of an error. */
export interface UlpAxis {
  readonly y: Scale;
  readonly yTicks: readonly Tick[];
  readonly show: (ulps: number) => number;
}

/** The axis for errors up to `most`. */
export function ulpAxis(most: number): UlpAxis {
  const top = Math.max(2 ** Math.ceil(Math.log2(Math.max(most, 1)) + 0.25), 4);
  const y = scaleLog([LEAST, top], [frame.height - frame.bottom, frame.top]);
  return { y, yTicks: ticksUpTo(top), show: (ulps) => y(Math.min(Math.max(ulps, LEAST), top)) };
}

/** Powers of four while these are few, and of ten where they are not. */
function ticksUpTo(top: number): Tick[] {
  if (top <= 2 ** 9)
    return Array.from({ length: Math.floor(Math.log2(top) / 2) + 2 }, (_, k) => {
      const at = 4 ** (k - 1);
      return { at, words: at < 1 ? '1/4' : String(at) };
    });
  const decades = Math.floor(Math.log10(top));
  const step = Math.ceil(decades / 5);
  return Array.from({ length: Math.floor(decades / step) + 1 }, (_, k) => {
    const at = 10 ** (k * step);
    return { at, words: at < 1e4 ? String(at) : `1e${k * step}` };
  });
}
