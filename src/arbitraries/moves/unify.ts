/** Moves that leave fewer distinct values, or more cells with the simpler of them. */
import type { Batch } from '../../core/batch.ts';
import { compareValues } from '../value-order.ts';
import { cellsWhere, distinctValues, mapCells, replaceValue, setCells } from './edit.ts';
import {
  attempt,
  attemptAll,
  inTurn,
  type Move,
  made,
  removeBlocks,
  type Search,
  type Stage,
} from './search.ts';

/** How many distinct values are still tried pairwise. */
const FEW = 4;

/** Sets all cells that are not 0 to the largest of the values, or to the least. */
export function allEqual(batch: Batch): Search {
  const values = distinctValues(batch);
  return attemptAll(
    batch,
    made(values.length === 0 ? [] : [values[values.length - 1], values[0]], (kept) =>
      mapCells(batch, (value) => (value === 0 ? value : kept)),
    ),
  );
}

/** Sets groups of neighboring values to the largest of the group; then the same with the least. */
export function mergeNeighbors(stage: Stage): Move {
  const merging =
    (choose: (group: readonly number[]) => number): Move =>
    (batch) =>
      removeBlocks(batch, stage, {
        lengthOf: (current) => distinctValues(current).length,
        without(current, start, end) {
          const group = distinctValues(current).slice(start, end);
          const merged = choose(group);
          const [least, largest] = [group[0], group[group.length - 1]];
          const inGroup = (value: number) => value !== 0 && least <= value && value <= largest;
          return mapCells(current, (value) => (inGroup(value) ? merged : value));
        },
      });
  return (batch) =>
    inTurn(batch, [merging((group) => group[group.length - 1]), merging((group) => group[0])]);
}

/** Of few values, replaces each by each other. */
export function* mergePairs(batch: Batch): Search {
  const values = distinctValues(batch);
  let best = batch;
  if (values.length > FEW) return best;
  for (const from of values) {
    for (const to of values) best = yield* attempt(best, replaceValue(best, from, to));
  }
  return best;
}

/** Of few values, copies each over blocks of the cells of a less simple one. */
export function* copyCells(batch: Batch): Search {
  const values = distinctValues(batch).toSorted(compareValues);
  let best = batch;
  if (values.length > FEW) return best;
  for (const from of values.toReversed()) {
    const cells = (current: Batch) => cellsWhere(current, (value) => Object.is(value, from));
    for (const to of values.filter((value) => compareValues(value, from) < 0)) {
      best = yield* removeBlocks(best, 'early', {
        lengthOf: (current) => cells(current).length,
        without: (current, start, end) => setCells(current, cells(current).slice(start, end), to),
      });
    }
  }
  return best;
}
