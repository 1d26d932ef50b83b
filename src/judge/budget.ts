/** The error that a profile allows to each number of an answer: what the operations' budgets say of a batch. */
import { type Batch, rowOf, rowOfValues } from '../core/batch.ts';
import { keep, keepLast } from '../core/keep.ts';
import {
  answersBatch,
  definitions,
  numbersPerRow,
  type Operation,
  type RowOperation,
  rowAt,
  usesUpstream,
} from '../core/operation.ts';
import { fixedEntries } from '../operations/fixed.ts';
import { inputsOf, lossSpecOf, rowSpecOf, rowSpecs, targetOf, termsFor } from '../operations/index.ts';
import type { Inputs } from '../operations/operation.ts';
import type { Profile } from '../row/profile.ts';
import { isSpecial, type RowAnalysis } from '../row/row.ts';
import { type RowCosts, rowCosts } from '../row/row-costs.ts';
import { rowUpstream } from '../row/upstream.ts';

type Costs = readonly (RowCosts | null)[];

/** What rows cost by a profile, as far as it has been asked for: one by one, or all, as the numbers of a loss do. */
interface KnownCosts {
  readonly each: (RowCosts | null | undefined)[];
  all: Costs | undefined;
}

/** Of rows, what they cost by a profile: every operation asks for it. */
const known = keepLast((_: readonly RowAnalysis[]) =>
  keep((_: Profile): KnownCosts => ({ each: [], all: undefined })),
);

/** What the steps of each of the batch's rows may cost; null where the row has no finite maximum. */
export function costsOf(batch: Batch, rows: readonly RowAnalysis[], profile: Profile): Costs {
  const costs = known(rows)(profile);
  costs.all ??= rows.map((_, r) => costsAt(batch, rows, r, profile));
  return costs.all;
}

/** The same of row `r`. */
export function costsAt(
  batch: Batch,
  rows: readonly RowAnalysis[],
  r: number,
  profile: Profile,
): RowCosts | null {
  const { each } = known(rows)(profile);
  const row = rows[r];
  each[r] ??= isSpecial(row.kind) ? null : costsOfRow(batch, r, row, profile);
  return each[r];
}

/** What the steps of row `r` may cost, which has a finite maximum. */
export function costsOfRow(batch: Batch, r: number, row: RowAnalysis, profile: Profile): RowCosts {
  return rowCosts(row.view?.logits ?? rowOf(batch, r), row, profile);
}

/**
 * The absolute error that `profile` allows to number `k` of the answer of `operation`. Zero for special values and
 * masked entries, and Infinity where the profile promises nothing.
 */
export function budgetOf(operation: Operation, k: number, oracle: RowSource, profile: Profile): number {
  const { batch } = oracle;
  const { cols } = batch;
  if (answersBatch(operation))
    return lossSpecOf(operation, batch).budget(
      costsOf(batch, oracle.rows, profile),
      batch.targets,
      profile,
      k,
    );
  const perRow = numbersPerRow(operation, cols);
  const r = Math.floor(k / perRow);
  const i = k % perRow;
  const row = oracle.row(r);
  if (isSpecial(row.kind)) return 0;
  if (fixedAnswer(operation, batch, row, k) !== null) return 0;
  const { allowed, inputs } = knownOf(row, batch, r);
  return allowed(profile)(operation)(i, inputs(operation));
}

/** Of an oracle's row, what takes as long as the row to compute: its numbers are asked for one by one. */
interface KnownRow {
  readonly inputs: (operation: Operation) => Inputs;
  /** The error that each number is allowed. */
  readonly allowed: (profile: Profile) => (operation: RowOperation) => (i: number, inputs: Inputs) => number;
}

const knownRows = new WeakMap<RowAnalysis, KnownRow>();

/** The row is that of one oracle, and so of one batch. */
function knownOf(row: RowAnalysis, batch: Batch, r: number): KnownRow {
  let its = knownRows.get(row);
  if (its === undefined) {
    its = {
      inputs: keep((operation) => inputsInRow(operation, batch, r, row)),
      allowed: keep((profile) => {
        const costs = costsOfRow(batch, r, row, profile);
        return keep((operation) => rowSpecOf(operation, batch).budget(costs));
      }),
    };
    knownRows.set(row, its);
  }
  return its;
}

/** What the formulas of `operation` need beside the row of number `k`. */
export function inputsAt(operation: Operation, k: number, { batch, row }: RowSource): Inputs {
  const r = rowAt(operation, k, batch) ?? 0;
  return knownOf(row(r), batch, r).inputs(operation);
}

/** The same of row `r`: `row` is exact, or as double precision has it. */
export function inputsInRow(operation: Operation, batch: Batch, r: number, row: RowAnalysis): Inputs {
  return inputsOf(operation, batch, r, usesUpstream(operation) ? rowUpstream(batch, r, row) : null);
}

/**
 * What number `k` of the answer is exactly, whatever the profile: a masked logit's own, or a derivative by a logit that options hide.
 * Null of other numbers. `row` is the number's.
 */
export function fixedAnswer(operation: Operation, batch: Batch, row: RowAnalysis, k: number): number | null {
  if (answersBatch(operation) || definitions[operation].answers === 'row') return null;
  const { cols } = batch;
  return fixedAnswers(operation, batch, row, Math.floor(k / cols))(k % cols);
}

/** The same of the entries of row `r`. */
export function fixedAnswers(
  operation: RowOperation,
  batch: Batch,
  row: RowAnalysis,
  r: number,
): (i: number) => number | null {
  const { upstream } = batch;
  return fixedEntries(rowSpecs[operation], row, {
    target: targetOf(operation, batch, r),
    upstream: upstream && { values: rowOfValues(upstream, batch, r) },
    r,
    terms: termsFor(operation, batch),
  });
}

/** Where budgets find the rows: an oracle. */
interface RowSource {
  readonly batch: Batch;
  readonly rows: readonly RowAnalysis[];
  readonly row: (r: number) => RowAnalysis;
}
