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
 */
import { rowOf } from '../core/batch.ts';
import { hasProbabilities, usesTargets } from '../core/operation.ts';
import { formatFloat } from '../float32/format.ts';
import { fieldOf, fieldProfile, profileOf } from '../row/profile.ts';
import { gamma, strictMaxima } from '../row/row-costs.ts';
import { type Breach, breach, type Question } from './law.ts';

/** See {@link Law}. */
export async function order(question: Question): Promise<Breach | null> {
  const { operation, oracle, answer } = question;
  const { batch } = oracle;
  const field = fieldOf(profileOf(question.target));
  // With options, the order of logits is not that of the numbers that go into the row.
  if (!hasProbabilities(operation) || usesTargets(operation) || batch.options !== undefined) return null;
  for (let row = 0; row < batch.rows; row++) {
    const from = row * batch.cols;
    const pair = disorder(rowOf(batch, row), answer.subarray(from, from + batch.cols), field);
    if (pair === null) continue;
    const [i, j] = pair.map((k) => from + k);
    const number = (name: string, k: number, value: number) => `${name}[${k}] = ${formatFloat(value)}`;
    const detail = `${number('output', i, answer[i])} and ${number('output', j, answer[j])}, where ${number('logits', i, batch.logits[i])} and ${number('logits', j, batch.logits[j])}`;
    return breach(question, answer, { law: 'order', kind: 'invariance', index: j, detail });
  }
  return null;
}

/** The first i and j of a row with x_i >= x_j and too small a probability at i for that at j; null when there are none. */
export function disorder(
  logits: Float32Array,
  probabilities: Float32Array,
  { exp, subtraction, division, floor, unit, answer, isRoundedLast, stored, storedFloor } = fieldProfile,
): [i: number, j: number] | null {
  const max = logits.reduce((largest, x) => Math.max(largest, x), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(max)) return null;
  const storing = isRoundedLast ? answer.unitRoundoff / unit : 0;
  const perTerm =
    exp.constant +
    division +
    (subtraction + stored) * Math.log(logits.length) +
    strictMaxima(logits) * (exp.constant + 1) +
    2 * stored +
    storing;
  const perGap = subtraction + stored + exp.perGap;
  const lost = floor + storedFloor * (1 + logits.length) + (isRoundedLast ? answer.minSubnormal / 2 : 0);
  const error = (k: number) => gamma((max - logits[k]) * perGap + perTerm, unit);
  const most = (k: number) => {
    const relative = error(k);
    return relative < 1 ? (probabilities[k] + lost) / (1 - relative) : Number.POSITIVE_INFINITY;
  };
  const least = (k: number) => (probabilities[k] - lost) / (1 + error(k));

  const descending = Array.from(logits.keys()).sort((a, b) => logits[b] - logits[a] || a - b);
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
