/**
 * The simpler batches to try in place of a failing one, each strictly simpler under compareSimplicity of simplicity.ts.
 *
 * The order of the moves is an order of hope per candidate: a tiny batch made of the extremes, which ends most
 * searches at once; fewer rows; zeros, after which most deletions of columns are one and the same batch; fewer columns;
 * fewer and simpler values; a canonical arrangement. What costs a candidate for each cell comes late, and upstream values
 * last: what they have to be depends on the logits.
 */
import type { Batch } from '../core/batch.ts';
import { sortCells, swapCells, swapRows } from './moves/arrange.ts';
import { canonical, scanPairs, scanTwoRows } from './moves/canonical.ts';
import { inTurn, type Move, type Search } from './moves/search.ts';
import { foldColumns, removeColumns, removeColumnsDoubling, removeRows } from './moves/shape.ts';
import { shiftRows } from './moves/shift.ts';
import { clearTargets, lowerTargets } from './moves/targets.ts';
import { loneCell, pairOfCells, smallInteger } from './moves/tiny.ts';
import { allEqual, copyCells, mergeNeighbours, mergePairs } from './moves/unify.ts';
import { onUpstream, plainUpstream } from './moves/upstream.ts';
import { roundAll, simplifyValues } from './moves/values.ts';
import { keepOneValue, zeroBlocks } from './moves/zeros.ts';

const moves: readonly Move[] = [
  loneCell,
  clearTargets,
  plainUpstream,
  removeRows('early'),
  pairOfCells,
  canonical,
  scanPairs,
  keepOneValue,
  foldColumns,
  zeroBlocks('early'),
  removeColumns('early'),
  shiftRows,
  allEqual,
  roundAll,
  mergeNeighbours('early'),
  mergePairs,
  simplifyValues('early'),
  smallInteger,
  copyCells,
  sortCells,
  swapRows,
  lowerTargets,
  scanTwoRows,
  removeColumnsDoubling,
  removeRows('late'),
  zeroBlocks('late'),
  removeColumns('late'),
  mergeNeighbours('late'),
  simplifyValues('late'),
  swapCells,
  ...[
    keepOneValue,
    zeroBlocks('early'),
    allEqual,
    roundAll,
    mergeNeighbours('early'),
    mergePairs,
    simplifyValues('early'),
    copyCells,
    zeroBlocks('late'),
    mergeNeighbours('late'),
    simplifyValues('late'),
  ].map(onUpstream),
];

/**
 * The candidates for `batch`, lazily. In a `for…of` loop, a stream of batches simpler than `batch` (an empty one when
 * nothing is). Driven with `next(failed)`, a whole sweep that goes on from each candidate that failed, and returns
 * the simplest.
 */
export function candidates(batch: Batch): Search {
  return inTurn(batch, moves);
}
