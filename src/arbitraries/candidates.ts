/**
 * The simpler batches to try in place of a failing one, each strictly simpler under compareSimplicity of simplicity.ts.
 *
 * The order of the moves is an order of hope per candidate: a tiny batch made of the extremes, which ends most
 * searches at once; fewer rows; zeros, after which most deletions of columns are one and the same batch; fewer columns;
 * fewer and simpler values; a canonical arrangement. What costs a candidate for each cell comes late, and upstream values
 * last: what they have to be depends on the logits.
 */
import type { Batch } from '../core/batch.ts';
import { sortCells, swapCells, swapColumns, swapRows } from './moves/arrange.ts';
import { canonical, scanPairs, scanTwoRows } from './moves/canonical.ts';
import { hasFewValues } from './moves/edit.ts';
import {
  dropOptions,
  foldOptions,
  meanForSum,
  onOptions,
  simplifyOptions,
  sinkAsLogit,
} from './moves/options.ts';
import { balanceProducts } from './moves/products.ts';
import { attemptAll, inTurn, type Move, type Search } from './moves/search.ts';
import {
  foldColumns,
  halveRuns,
  joinRows,
  removeColumns,
  removeColumnsDoubling,
  removeRows,
} from './moves/shape.ts';
import { shiftNonZeros, shiftRows } from './moves/shift.ts';
import { clearTargets, lowerTargets } from './moves/targets.ts';
import { loneCell, pairOfCells, smallInteger } from './moves/tiny.ts';
import { tinyWithOptions } from './moves/tiny-options.ts';
import { allEqual, copyCells, mergeNeighbors, mergePairs } from './moves/unify.ts';
import { onUpstream, plainUpstream } from './moves/upstream.ts';
import { roundAll, simplifyValues } from './moves/values.ts';
import { keepOneValue, zeroBlocks } from './moves/zeros.ts';

const removeLargeBlocksOfRows = removeRows('early');
const removeSmallBlocksOfRows = removeRows('late');
const removeLargeBlocksOfColumns = removeColumns('early');
const removeSmallBlocksOfColumns = removeColumns('late');
const zeroLargeBlocks = zeroBlocks('early');
const zeroSmallBlocks = zeroBlocks('late');

/** Those that make numbers simpler, whatever they are of. */
const ofValues: readonly Move[] = [
  keepOneValue,
  zeroLargeBlocks,
  allEqual,
  roundAll,
  mergeNeighbors('early'),
  mergePairs,
  simplifyValues('early'),
  copyCells,
  zeroSmallBlocks,
  mergeNeighbors('late'),
  simplifyValues('late'),
  sortCells,
];

const moves: readonly Move[] = [
  dropOptions,
  foldOptions,
  sinkAsLogit,
  meanForSum,
  tinyWithOptions,
  loneCell,
  clearTargets,
  plainUpstream,
  removeLargeBlocksOfRows,
  joinRows,
  pairOfCells,
  canonical,
  scanPairs,
  keepOneValue,
  foldColumns,
  zeroLargeBlocks,
  removeLargeBlocksOfColumns,
  shiftRows,
  allEqual,
  roundAll,
  mergeNeighbors('early'),
  mergePairs,
  shiftNonZeros,
  simplifyValues('early'),
  smallInteger,
  copyCells,
  sortCells,
  swapRows,
  lowerTargets,
  scanTwoRows,
  removeColumnsDoubling,
  removeSmallBlocksOfRows,
  zeroSmallBlocks,
  removeSmallBlocksOfColumns,
  halveRuns,
  mergeNeighbors('late'),
  simplifyValues('late'),
  swapCells,
  simplifyOptions,
  ...ofValues.map(onOptions),
  swapColumns,
  ...ofValues.map(onUpstream),
];

/** Those that change the number of rows or columns: of no use where the shape is fixed. */
const reducing: ReadonlySet<Move> = new Set([
  sinkAsLogit,
  meanForSum,
  joinRows,
  halveRuns,
  foldColumns,
  removeColumnsDoubling,
  removeLargeBlocksOfRows,
  removeSmallBlocksOfRows,
  removeLargeBlocksOfColumns,
  removeSmallBlocksOfColumns,
]);

/** Those that do not go from value to value: some candidates for a batch of any size. */
const coarse: ReadonlySet<Move> = new Set([
  dropOptions,
  foldOptions,
  clearTargets,
  plainUpstream,
  removeLargeBlocksOfRows,
  removeLargeBlocksOfColumns,
  keepOneValue,
  zeroLargeBlocks,
  zeroSmallBlocks,
]);

/** Batches of more distinct values are left to the coarse moves: the others would take as many candidates. */
const MOST_VALUES = 2 ** 16;

/** The move, on batches of few values only. */
function whereFewValues(move: Move): Move {
  return (batch) => (hasFewValues(batch, MOST_VALUES) ? move(batch) : attemptAll(batch, []));
}

/**
 * The candidates for `batch`, lazily. In a `for…of` loop, a stream of batches simpler than `batch` (an empty one when
 * nothing is). Driven with `next(failed)`, a whole sweep that goes on from each candidate that failed, and returns
 * the simplest; what makes logits simpler and upstream values less so comes where nothing else is left. Where `keepsShape`, none is the batch with fewer rows or columns; tiny ones, which are made of nothing, stay.
 */
export function* candidates(batch: Batch, keepsShape = false): Search {
  const chosen = keepsShape ? moves.filter((move) => !reducing.has(move)) : moves;
  const best = yield* inTurn(
    batch,
    chosen.map((move) => (coarse.has(move) ? move : whereFewValues(move))),
  );
  return best === batch ? yield* balanceProducts(batch) : best;
}
