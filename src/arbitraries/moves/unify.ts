/** Moves that leave fewer distinct values, or more cells with the simpler of them. */
import type { Batch } from '../../core/batch.ts';
import { compareValues } from '../value-order.ts';
import { mapCells, replaceValue } from './edit.ts';
import { attempt, attemptAll, removeBlocks, type Search } from './search.ts';

/** How many distinct values are still tried pairwise. */
const FEW = 4;

/** Sets all cells that are not 0 to the largest value, or to the least. */
export function allEqual(batch: Batch): Search {
  const values = distinctValues(batch);
  return attemptAll(
    batch,
    [values.at(-1), values.at(0)].map((kept = 0) => mapCells(batch, (value) => (value === 0 ? value : kept))),
  );
}

/** Sets groups of neighbouring values to the largest of the group, or to the least; at last all pairs of few values. */
export function* mergeValues(batch: Batch): Search {
  let best = batch;
  for (let size = 2 ** Math.ceil(Math.log2(distinctValues(batch).length)); size >= 2; size /= 2) {
    for (let start = 0; start + 1 < distinctValues(best).length; ) {
      const group = distinctValues(best).slice(start, start + size);
      const merged = yield* attemptAll(
        best,
        [group.at(-1), group.at(0)].map((kept = 0) =>
          mapCells(best, (value) => (group.some((member) => Object.is(member, value)) ? kept : value)),
        ),
      );
      if (merged === best) start += size;
      best = merged;
    }
  }
  const values = distinctValues(best);
  if (values.length > FEW) return best;
  for (const from of values) {
    for (const to of values) best = yield* attempt(best, replaceValue(best, from, to));
  }
  return best;
}

/** Copies a simpler value over blocks of the cells of a less simple one. */
export function* copyCells(batch: Batch): Search {
  let best = batch;
  const values = distinctValues(batch).toSorted(compareValues);
  if (values.length > FEW) return best;
  for (const from of values.toReversed()) {
    for (const to of values.filter((value) => compareValues(value, from) < 0)) {
      best = yield* removeBlocks(
        best,
        'early',
        (current) => current.logits.filter((value) => Object.is(value, from)).length,
        (current, start, end) => {
          let seen = 0;
          return mapCells(current, (value) => {
            if (!Object.is(value, from)) return value;
            const chosen = start <= seen && seen < end;
            seen++;
            return chosen ? to : value;
          });
        },
      );
    }
  }
  return best;
}

/** The distinct values other than +0, ascending; -0 before the positive values, NaN last. */
export function distinctValues(batch: Batch): number[] {
  const values = new Set<number>(batch.logits);
  values.delete(0);
  if (batch.logits.some((value) => Object.is(value, -0))) values.add(-0);
  return [...values].sort((a, b) => (Number.isNaN(a) ? 1 : Number.isNaN(b) ? -1 : a - b));
}
