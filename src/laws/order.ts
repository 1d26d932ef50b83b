/**
 * The larger logit has no smaller probability, as far as the numbers' own errors let it; equal logits have equal ones.
 *
 * The entries of a row share the sum, and with it its error s, which is most of the budget of a long row. With P_i the probability
 * e^(x_i - m) / (S (1 + s)), what is left to an entry of gap d is
 *
 *     g = d (kappa_s + perGap) + constant + kappa_d + kappa_s ln n + R (constant + 1)      relative, in u
 *
 * and the floor: its own shift, exp and division, the rounding of x - (m + ln S) where exp is taken of that (ln S <= ln n), and one
 * rescaling for each of the R strict maxima, of an online algorithm that keeps exponentials. The constants are the field's,
 * so that a monotone exp is asked of nobody. For x_i >= x_j, P_i >= P_j, and so
 *
 *     (f_j - floor) / (1 + gamma(g_j))  <=  P_j  <=  P_i  <=  (f_i + floor) / (1 - gamma(g_i))
 *
 * With options the row is of reals z, which are z^ in double precision, within v (relative |z| + absolute), and in FP32 within eta of z: with e_i the sum of
 * both, the kernel's own z_i is within e_i of z^_i, and its probability within a factor e^(±e_i) of P_i by z^. So for z^_i >= z^_j
 *
 *     (f_j - floor) / ((1 + gamma(g_j)) e^(e_j))  <=  P_j  <=  P_i  <=  (f_i + floor) / ((1 - gamma(g_i)) e^(-e_i))
 *
 * and a gap is off by e_i and the largest e of the row, which may be its maximum's, where it is multiplied by (kappa_s + perGap). Options are read in several ways, and a kernel is right by one:
 * the order is broken where it is by every reading. Where blocks of a row have maxima of their own, each rounded by itself, g has 2 |m| + 2 d more (row-costs.ts). A sink is one more logit, which may be a maximum, and has no answer.
 */
import { rowOf } from '../core/batch.ts';
import { hasProbabilities, usesTargets } from '../core/operation.ts';
import { UNIT_ROUNDOFF_OF_DOUBLE } from '../float32/constants.ts';
import { formatFloat } from '../float32/format.ts';
import { gamma } from '../row/gamma.ts';
import type { Profile } from '../row/profile.ts';
import { fieldOf, profileOf } from '../row/profile-formats.ts';
import { fieldProfile } from '../row/profiles.ts';
import { perMaxOfBlocks, strictMaxima } from '../row/row-costs.ts';
import type { View } from '../row/view.ts';
import { type Breach, breach, type Question } from './law.ts';

/** See {@link Law}. */
export async function order(question: Question): Promise<Breach | null> {
  const { operation, oracle, answer } = question;
  const { batch } = oracle;
  const profile = profileOf(question.target);
  const field = fieldOf(profile);
  if (!hasProbabilities(operation) || usesTargets(operation)) return null;
  for (let row = 0; row < batch.rows; row++) {
    const from = row * batch.cols;
    const probabilities = answer.subarray(from, from + batch.cols);
    const pairs = oracle.readings.map(({ approximate }) => {
      const { view } = approximate[row];
      return view === null
        ? disorder(rowOf(batch, row), probabilities, field, inBlocks(unperturbed, profile))
        : disorder(view.logits, probabilities, field, inBlocks(perturbationOf(view, profile), profile));
    });
    const [pair] = pairs;
    if (pairs.includes(null) || pair === null) continue;
    const [i, j] = pair.map((k) => from + k);
    const number = (name: string, k: number, value: number) => `${name}[${k}] = ${formatFloat(value)}`;
    const detail = `${number('output', i, answer[i])} and ${number('output', j, answer[j])}, where ${number('logits', i, batch.logits[i])} and ${number('logits', j, batch.logits[j])}`;
    return breach(question, answer, { law: 'order', kind: 'invariance', index: j, detail });
  }
  return null;
}

/** How far the numbers of a row may be from what a kernel has for them. */
interface Perturbed {
  /** e_i; null where all are 0. */
  readonly within: Float64Array | null;
  /** What a gap costs beside the subtraction of the maximum, relative, in u. */
  readonly perGap: number;
  /** What a weight costs for the maximum of its block, relative, in u |m|. */
  readonly perMax: number;
}

const unperturbed: Perturbed = { within: null, perGap: 0, perMax: 0 };

/** 2^-53. */
const v = UNIT_ROUNDOFF_OF_DOUBLE;

function perturbationOf({ logits, bound, perturbation }: View, profile: Profile): Perturbed {
  const { eta, perGap } = perturbation(profile);
  const within = logits.map(
    (z, k) =>
      (eta?.[k] ?? 0) + (Number.isFinite(z) ? v * (bound.relative * Math.abs(z) + bound.absolute) : 0),
  );
  return { ...unperturbed, within, perGap };
}

/** With what is different from block to block of a row, by profiles that let it be. */
function inBlocks(before: Perturbed, profile: Profile): Perturbed {
  const perMax = perMaxOfBlocks(profile);
  return { ...before, perMax, perGap: before.perGap + perMax };
}

/** The first i and j of a row with x_i >= x_j and too small a probability at i for that at j; null when there are none. Numbers without a probability, behind the others, are of the row. */
export function disorder(
  logits: Float32Array | Float64Array,
  probabilities: Float32Array,
  { exp, subtraction, division, floor, unit, answer, isRoundedLast, stored, storedFloor } = fieldProfile,
  before = unperturbed,
): [i: number, j: number] | null {
  let max = Number.NEGATIVE_INFINITY;
  for (const x of logits) max = Math.max(max, x);
  if (!Number.isFinite(max)) return null;
  const { within } = before;
  const widest = within?.reduce((most, each) => Math.max(most, each), 0) ?? 0;
  // Equal numbers are one in FP32, or two where a tail has a loop of its own, so that the maximum rises twice.
  const distinct = Float64Array.from(new Set(logits));
  const rises = widest === 0 ? strictMaxima(logits) : 2 * strictMaxima(distinct, 2 * widest) + 1;
  const storing = isRoundedLast ? answer.unitRoundoff / unit : 0;
  const perTerm =
    exp.constant +
    division +
    (subtraction + stored) * Math.log(logits.length) +
    rises * (exp.constant + 1) +
    2 * stored +
    storing +
    before.perMax * Math.abs(max);
  const perGap = subtraction + stored + exp.perGap + before.perGap;
  const lost = floor + storedFloor * (1 + logits.length) + (isRoundedLast ? answer.minSubnormal / 2 : 0);
  const e = (k: number) => within?.[k] ?? 0;
  const error = (k: number) => gamma((max - logits[k] + e(k) + widest) * perGap + perTerm, unit);
  const most = (k: number) => {
    const relative = error(k);
    return relative < 1
      ? ((probabilities[k] + lost) / (1 - relative)) * Math.exp(e(k))
      : Number.POSITIVE_INFINITY;
  };
  const least = (k: number) => ((probabilities[k] - lost) / (1 + error(k))) * Math.exp(-e(k));

  const descending = Array.from(probabilities.keys()).sort((a, b) => logits[b] - logits[a] || a - b);
  let smallest = descending[0];
  for (let from = 0, to = 0; from < descending.length; from = to) {
    while (to < descending.length && logits[descending[to]] === logits[descending[from]]) {
      if (most(descending[to]) < most(smallest)) smallest = descending[to];
      to++;
    }
    const wrong = descending.slice(from, to).find((k) => least(k) > most(smallest));
    if (wrong !== undefined) return [smallest, wrong];
  }
  return null;
}
