/**
 * A climb: from a batch that a kernel answers rightly to one next to it that shows what is wrong.
 *
 * Beside a thousand other logits the error of one exp is nothing against the budget of the sum, which grows with them; alone
 * with the maximum it has to be within a few ULP. So the first step takes the logit that is furthest off by itself and the
 * maximum out of the batch. Where these come close to their budget, small changes are tried from there, and kept when
 * they come no less close.
 */
import { type Batch, rowOf } from '../core/batch.ts';
import type { Random } from '../core/random.ts';
import type { Closeness } from '../judge/closeness.ts';
import { neighbor, peakOf, withColumns } from './moves.ts';

/** A climb starts from a batch with an outlier of at least this excess: more than rounding explains, and less than fails. */
export const SUSPICIOUS = 1;

/** A climb goes on while its batch has at least this budget use. */
const PROMISING = 0.9;

/** The most batches that a climb evaluates. */
const MOST_STEPS = 64;

/** The most logits that a climb gives to the kernel: long rows that may not be cut are climbed in few steps, or none. */
const MOST_LOGITS = 16_384;

/** A climb ends once it has failed so often: what it has come upon is then known. */
const MOST_FAILURES = 4;

/** Where a climb starts, and what it must keep. */
export interface Start {
  readonly batch: Batch;
  /** The logit that is suspicious. */
  readonly row: number;
  readonly col: number;
  /** The shape that every batch must have, where it is fixed. */
  readonly shape: { readonly rows?: number | undefined; readonly cols?: number | undefined };
}

/** How close the answer for a batch comes to its budget, or null where it fails. Steps count from 1. */
export type Evaluate = (batch: Batch, step: number) => Closeness | null | Promise<Closeness | null>;

/** Climbs. What is evaluated depends on the start, the stream and the evaluations alone. */
export async function climb(start: Start, random: Random, evaluate: Evaluate): Promise<void> {
  const resizes = start.shape.cols === undefined;
  let best = magnified(start, random);
  let closeness: Closeness = { budgetUse: 0, row: 0, col: 0 };
  let candidate = best;
  let failures = 0;
  const steps = Math.min(MOST_STEPS, Math.floor(MOST_LOGITS / best.logits.length));
  for (let step = 1; step <= steps && failures < MOST_FAILURES; step++) {
    const evaluated = evaluate(candidate, step);
    const found = evaluated instanceof Promise ? await evaluated : evaluated;
    if (found === null) failures++;
    else if (found.budgetUse >= closeness.budgetUse) {
      best = candidate;
      closeness = found;
    }
    if (closeness.budgetUse < PROMISING) return;
    candidate = neighbor(random, best, closeness, resizes);
  }
}

/** The suspicious row alone, of its columns the maximum's, the suspicious one and, in half of all climbs, some others. */
function magnified({ batch, row, col, shape }: Start, random: Random): Batch {
  const target = batch.targets[row];
  const one: Batch =
    (shape.rows ?? 1) === 1
      ? {
          rows: 1,
          cols: batch.cols,
          logits: rowOf(batch, row),
          targets: Int32Array.of(target),
          upstream: null,
        }
      : batch;
  if (shape.cols !== undefined) return one;
  const kept = new Set([peakOf(rowOf(batch, row)), col]);
  if (random.chance(0.5)) kept.add(target);
  const others = random.chance(0.5) ? 0 : 2 ** random.below(6);
  for (let k = 0; k < others; k++) kept.add(random.below(batch.cols));
  return withColumns(
    one,
    [...kept].sort((a, b) => a - b),
  );
}
