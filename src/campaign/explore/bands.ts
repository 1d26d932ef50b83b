/**
 * Where errors are: by bands of the gap, of the row's length, and of both. What reports plot. Plain data, which adds up in any order as
 * tallies do. Of the same cases as accuracies, and of wrong answers too.
 *
 * The gap of a number is that of its logit, row max - logit; of an answer that is of a whole row or batch the largest finite one there.
 */
import { definitions, type Operation, rowAt } from '../../core/operation.ts';
import type { Oracle } from '../../oracle/exact.ts';

/** The errors of some numbers. */
export interface Band {
  /** How many were measured. */
  readonly numbers: number;
  /** Answers that were wrong, by where they are most: of all cases, not only of those that are measured. */
  readonly wrong: number;
  /** The largest error in ULP, and what the number that has it is allowed, Infinity where that is not known; -1 where none has any. */
  readonly worstUlp: number;
  readonly allowedUlp: number;
  /** The largest error over its budget; -1 where nothing was measured. */
  readonly worstUse: number;
}

/** Bands by their numbers. */
export type Bands = ReadonlyMap<number, Band>;

/** The errors of one operation. */
export interface Places {
  /** By {@link gapBand}. */
  readonly gaps: Bands;
  /** By {@link lengthBand}. */
  readonly lengths: Bands;
}

/** No errors. */
export const noPlaces: Places = { gaps: new Map(), lengths: new Map() };

/** The width of a band of gaps. */
export const GAP_WIDTH = 2;
/** Where the last band of gaps ends. */
export const LAST_GAP = 112;

/** The band of a gap: 0 of no gap, k of those up to {@link GAP_WIDTH} k; one more than the last of what is beyond {@link LAST_GAP}. */
export function gapBand(gap: number): number {
  return gap > LAST_GAP ? LAST_GAP / GAP_WIDTH + 1 : Math.ceil(gap / GAP_WIDTH);
}

/** The band of a row's length: floor(log2 cols). */
export function lengthBand(cols: number): number {
  return 31 - Math.clz32(cols);
}

/** The exponents of gaps that are told apart; smaller ones, and larger ones, are one each. */
export const LEAST_EXPONENT = -20;
export const MOST_EXPONENT = 7;

/** How many bands of exponents there are: that of no gap is 0, then come the exponents. */
const EXPONENTS = MOST_EXPONENT - LEAST_EXPONENT + 2;

/** The cell of a band of exponents, as {@link exponentBand} has them, and of lengths. */
function cellOf(exponent: number, length: number): number {
  return length * EXPONENTS + exponent;
}

/** What {@link cellOf} was given. */
export function partsOfCell(cell: number): { readonly exponent: number; readonly length: number } {
  return { exponent: cell % EXPONENTS, length: Math.floor(cell / EXPONENTS) };
}

/** 0 of no gap, 1 of the least exponent or below it, and so on. */
function exponentBand(gap: number): number {
  if (gap === 0) return 0;
  const exponent = Math.floor(Math.log2(gap));
  return Math.min(Math.max(exponent, LEAST_EXPONENT), MOST_EXPONENT) - LEAST_EXPONENT + 1;
}

interface Growing {
  numbers: number;
  wrong: number;
  worstUlp: number;
  allowedUlp: number;
  worstUse: number;
}

/** The errors of one answer, number by number. */
export interface PlaceCounter {
  /** Counts number `k` with its error in ULP, NaN where it has none, and over its budget. */
  readonly count: (k: number, errorUlp: number, budgetUse: number) => void;
  /** Counts number `k` as wrong. */
  readonly countWrong: (k: number) => void;
  readonly places: () => Places;
  /** The same by the exponents of gap and length: {@link partsOfCell}. */
  readonly coverage: () => Bands;
}

/** A counter for an answer to the oracle's batch. */
export function createPlaceCounter(operation: Operation, oracle: Oracle): PlaceCounter {
  const { cols } = oracle.batch;
  const gapAt = createGaps(operation, oracle);
  const gaps: Growing[] = [];
  const exponents: Growing[] = [];
  return {
    count(k, errorUlp, budgetUse) {
      const gap = gapAt(k);
      if (!(gap >= 0)) return;
      measure(bandIn(gaps, gapBand(gap)), errorUlp, budgetUse);
      measure(bandIn(exponents, exponentBand(gap)), errorUlp, budgetUse);
    },
    countWrong(k) {
      const gap = gapAt(k);
      if (!(gap >= 0)) return;
      bandIn(gaps, gapBand(gap)).wrong += 1;
      bandIn(exponents, exponentBand(gap)).wrong += 1;
    },
    places() {
      // forEach leaves out what is not there.
      const byGap = new Map<number, Band>();
      gaps.forEach((band, k) => {
        byGap.set(k, band);
      });
      const all = byGap.size === 0 ? [] : [[lengthBand(cols), [...byGap.values()].reduce(addBand)] as const];
      return { gaps: byGap, lengths: new Map(all) };
    },
    coverage() {
      const cells = new Map<number, Band>();
      exponents.forEach((band, k) => {
        cells.set(cellOf(k, lengthBand(cols)), band);
      });
      return cells;
    },
  };
}

function bandIn(bands: Growing[], k: number): Growing {
  const known = bands[k];
  if (known !== undefined) return known;
  const band = { numbers: 0, wrong: 0, worstUlp: -1, allowedUlp: Number.POSITIVE_INFINITY, worstUse: -1 };
  bands[k] = band;
  return band;
}

function measure(band: Growing, errorUlp: number, budgetUse: number): void {
  band.numbers += 1;
  if (budgetUse > band.worstUse) band.worstUse = budgetUse;
  if (!(errorUlp >= band.worstUlp)) return;
  const allowedUlp = budgetUse > 0 ? errorUlp / budgetUse : Number.POSITIVE_INFINITY;
  if (errorUlp > band.worstUlp) [band.worstUlp, band.allowedUlp] = [errorUlp, allowedUlp];
  else if (allowedUlp < band.allowedUlp) band.allowedUlp = allowedUlp;
}

/** The gap of each number of the answer; NaN in rows that have none. */
export function createGaps(
  operation: Operation,
  { batch, approximate: rows }: Oracle,
): (k: number) => number {
  if (definitions[operation].answers === 'logit') {
    const { cols } = batch;
    return (k) => {
      const row = Math.floor(k / cols);
      return rows[row].gaps[k - row * cols] ?? Number.NaN;
    };
  }
  const spans = rows.map(({ gaps }) => (gaps.length === 0 ? Number.NaN : spanOf(gaps)));
  const widest = Math.max(-1, ...spans.filter((span) => !Number.isNaN(span)));
  return (k) => {
    const row = rowAt(operation, k, batch);
    return row === null ? widest : spans[row];
  };
}

function spanOf(gaps: Float64Array): number {
  let most = 0;
  for (let i = 0; i < gaps.length; i++)
    if (gaps[i] > most && gaps[i] < Number.POSITIVE_INFINITY) most = gaps[i];
  return most;
}

/** The errors of both. */
export function addPlaces(a: Places, b: Places): Places {
  return { gaps: addBands(a.gaps, b.gaps), lengths: addBands(a.lengths, b.lengths) };
}

/** The bands of both. */
export function addBands(a: Bands, b: Bands): Bands {
  if (b.size === 0) return a; // Of most cases nothing is measured.
  const sum = new Map(a);
  for (const [k, band] of b) {
    const known = sum.get(k);
    sum.set(k, known === undefined ? band : addBand(known, band));
  }
  return sum;
}

function addBand(a: Band, b: Band): Band {
  const worst = a.worstUlp === b.worstUlp ? Math.min(a.allowedUlp, b.allowedUlp) : null;
  return {
    numbers: a.numbers + b.numbers,
    wrong: a.wrong + b.wrong,
    worstUlp: Math.max(a.worstUlp, b.worstUlp),
    allowedUlp: worst ?? (a.worstUlp > b.worstUlp ? a : b).allowedUlp,
    worstUse: Math.max(a.worstUse, b.worstUse),
  };
}
