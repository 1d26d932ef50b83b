/**
 * What a batch's losses are made of. Of each row, with its weight v, the weights w, the smoothing e and the target t, or probabilities t_j,
 *
 *     q_j = v ((1 - e) w_t [j = t] + e w_j / C)        q_j = v w_j ((1 - e) t_j + e / C)        Q = sum_j q_j        x = v zLoss
 *     loss of the row = sum_j q_j (lse - z_j) + x lse^2
 *     its gradient    = U ((Q p_j - q_j) / W + 2 x lse p_j / V)
 *
 * All of it but lse is nonnegative, so that nothing cancels. W and V are what the mean divides by, 1 for a sum; U is what is upstream.
 *
 * In double precision q_j is at most six roundings relative to it, x one, Q, W and V one more a term. Exactly it is a numerator over C, or
 * over 1 where nothing is smoothed.
 */
import type { Batch } from '../../core/batch.ts';
import { keepLast } from '../../core/keep.ts';
import { once } from '../../core/once.ts';
import type { Options, Reduction } from '../../core/options.ts';
import { pytorch, type Semantics } from '../../core/semantics.ts';
import { type Decimal, decimalOf, Wide, ZERO } from '../../row/decimal.ts';
import { lossNames } from '../index.ts';

/** What one row gives. */
export interface RowTerms {
  /** Of q_j, Q: double precision. */
  readonly coefficients: Float64Array;
  readonly total: number;
  /** q_j / v, by which a kernel may have the row's loss before it is multiplied by v. */
  readonly unweighted: Float64Array;
  /** x. */
  readonly ofSquare: number;
  /** U. */
  readonly upstream: number;
  /** The largest weight that a class of it may be multiplied by on the way. */
  readonly mostWeight: number;
  /** Whether it is ignored. */
  readonly isIgnored: boolean;
  /** Whether its loss is 0 whatever its logits are: it is ignored, or every q_j is 0 and zLoss is. */
  readonly isNothing: boolean;
  /** Whether every class counts, and not the target alone. */
  readonly isDense: boolean;
  /** Whether class j's loss is multiplied by 0, and not left out. */
  readonly isMultipliedBy0: (j: number) => boolean;
  /** The target, where its own part is 0 whatever it has of all classes; else null. */
  readonly ownPart0: number | null;
  readonly exactly: () => ExactTerms;
}

/** q_j over `factor`. */
export interface ExactTerms {
  readonly numerators: readonly Decimal[];
  /** Of Q. */
  readonly total: Decimal;
  /** x. */
  readonly ofSquare: Decimal;
  readonly factor: number;
}

/** What a batch's losses are made of. */
export interface LossTerms {
  readonly reduction: Reduction;
  readonly zLoss: number;
  /** W, 0 of a mean of nothing. */
  readonly divisor: number;
  readonly exactDivisor: () => Decimal;
  /** V. */
  readonly zDivisor: number;
  readonly exactZDivisor: () => Decimal;
  /** Whether rows have weights of their own. */
  readonly isWeighted: boolean;
  readonly semantics: Semantics;
  readonly rows: readonly RowTerms[];
}

/** The terms of a batch's losses; null where it has no option of them: the mean of lse - x_t then. */
export const termsOf: (batch: Batch) => LossTerms | null = keepLast((batch) => {
  const { options } = batch;
  if (options === undefined || !lossNames.some((name) => options[name] !== undefined)) return null;
  return computed(batch, options);
});

function computed(batch: Batch, options: Options): LossTerms {
  const { rows: count, semantics = pytorch } = batch;
  const { reduction = 'mean', zLoss = 0, rowWeights } = options;
  const rows = Array.from({ length: count }, (_, r) => rowTerms(batch, options, semantics, r));
  const [W, V] =
    reduction === 'mean' ? divisorsOf(batch, options, semantics, rows) : [ofCount(1), ofCount(1)];
  return {
    reduction,
    zLoss,
    divisor: W.value,
    exactDivisor: W.exact,
    zDivisor: V.value,
    exactZDivisor: V.exact,
    isWeighted: rowWeights !== undefined,
    semantics,
    rows,
  };
}

/** What a mean divides by, in double precision and exactly. */
interface Divisor {
  readonly value: number;
  readonly exact: () => Decimal;
}

function ofCount(count: number): Divisor {
  return { value: count, exact: () => new Wide(count) };
}

/** The sum over rows of products of weights. */
function ofWeights(products: readonly (readonly number[])[]): Divisor {
  const times = (product: readonly number[]): number => product.reduce((a, b) => a * b);
  return {
    value: products.reduce((sum, product) => sum + times(product), 0),
    exact: once(() =>
      products.reduce(
        (sum, product) => sum.plus(product.map(decimalOf).reduce((a, b) => Wide.mul(a, b))),
        ZERO,
      ),
    ),
  };
}

/** W and V of a mean. */
function divisorsOf(
  { rows: count, targets }: Batch,
  { classWeights, rowWeights, probabilities }: Options,
  { divisor }: Semantics,
  rows: readonly RowTerms[],
): readonly [Divisor, Divisor] {
  const valid = [...targets.keys()].filter((r) => !rows[r].isIgnored);
  /** v_r and w_t. */
  const weightsOf = (r: number): readonly [number, number] => [
    rowWeights?.[r] ?? 1,
    probabilities === undefined ? (classWeights?.[targets[r]] ?? 1) : 1,
  ];
  if (divisor === 'weights')
    return [ofWeights(valid.map(weightsOf)), ofWeights(valid.map((r) => [weightsOf(r)[0]]))];
  if (divisor === 'rows' || probabilities !== undefined) return [ofCount(count), ofCount(count)];
  const weighted = valid.filter((r) => !weightsOf(r).includes(0));
  return [ofCount((divisor === 'valid' ? valid : weighted).length), ofCount(valid.length)];
}

function rowTerms(batch: Batch, options: Options, semantics: Semantics, r: number): RowTerms {
  const { cols, targets } = batch;
  const {
    ignoreIndex,
    classWeights: w,
    rowWeights,
    labelSmoothing: e = 0,
    probabilities,
    zLoss = 0,
    upstream = 1,
  } = options;
  const target = targets[r];
  const own = rowWeights?.[r] ?? 1;
  const isIgnored = probabilities === undefined && target === ignoreIndex;
  const soft = probabilities?.subarray(r * cols, (r + 1) * cols);
  const others = semantics.smoothed === 'others' && soft === undefined && cols > 1;
  const factor = e === 0 ? 1 : others ? cols - 1 : cols;
  const weightOf = (j: number): number => w?.[j] ?? 1;
  const spreadWeightOf = (j: number): number =>
    soft !== undefined || semantics.smoothedWeight === 'own' ? weightOf(j) : weightOf(target);
  const isSmoothed = (j: number): boolean => e !== 0 && !(others && j === target);
  const hardOf = (j: number): number => (soft === undefined ? Number(j === target) : soft[j]);

  const isDense = e !== 0 || soft !== undefined;

  const coefficients = new Float64Array(cols);
  const unweighted = own === 1 ? coefficients : new Float64Array(cols);
  let total = 0;
  if (!isIgnored)
    for (let j = isDense ? 0 : target; j < (isDense ? cols : target + 1); j++) {
      const spread = isSmoothed(j) ? (e / factor) * spreadWeightOf(j) : 0;
      unweighted[j] = (1 - e) * hardOf(j) * weightOf(j) + spread;
      coefficients[j] = own * unweighted[j];
      total += coefficients[j];
    }
  const isZero = total === 0 && !isIgnored;
  const { zeroTimesInfinity } = semantics;
  return {
    coefficients,
    total,
    unweighted,
    ofSquare: own * zLoss,
    mostWeight:
      Math.max(1, own) *
      (w !== undefined && isDense ? w.reduce((a, b) => Math.max(a, b), 1) : Math.max(1, weightOf(target))),
    upstream: typeof upstream === 'number' ? upstream : upstream[r],
    isIgnored,
    isNothing: isIgnored || (isZero && own * zLoss === 0),
    isDense,
    isMultipliedBy0(j) {
      if (isIgnored || zeroTimesInfinity === 'zero') return false;
      if (soft !== undefined) return coefficients[j] === 0;
      return coefficients[j] === 0 && (j === target || isSmoothed(j));
    },
    ownPart0: soft === undefined && !isIgnored && own * (1 - e) * weightOf(target) === 0 ? target : null,
    exactly: once(() => {
      const exactOwn = decimalOf(own);
      const hard = Wide.mul(Wide.sub(1, decimalOf(e)), factor);
      const numerators = Array.from({ length: cols }, (_, j) => {
        if (isIgnored) return ZERO;
        const ofLabel =
          hardOf(j) === 0 ? ZERO : Wide.mul(hard, decimalOf(hardOf(j))).times(decimalOf(weightOf(j)));
        const all = isSmoothed(j)
          ? Wide.mul(decimalOf(e), decimalOf(spreadWeightOf(j))).plus(ofLabel)
          : ofLabel;
        return Wide.mul(exactOwn, all);
      });
      const total = numerators.reduce((sum, each) => Wide.add(sum, each), ZERO);
      return { numerators, total, ofSquare: Wide.mul(exactOwn, decimalOf(zLoss)), factor };
    }),
  };
}
