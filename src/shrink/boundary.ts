/**
 * The edge of a failure: two neighboring FP32 values of one logit, of which one passes and the other fails.
 *
 * The cell is the one of largest finite magnitude among those that pass when set to 0, or else an infinite one: of a
 * simplified batch, the one that carries the failure. Where no such cell is found, the last cell is set to ±1 or ±128 (beyond every threshold of
 * exp) instead: a failure of [0, 0] that needs the tie ends at the smallest subnormal.
 *
 * Bisection over ordinals keeps one invariant: `passes` passes and `fails` fails. So the pair that it ends with is
 * a true edge even where the failure is no threshold; there may then be others.
 */
import type { Batch } from '../core/batch.ts';
import type { Boundary } from '../core/finding.ts';
import { gridOf } from '../core/grid.ts';

/** How many cells are set to 0 before giving up: the first passes when the batch is minimal. */
const MAX_CELLS = 16;

/**
 * The boundary of a batch that fails, or null when no cell was found to matter. Asks at most about 50 times: 32 for
 * the bisection, the rest to find the cell.
 */
export async function boundary(
  batch: Batch,
  fails: (batch: Batch) => boolean | Promise<boolean>,
): Promise<Boundary | null> {
  for (const [cell, value] of variations(batch)) {
    if (await fails(withCell(batch, cell, value))) continue;
    const { toOrdinal, fromOrdinal } = gridOf(batch);
    let passing = toOrdinal(value);
    let failing = toOrdinal(batch.logits[cell]);
    while (Math.abs(failing - passing) > 1) {
      const middle = Math.trunc((passing + failing) / 2);
      if (await fails(withCell(batch, cell, fromOrdinal(middle)))) failing = middle;
      else passing = middle;
    }
    return { cell, passes: fromOrdinal(passing), fails: fromOrdinal(failing) };
  }
  return null;
}

/** Cells, each with a value that may pass, in the order in which to try them. */
function variations({ logits }: Batch): (readonly [cell: number, value: number])[] {
  const zeroed = Array.from(logits.keys())
    .filter((cell) => Math.abs(logits[cell]) > 0)
    .sort((a, b) => finiteMagnitude(logits[b]) - finiteMagnitude(logits[a]))
    .slice(0, MAX_CELLS);
  const last = logits.length - 1;
  const others = Number.isNaN(logits[last]) ? [] : [1, -1, 128, -128];
  return [...zeroed.map((cell) => [cell, 0] as const), ...others.map((value) => [last, value] as const)];
}

function withCell(batch: Batch, cell: number, value: number): Batch {
  return { ...batch, logits: batch.logits.with(cell, value) };
}

function finiteMagnitude(value: number): number {
  return Number.isFinite(value) ? Math.abs(value) : 0;
}
