/** The bands of a campaign's errors with their ends, in order, as reports tell them. */
import {
  type Band,
  type Bands,
  GAP_WIDTH,
  LAST_GAP,
  LEAST_EXPONENT,
  MOST_EXPONENT,
  partsOfCell,
} from '../campaign/explore/bands.ts';
import type { Histogram } from '../core/histogram.ts';

/** A band with its ends. */
export interface Ranged extends Band {
  readonly from: number;
  readonly to: number;
}

/** The bands of gaps: no gap, and then those above `from` and up to `to`, of which the last is Infinity. */
export function gapBands(bands: Bands): Ranged[] {
  return inOrder(bands).map(([k, band]) => {
    const to = k * GAP_WIDTH;
    return { ...band, from: Math.max(to - GAP_WIDTH, 0), to: to > LAST_GAP ? Number.POSITIVE_INFINITY : to };
  });
}

/** The bands of rows of `from` to `to` logits, both included. */
export function lengthBands(bands: Bands): Ranged[] {
  return inOrder(bands).map(([k, band]) => ({ ...band, ...lengthsOf(k) }));
}

/** The lengths of a band. */
export function lengthsOf(k: number): { readonly from: number; readonly to: number } {
  return { from: 2 ** k, to: 2 ** (k + 1) - 1 };
}

/** What was met of one exponent of gaps, in rows of one exponent of lengths. */
export interface Cell extends Band {
  /** From `from` on and below `to`; both are 0 of no gap. */
  readonly gap: { readonly from: number; readonly to: number };
  readonly length: { readonly from: number; readonly to: number };
  readonly exponent: number;
  readonly octave: number;
}

/** The cells with their ends. */
export function cellBands(bands: Bands): Cell[] {
  return inOrder(bands).map(([k, band]) => {
    const { exponent, length } = partsOfCell(k);
    return { ...band, exponent, octave: length, gap: gapsOfExponent(exponent), length: lengthsOf(length) };
  });
}

/** The gaps of a band of exponents. */
export function gapsOfExponent(exponent: number): { readonly from: number; readonly to: number } {
  if (exponent === 0) return { from: 0, to: 0 };
  const e = exponent - 1 + LEAST_EXPONENT;
  return {
    from: e === LEAST_EXPONENT ? 0 : 2 ** e,
    to: e === MOST_EXPONENT ? Number.POSITIVE_INFINITY : 2 ** (e + 1),
  };
}

/** How many errors there are from a power of two to the next. */
export interface Octave {
  /** 0 of the first, in which all smaller ones are. */
  readonly from: number;
  readonly to: number;
  readonly numbers: number;
}

/** The exponent below which errors are not told apart. */
const LEAST_ERROR = -3;

/** A histogram of errors in ULP by octaves, without gaps, from the least that there are to the largest. */
export function octavesOf(ulps: Histogram): Octave[] {
  const counts = new Map<number, number>();
  for (const [bin, numbers] of ulps) {
    const octave = Math.max(Math.floor(bin / 4), LEAST_ERROR - 1);
    counts.set(octave, (counts.get(octave) ?? 0) + numbers);
  }
  if (counts.size === 0) return [];
  const [least, most] = [Math.min(...counts.keys()), Math.max(...counts.keys())];
  return Array.from({ length: most - least + 1 }, (_, k) => {
    const octave = least + k;
    const from = octave < LEAST_ERROR ? 0 : 2 ** octave;
    return { from, to: 2 ** (octave + 1), numbers: counts.get(octave) ?? 0 };
  });
}

function inOrder(bands: Bands): [number, Band][] {
  return [...bands].sort(([a], [b]) => a - b);
}
