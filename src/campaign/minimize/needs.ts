/** What a failure needs that no logit of its row tells: other rows, or the offset that the logits of a row share. */
import { withoutRows } from '../../arbitraries/moves/edit.ts';
import { type Batch, rowOf } from '../../core/batch.ts';
import type { Need } from '../../core/finding.ts';
import { gridOf } from '../../core/grid.ts';
import { bucketOf, type Kind, type Violation } from '../../core/violation.ts';
import { optionNames, optionSpecs } from '../../options/index.ts';
import { fingerprint } from '../../shrink/fingerprint.ts';

/** Of more rows, none is asked for alone. */
const MOST_ROWS = 16;

/** A failure, and how it is asked for. */
export interface NeedsQuestions {
  readonly bucket: string;
  readonly kind: Kind;
  readonly violations: (batch: Batch) => Promise<readonly Violation[]>;
  /** Whether a batch is an input at all: what is none shows nothing. */
  readonly takes: (batch: Batch) => boolean;
}

/**
 * `rows` where no row of the batch fails like this alone; or else `offset` where nothing of its kind is wrong with the batch once the maximum of each row is moved to 0, which changes
 * no distance between logits, and without options that feel it no answer but a logsumexp.
 */
export async function needsOf(
  batch: Batch,
  { bucket, kind, violations, takes }: NeedsQuestions,
): Promise<Need[]> {
  if (batch.rows > 1 && batch.rows <= MOST_ROWS) {
    const rows = Array.from({ length: batch.rows }, (_, r) => alone(batch, r));
    const distinct = [...new Map(rows.map((row) => [fingerprint(row), row])).values()];
    let isNeeded = distinct.every(takes);
    for (const row of isNeeded ? distinct : [])
      if ((await violations(row)).some((each) => bucketOf(each) === bucket)) isNeeded = false;
    if (isNeeded) return ['rows'];
  }
  const isMovable = optionNames.every(
    (name) => batch.options?.[name] === undefined || !optionSpecs[name].feelsOffset,
  );
  const moved = isMovable ? withoutOffset(batch) : null;
  const isOffset =
    moved !== null && takes(moved) && !(await violations(moved)).some((each) => each.kind === kind);
  return isOffset ? ['offset'] : [];
}

function alone(batch: Batch, row: number): Batch {
  const first = row + 1 === batch.rows ? batch : withoutRows(batch, row + 1, batch.rows);
  return row === 0 ? first : withoutRows(first, 0, row);
}

/** The batch with a maximum of 0 in each row; null where it has that, where a maximum is not finite, or where rounding would change a distance. */
function withoutOffset(batch: Batch): Batch | null {
  const logits = new Float32Array(batch.logits.length);
  const { round } = gridOf(batch);
  let isMoved = false;
  for (let r = 0; r < batch.rows; r++) {
    const row = rowOf(batch, r);
    const max = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    if (!Number.isFinite(max)) return null;
    if (max !== 0) isMoved = true;
    const moved = row.map((x) => round(x - max));
    if (moved.some((x, k) => x + max !== row[k])) return null;
    logits.set(moved, r * batch.cols);
  }
  return isMoved ? { ...batch, logits } : null;
}
