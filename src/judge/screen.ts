/**
 * The fast half of the verdict: which numbers of an answer double precision proves to be right.
 *
 * With y^ the operation's approximate value, e its proven error, T the budget computed from the same row, and f what the
 * kernel answered: |f - y^| + e <= T (1 - 2^-30) proves |f - y| <= T for the exact y. The 2^-30 pays for T, whose
 * inputs (p, d, L, D) are within 2^-32 relative of the exact ones for up to 10^6 logits, and for the roundings of the
 * comparison. And where all that is within e of y^ rounds to f, f is y rounded to nearest, which is right whatever the budget is: most answers
 * that a kernel of FP32 arithmetic stores in 16 bits are, so that no budget is asked for. Whatever is not proven right goes to decimal.js: this module never calls anything wrong.
 */
import type { Batch } from '../core/batch.ts';
import { answersBatch, type Operation } from '../core/operation.ts';
import { isNearest } from '../formats/cell.ts';
import { fixedEntries, specialEntry } from '../operations/fixed.ts';
import { lossSpecOf, rowSpecOf, termsFor } from '../operations/index.ts';
import type { Inputs, LossSpec, RowSpec } from '../operations/operation.ts';
import type { ApproximateRow } from '../row/approximate-row.ts';
import type { Profile } from '../row/profile.ts';
import { largestOf } from '../row/profile-formats.ts';
import { isSpecial } from '../row/row.ts';
import type { RowCosts } from '../row/row-costs.ts';
import { costsAt, costsOf, inputsInRow } from './budget.ts';
import { distanceTo } from './distance.ts';

/** What the comparison with a budget leaves open. */
const SLACK = 2 ** -30;

/** The indices of the numbers in `output` that are not proven right. `output` has the operation's length. */
export function unproven(
  operation: Operation,
  batch: Batch,
  rows: readonly ApproximateRow[],
  output: Float32Array,
  profile: Profile,
): number[] {
  const indices: number[] = [];
  if (answersBatch(operation)) {
    const spec = lossSpecOf(operation, batch);
    for (let k = 0; k < output.length; k++)
      if (!isLossProven(spec, batch, rows, k, output[k], profile)) indices.push(k);
    return indices;
  }
  const spec = rowSpecOf(operation, batch);
  const length = output.length / rows.length;
  for (let r = 0; r < rows.length; r++) {
    const answer = rows.length === 1 ? output : output.subarray(r * length, (r + 1) * length);
    const wrong = isSpecial(rows[r].kind)
      ? unprovenSpecial(spec, rows[r], answer, { r, terms: termsFor(operation, batch) })
      : unprovenInRow(spec, rows[r], answer, profile, {
          costsOf: () => costsAt(batch, rows, r, profile) as RowCosts,
          inputsOf: () => inputsInRow(operation, batch, r, rows[r]),
        });
    for (const i of wrong) indices.push(r * length + i);
  }
  return indices;
}

/** The numbers of a row without a finite maximum that are not as the table of special values has them. */
function unprovenSpecial(
  spec: RowSpec,
  row: ApproximateRow,
  answer: Float32Array,
  inputs: Pick<Inputs, 'r' | 'terms'>,
): number[] {
  const wrong: number[] = [];
  for (let i = 0; i < answer.length; i++)
    if (!Object.is(answer[i], specialEntry(spec, row, i, inputs))) wrong.push(i);
  return wrong;
}

/** What may take as long as the row to compute. */
interface Beside {
  readonly costsOf: () => RowCosts;
  readonly inputsOf: () => Inputs;
}

function unprovenInRow(
  spec: RowSpec,
  row: ApproximateRow,
  answer: Float32Array,
  profile: Profile,
  { costsOf, inputsOf }: Beside,
): number[] {
  const { approximate, budget, isNeverNegative, glance } = spec;
  if (glance?.(row, answer, profile, costsOf)) return [];
  const inputs = inputsOf();
  const { value, error } = approximate;
  let allowed: ReturnType<RowSpec['budget']> | undefined;
  const wrong: number[] = [];
  const someAreFixed = row.kind !== 'finite' || row.view !== null || inputs.terms !== null;
  const fixedAt = someAreFixed ? fixedEntries(spec, row, inputs) : null;
  for (let i = 0; i < answer.length; i++) {
    const got = answer[i];
    const fixed = fixedAt === null ? null : fixedAt(i);
    if (fixed !== null) {
      if (got !== fixed && !(Number.isNaN(got) && Number.isNaN(fixed))) wrong.push(i);
      continue;
    }
    const reference = value(row, i, inputs);
    const bound = error(row, i, reference, inputs);
    if (isNearest(reference, bound, got, profile.answer)) continue;
    allowed ??= budget(costsOf());
    const distance = distanceTo(reference, got, profile) + bound;
    const isWithin =
      distance <= allowed(i, inputs, true) * (1 - SLACK) || distance <= allowed(i, inputs) * (1 - SLACK);
    if ((isWithin || isOverflow(got, reference, bound, profile)) && !(isNeverNegative && got < 0)) continue;
    wrong.push(i);
  }
  return wrong;
}

/** Whether `got` is the infinity to which all rounds that is within `bound` of the reference. */
function isOverflow(got: number, reference: number, bound: number, { answer }: Profile): boolean {
  const least = (Math.abs(reference) - bound) * (1 - SLACK);
  return least >= answer.overflow && got === reference * Number.POSITIVE_INFINITY;
}

function isLossProven(
  { approximate, budget, intermediates }: LossSpec,
  batch: Batch,
  rows: readonly ApproximateRow[],
  k: number,
  got: number,
  profile: Profile,
): boolean {
  const { targets } = batch;
  const { value, error } = approximate(rows, targets, k);
  if (Number.isNaN(value)) return Number.isNaN(got);
  if (isNearest(value, error, got, profile.answer)) return true;
  if (got === Number.POSITIVE_INFINITY) {
    // A row's own loss is beyond what the arithmetic holds: the mean may overflow.
    if (value === got || intermediates(rows, targets, k).named > largestOf(profile) * (1 + SLACK))
      return true;
  }
  const allowed = budget(costsOf(batch, rows, profile), targets, profile, k);
  return distanceTo(value, got, profile) + error <= allowed * (1 - SLACK);
}
