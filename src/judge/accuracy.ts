/**
 * How accurate a right answer is, in double precision. With y^ the operation's approximate value and e its proven error, the error
 * of a number f is at most |f - y^| + e: what is given is never less than the truth, and more by e alone, below 2^-16 of the
 * budget.
 */
import { answersBatch, type Operation, rowAt } from '../core/operation.ts';
import { lossSpecOf, rowSpecOf, termsFor } from '../operations/index.ts';
import type { Oracle } from '../oracle/exact.ts';
import type { Profile } from '../row/profile.ts';
import { isSpecial } from '../row/row.ts';
import type { RowCosts } from '../row/row-costs.ts';
import { costsOf, fixedAnswer, inputsInRow } from './budget.ts';
import { distanceTo } from './distance.ts';
import { readingsOf } from './readings.ts';

/**
 * Takes the error of number `k`: in ULP, of the natural unit where that is more than the exact value and errors are not of the
 * value's own size, NaN below the normal range; and over the budget, 0 where it is rounded to nearest.
 */
export type OnNumber = (k: number, errorUlp: number, budgetUse: number) => void;

/**
 * Measures each number of `output`, a right answer of the operation's length. Special, masked and infinite numbers have no error, nor have those that double precision does not know.
 * With options a row is measured by the reading of them (src/options/readings.ts) of whose budget it uses least.
 */
export function measureNumbers(
  operation: Operation,
  oracle: Oracle,
  output: Float32Array,
  profile: Profile,
  onNumber: OnNumber,
): void {
  const readings = readingsOf(oracle, profile);
  if (readings.length === 1) {
    measureBy(operation, oracle, output, profile, onNumber);
    return;
  }
  const measured = readings.map((reading) => {
    const rows = new Map<number, Measured>();
    measureBy(operation, reading, output, profile, (k, errorUlp, budgetUse) => {
      const row = rowAt(operation, k, oracle.batch) ?? 0;
      const of = rows.get(row) ?? { numbers: [], most: 0 };
      of.numbers.push([k, errorUlp, budgetUse]);
      of.most = Math.max(of.most, budgetUse);
      rows.set(row, of);
    });
    return rows;
  });
  for (const row of measured[0].keys()) {
    const each = measured.flatMap((rows) => rows.get(row) ?? []);
    const best = each.reduce((least, other) => (other.most < least.most ? other : least));
    for (const number of best.numbers) onNumber(...number);
  }
}

/** The numbers of a row as one reading has them, and the most of its budget that one uses. */
interface Measured {
  readonly numbers: Parameters<OnNumber>[];
  most: number;
}

function measureBy(
  operation: Operation,
  oracle: Oracle,
  output: Float32Array,
  profile: Profile,
  onNumber: OnNumber,
): void {
  const { batch, approximate: rows } = oracle;
  const costs = costsOf(batch, rows, profile);
  const { ulp, minNormal } = profile.answer;
  const tell = (k: number, reference: number, error: number, allowed: number, unit: number): void => {
    const got = output[k];
    if (!Number.isFinite(got) || !Number.isFinite(reference)) return;
    const most = Math.abs(got - reference) + error;
    if (Number.isNaN(most)) return;
    const ofUlp = ulp(reference);
    const isNearest = most <= ofUlp / 2;
    const scale = Math.max(Math.abs(reference), unit);
    const distance = distanceTo(reference, got, profile) + error;
    onNumber(k, scale < minNormal ? Number.NaN : most / ulp(scale), isNearest ? 0 : distance / allowed);
  };
  if (answersBatch(operation)) {
    const { approximate, budget, unit } = lossSpecOf(operation, batch);
    const { targets } = batch;
    for (const k of output.keys()) {
      const { value, error } = approximate(rows, targets, k);
      const ofUnit = unit(value, { terms: termsFor(operation, batch) });
      tell(k, value, error, budget(costs, targets, profile, k), ofUnit);
    }
    return;
  }
  const { approximate, budget, isRelative, unit } = rowSpecOf(operation, batch);
  const { value, error } = approximate;
  const perRow = output.length / rows.length;
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r];
    if (isSpecial(row.kind)) continue;
    const inputs = inputsInRow(operation, batch, r, row); // In double precision: decimal.js takes fifteen times as long.
    const allowed = budget(costs[r] as RowCosts);
    for (let i = 0; i < perRow; i++) {
      const k = r * perRow + i;
      if (fixedAnswer(operation, batch, row, k) !== null) continue;
      const reference = value(row, i, inputs);
      const least = isRelative(i, inputs.target) ? 0 : unit(reference, inputs);
      tell(k, reference, error(row, i, reference, inputs), allowed(i, inputs), least);
    }
  }
}
