/** One number where the answer is NaN, infinite or exactly 0: what others defend is a warning. */
import { type Batch, rowOf as logitsOf } from '../core/batch.ts';
import {
  answersBatch,
  definitions,
  type Operation,
  rowAt,
  usesTargets,
  usesUpstream,
} from '../core/operation.ts';
import { hiddenFrom, isAsRight } from '../operations/fixed.ts';
import { lossSpecOf, rowSpecs, specs, termsFor } from '../operations/index.ts';
import type { Standing } from '../operations/operation.ts';
import { isTolerated, type SpecialEntry } from '../operations/special-values.ts';
import { isSpecial, type RowAnalysis } from '../row/row.ts';
import { incomparable, type Miss } from './miss.ts';

/** What is wrong with `got` where NaN, an infinity or exactly 0 is expected. `rowOf` gives a row. */
export function compareSpecial(
  batch: Batch,
  rowOf: (r: number) => RowAnalysis,
  operation: Operation,
  k: number,
  got: number,
  expected: number,
): Miss | null {
  if (got === expected || (Number.isNaN(got) && Number.isNaN(expected))) return null;
  if (Number.isFinite(expected) && !Number.isFinite(got)) {
    return incomparable(Number.isNaN(got) ? 'nan' : 'infinite', 'error');
  }
  const row = rowAt(operation, k, batch);
  const concerned = row === null ? Array.from({ length: batch.rows }, (_, r) => r) : [row];
  const special = concerned.filter((r) => isSpecial(rowOf(r).kind));
  const standing = standingOf(batch, rowOf, operation, k, got);
  if (standing === 'right') return null;
  const isOf = (r: number, each: number): boolean =>
    isTolerated(
      specs[operation].special,
      rowOf(r).kind,
      each,
      specialEntryOf(batch, rowOf(r), operation, r, k),
    );
  const isDefended = special.length > 0 && isMadeOf(got, special.length === concerned.length, special, isOf);
  return incomparable('special-value', standing === 'defended' || isDefended ? 'warning' : 'error');
}

/** Whether `got` may be made of what is defended of each special row: +Infinity of one makes a mean infinite, whatever the others' losses are. */
function isMadeOf(
  got: number,
  isWhole: boolean,
  special: readonly number[],
  isOf: (r: number, each: number) => boolean,
): boolean {
  const { POSITIVE_INFINITY } = Number;
  if (got !== POSITIVE_INFINITY) return isWhole && special.every((r) => isOf(r, got));
  return special.some((r) => isOf(r, got)) && special.every((r) => isOf(r, got) || isOf(r, 0));
}

/** What {@link isTolerated} needs of number `k`, in row `r`. */
function specialEntryOf(
  batch: Batch,
  { view }: RowAnalysis,
  operation: Operation,
  r: number,
  k: number,
): SpecialEntry {
  const { rows, cols, targets, upstream } = batch;
  const logits = view?.logits ?? logitsOf(batch, r);
  const isSloped = (): boolean => view !== null && view.slopes() !== null;
  const i = definitions[operation].answers === 'logit' && !answersBatch(operation) ? k % cols : targets[r];
  return {
    cols,
    infinite: infiniteAt(logits, i),
    isTarget: usesTargets(operation) && i === targets[r],
    share: usesTargets(operation) && termsFor(operation, batch) === null && !isSloped() ? 1 / rows : null,
    upstream: usesUpstream(operation) && !isSloped() ? (upstream?.[k] ?? 1) : null,
  };
}

/** Whether logit `i` is +Infinity, and no other is. */
function infiniteAt(logits: Float32Array | Float64Array, i: number): SpecialEntry['infinite'] {
  if (logits[i] !== Number.POSITIVE_INFINITY) return 'no';
  return logits.indexOf(Number.POSITIVE_INFINITY) === logits.lastIndexOf(Number.POSITIVE_INFINITY)
    ? 'one'
    : 'several';
}

/** What others answer where a loss with options, or its gradient, is no number: 0 of a mean of nothing, and what leaves out 0 times infinity. */
function standingOf(
  batch: Batch,
  rowOf: (r: number) => RowAnalysis,
  operation: Operation,
  k: number,
  got: number,
): Standing | null {
  const terms = termsFor(operation, batch);
  if (terms === null) return null;
  if (!answersBatch(operation)) {
    const isOfNothing = terms.divisor === 0 && (got === 0 || !Number.isFinite(got));
    if (!isOfNothing) return null;
    const isHidden = hiddenFrom(rowOf(Math.floor(k / batch.cols)).view, k % batch.cols);
    // What is not 0 is infinite over 0, and NaN with others.
    return isHidden || (got !== 0 && terms.semantics.empty === 'nan') ? 'right' : 'defended';
  }
  const rows = Array.from({ length: batch.rows }, (_, r) => rowOf(r));
  return lossSpecOf(operation, batch).standing?.(rows, k, got) ?? null;
}

/** What is wrong with `got` in a row that has no finite maximum, where `expected` is. */
export function compareInSpecialRow(
  batch: Batch,
  row: RowAnalysis,
  operation: Operation,
  k: number,
  got: number,
  expected: number,
): Miss | null {
  const isOfLogit = definitions[operation].answers === 'logit';
  if (isOfLogit && !answersBatch(operation)) {
    const inputs = { r: Math.floor(k / batch.cols), terms: termsFor(operation, batch) };
    if (isAsRight(rowSpecs[operation], row, k % batch.cols, got, inputs)) return null;
  }
  return compareSpecial(batch, () => row, operation, k, got, expected);
}
