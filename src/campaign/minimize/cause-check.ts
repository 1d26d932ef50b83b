/**
 * Variants of a batch from which one possible trigger after another is taken away. Where a variant still fails
 * in the same way, the trigger was there by chance: a kernel that is wrong for 513 columns is wrong for 513
 * equal logits of 89 too, and that is not an overflow.
 */
import { cellsWhere } from '../../arbitraries/moves/edit.ts';
import type { Batch } from '../../core/batch.ts';
import { rowOf } from '../../core/batch.ts';
import { onGridOf } from '../../core/grid.ts';
import { isOffset, isPlainer, triggers } from '../../core/trigger.ts';
import type { Signature, Violation } from '../../core/violation.ts';

/** With a maximum of at most this, and gaps of at most this, every exp and every sum is normal in FP32. */
const HARMLESS = 40;

/** Maxima with which exps are normal still, if gaps are small, and logits as widely spaced as where e^x leaves FP32. */
const NEAR_THRESHOLDS = [80, -70];

/** Maxima with which exp overflows in FP32, and with which every exp underflows, and yet none is an offset. */
const OVERFLOWING = 100;
const UNDERFLOWING = -110;

/** The first variant that fails in the same way with a plainer trigger; null where none does, or there is no plainer one. */
export async function stillFailing(
  { kind, severity, trigger }: Signature,
  variants: Iterable<Batch>,
  violations: (batch: Batch) => Promise<readonly Violation[]>,
): Promise<{ batch: Batch; violation: Violation } | null> {
  if (trigger === null || !triggers.some((each) => isPlainer(each, trigger))) return null;
  for (const batch of variants) {
    const violation = (await violations(batch)).find(
      (each) =>
        each.kind === kind &&
        each.severity === severity &&
        each.trigger !== null &&
        isPlainer(each.trigger, trigger),
    );
    if (violation !== undefined) return { batch, violation };
  }
  return null;
}

/**
 * The variants, made one by one, the plainest first: only finite logits, with gaps up to 40; then with the gaps kept; then with
 * the masks kept too. Each with the maximum as it is, 0, 40, -40, 80 and -70. A masked logit is left out where the batch is
 * one row, and then 0: the length may matter. Where a maximum is an offset, all of that in the end with maxima nearer to 0, on
 * the same side: what overflows far away does so there too, and what fails far away alone has another cause.
 */
export function* variantsWithoutTrigger(batch: Batch): Generator<Batch> {
  const masksTaken = [withoutMasked, (each: Batch) => mapRows(each, unmasked)];
  const variants = [
    ...masksTaken.map((take) => (each: Batch) => mapRows(take(each), clamped)),
    ...masksTaken,
    (each: Batch) => each,
  ].map((change) => change(batch));
  for (const variant of variants) {
    yield onGridOf(batch, variant);
    for (const max of [0, HARMLESS, -HARMLESS, ...NEAR_THRESHOLDS])
      yield onGridOf(
        batch,
        mapRows(variant, (row) => shifted(row, max)),
      );
  }
  if (Array.from({ length: batch.rows }, (_, r) => rowOf(batch, r)).some(isOffset))
    for (const variant of variants) yield onGridOf(batch, mapRows(variant, nearer));
}

/** The batch without its masked logits, or with 0 for them where they cannot be left out. */
function withoutMasked(batch: Batch): Batch {
  if (batch.rows > 1 || !Number.isFinite(batch.logits[batch.targets[0]])) return mapRows(batch, unmasked);
  const finite = cellsWhere(batch, Number.isFinite);
  const target = finite.indexOf(batch.targets[0]);
  const keep = (values: Float32Array): Float32Array => Float32Array.from(finite, (k) => values[k]);
  return {
    rows: 1,
    cols: finite.length,
    logits: keep(batch.logits),
    targets: Int32Array.of(target),
    upstream: batch.upstream && keep(batch.upstream),
  };
}

function mapRows(batch: Batch, change: (row: Float32Array) => Float32Array): Batch {
  const logits = new Float32Array(batch.logits.length);
  for (let row = 0; row < batch.rows; row++) logits.set(change(rowOf(batch, row)), row * batch.cols);
  return { ...batch, logits };
}

/** The row with its maximum moved to `max`, each logit rounded; a row without a finite maximum stays as it is. */
function shifted(row: Float32Array, max: number): Float32Array {
  const from = maximum(row);
  return Number.isFinite(from) ? row.map((x) => x - from + max) : row;
}

/** The row with its maximum, where that is an offset, moved to where exp overflows or underflows as it did. */
function nearer(row: Float32Array): Float32Array {
  return isOffset(row) ? shifted(row, maximum(row) > 0 ? OVERFLOWING : UNDERFLOWING) : row;
}

/** The row with 0 for every logit that is not finite. */
function unmasked(row: Float32Array): Float32Array {
  return row.map((x) => (Number.isFinite(x) ? x : 0));
}

/** The row with no logit more than 40 below its maximum. */
function clamped(row: Float32Array): Float32Array {
  const lowest = maximum(row) - HARMLESS;
  return row.map((x) => Math.max(x, lowest));
}

function maximum(row: Float32Array): number {
  let max = Number.NEGATIVE_INFINITY;
  for (let col = 0; col < row.length; col++) max = Math.max(max, row[col]);
  return max;
}
