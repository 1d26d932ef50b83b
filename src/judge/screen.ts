/**
 * The fast half of the verdict: which numbers of an answer double precision proves to be right.
 *
 * With y^ the reference of float64.ts, e its proven error, T the budget computed from the same row, and f what the
 * kernel answered: |f - y^| + e <= T (1 - 2^-30) proves |f - y| <= T for the exact y. The 2^-30 pays for T, whose
 * inputs (p, d, L, D) are within 2^-32 relative of the exact ones for up to 10^6 logits, and for the roundings of the
 * comparison. Whatever is not proven right goes to decimal.js: this module never calls anything wrong.
 */
import type { Batch } from '../core/batch.ts';
import {
  answersBatch,
  type Operation,
  type RowOperation,
  usesTargets,
  usesUpstream,
} from '../core/operation.ts';
import { MAX_FINITE, OVERFLOW_THRESHOLD, UNIT_ROUNDOFF } from '../float32/constants.ts';
import { type Inputs, meanLoss, references } from '../oracle/float64.ts';
import { isSpecial, specialAnswers } from '../oracle/special-values.ts';
import type { ApproximateRow } from '../row/approximate-row.ts';
import { rowUpstream } from '../row/upstream.ts';
import { meanLossBudget, type RowBudget, rowBudgets } from './budget.ts';
import type { Profile } from './profile.ts';

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
  const budgets = rowBudgets(batch, rows, profile);
  if (answersBatch(operation)) return isMeanProven(batch, rows, budgets, output[0], profile) ? [] : [0];
  const indices: number[] = [];
  const length = output.length / rows.length;
  for (let r = 0; r < rows.length; r++) {
    const budget = budgets[r];
    const inputs = (): Inputs => ({
      target: batch.targets[r],
      share: 1 / rows.length,
      upstream: usesUpstream(operation) ? rowUpstream(batch, r, rows[r]) : null,
    });
    const answer = rows.length === 1 ? output : output.subarray(r * length, (r + 1) * length);
    const wrong =
      budget === null
        ? unprovenSpecial(operation, rows[r], answer)
        : unprovenInRow(operation, rows[r], budget, inputs, answer);
    for (const i of wrong) indices.push(r * length + i);
  }
  return indices;
}

/** The numbers of a row without a finite maximum that are not as the table of special values has them. */
function unprovenSpecial(operation: RowOperation, { kind }: ApproximateRow, answer: Float32Array): number[] {
  const expected = isSpecial(kind) ? specialAnswers[kind][operation].expected : Number.NaN;
  return [...answer.keys()].filter((i) => !Object.is(answer[i], expected));
}

function unprovenInRow(
  operation: RowOperation,
  row: ApproximateRow,
  budget: RowBudget,
  inputsOf: () => Inputs,
  answer: Float32Array,
): number[] {
  if (operation === 'softmax' && isSoftmaxProven(row, budget, answer)) return [];
  const inputs = inputsOf();
  const { value, error } = references[operation];
  const allowed = budget[operation];
  const masked = maskedAnswers[operation];
  const wrong: number[] = [];
  for (let i = 0; i < answer.length; i++) {
    const got = answer[i];
    if (
      masked !== null &&
      row.gaps[i] === Number.POSITIVE_INFINITY &&
      !(usesTargets(operation) && i === inputs.target)
    ) {
      if (got !== (masked === UPSTREAM ? inputs.upstream?.values[i] : masked)) wrong.push(i);
      continue;
    }
    const reference = value(row, i, inputs);
    const distance = Math.abs(withinFloat32(got) - reference) + error(row, i, reference, inputs);
    const isWithin = distance <= allowed(i, inputs) * (1 - SLACK);
    if (operation === 'softmax' ? isWithin && got >= 0 : isWithin || isBeyondFloat32(got, reference))
      continue;
    wrong.push(i);
  }
  return wrong;
}

/**
 * Whether a glance proves a whole row of softmax right, with neither a call nor a division for each number: gamma(k) >= k u, so that budget less
 * error is at least p^ (d slope + base) + rest. Far and masked probabilities are within 1e-80 of 0.
 */
function isSoftmaxProven(row: ApproximateRow, budget: RowBudget, answer: Float32Array): boolean {
  const { gaps, probabilities } = row;
  const slope = budget.perGap * UNIT_ROUNDOFF * (1 - SLACK) - 2 ** -53;
  const base = budget.perTerm * UNIT_ROUNDOFF * (1 - SLACK) - row.relativeError;
  const rest = budget.floor * (1 - SLACK) - row.absoluteError;
  if (!(rest >= 1e-80)) return false;
  for (let i = 0; i < answer.length; i++) {
    const got = answer[i];
    const p = probabilities[i];
    const gap = gaps[i];
    if (gap > 200 ? got === 0 : got >= 0 && Math.abs(got - p) <= p * (gap * slope + base) + rest) continue;
    return false;
  }
  return true;
}

/** A masked logit's own upstream value. */
const UPSTREAM = 'upstream';

/** What a masked logit's own entry is exactly. */
const maskedAnswers: Readonly<Record<RowOperation, number | typeof UPSTREAM | null>> = {
  softmax: 0,
  logSoftmax: Number.NEGATIVE_INFINITY,
  logSumExp: null,
  crossEntropyGrad: 0,
  softmaxGrad: 0,
  logSoftmaxGrad: UPSTREAM,
};

/** Whether `got` is the infinity to which the reference rounds; an error of 2^-30 does not change that. */
function isBeyondFloat32(got: number, reference: number): boolean {
  return (
    Math.abs(reference) >= OVERFLOW_THRESHOLD * (1 + SLACK) && got === reference * Number.POSITIVE_INFINITY
  );
}

function isMeanProven(
  batch: Batch,
  rows: readonly ApproximateRow[],
  budgets: readonly (RowBudget | null)[],
  got: number,
  profile: Profile,
): boolean {
  // The loss of a row without a finite maximum is NaN, and so is the mean.
  if (budgets.includes(null)) return Number.isNaN(got);
  const { value, error } = meanLoss(rows, batch.targets);
  if (got === Number.POSITIVE_INFINITY && rows.some((row, r) => isRowLossBeyond(row, batch.targets[r])))
    return true;
  return (
    Math.abs(withinFloat32(got) - value) + error <=
    meanLossBudget(batch, rows, budgets, profile) * (1 - SLACK)
  );
}

/** The number, or 2^128 with its sign for an infinity, as judge.ts counts it. */
function withinFloat32(got: number): number {
  return Math.abs(got) === Number.POSITIVE_INFINITY ? Math.sign(got) * 2 ** 128 : got;
}

/** Whether a row's own loss is beyond FP32, in which case the mean may overflow. */
function isRowLossBeyond(row: ApproximateRow, target: number): boolean {
  return row.gaps[target] + row.logSum > MAX_FINITE * (1 + SLACK);
}
