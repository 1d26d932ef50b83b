/** What right kernels do differently where options leave nothing, or leave something out: a known mistake is looked for in a kernel of each convention. */
import { cellOf } from '../kernels/scores.ts';
import { type Reduced, type Row, right, type Steps } from './steps.ts';

/** Changes of steps, with a convention. */
type With = (changes: Partial<Steps>) => Partial<Steps>;

/** What right kernels may do. */
export interface Convention {
  readonly with: With;
  /** Whether what is hidden is written as 0, whatever came of it. */
  readonly writesZeros: boolean;
}

/** Whether the mask hides score `i` of a row, of which the sink may be the last. */
export function isHidden(i: number, { r, batch }: Row): boolean {
  const { mask, sink } = batch.options ?? {};
  const cols = sink === undefined ? batch.cols : batch.cols - 1;
  return mask !== undefined && i < cols && mask[cellOf(mask, r * cols + i, cols)] === 0;
}

/** Probabilities that are 0 where this is so, whatever is divided by what. */
const zeroWhere =
  (isZero: (i: number, row: Reduced) => boolean): With =>
  (changes) => {
    const { probability, saved, logProbability } = { ...right, ...changes };
    return {
      ...changes,
      probability: (i, row) => (isZero(i, row) ? 0 : probability(i, row)),
      saved: (i, row) => (isZero(i, row) ? 0 : saved(i, row)),
      logProbability: (i, row) =>
        isHidden(i, row) && isZero(i, row) ? Number.NEGATIVE_INFINITY : logProbability(i, row),
    };
  };

/** Rows of which everything is hidden or masked are answered by zeros, as many kernels with masks have it. */
const emptyRowsAsZeros = zeroWhere((_, { max }) => max === Number.NEGATIVE_INFINITY);

/** What is hidden is written, and not divided: `shown ? w / S : 0`. */
const hiddenAsZeros = zeroWhere(isHidden);

/** A sum of 0 is divided by as 1 is: `w / (S || 1)`. */
const nothingAsZeros = zeroWhere((_, { max, sum }) => max === Number.NEGATIVE_INFINITY || sum === 0);

const asItIs: With = (changes) => changes;

/** Each convention of kernels with masks. */
export const conventions: readonly Convention[] = [asItIs, emptyRowsAsZeros, nothingAsZeros].flatMap(
  (convention): Convention[] => [
    { with: convention, writesZeros: false },
    { with: (changes) => convention(hiddenAsZeros(changes)), writesZeros: true },
  ],
);
