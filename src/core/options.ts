/**
 * What a call of an operation may be given beside its arrays. Of a row of logits x with the entries b of a bias,
 *
 *     z_i = mask(bias_i + cap(scale x_i / temperature)),   cap(y) = softcap tanh(y / softcap)
 *
 * and the sink is one more logit, which counts in the maximum and in the sum, and has no answer. A logSumExp with weights b is the logarithm of the sum of b_i e^z_i.
 *
 * The loss of row r with target t, of C classes with weights w_j, smoothed by e, is
 *
 *     v_r (sum_j q_j (lse - z_j) + zLoss lse^2),   q_j = (1 - e) w_t [j = t] + e w_j / C
 *
 * v_r is the row's own weight, and with probabilities t_j for a target q_j = w_j ((1 - e) t_j + e / C). The mean divides by the sum of the weights v_r w_t of the rows that are not
 * ignored, with probabilities by that of v_r, and the part of zLoss by the sum of v_r of the rows that are not ignored.
 */

/** The options of a call; one that is not there changes nothing. Numbers are FP32 values. */
export interface Options {
  /** Finite; 0 makes all finite logits equal, and below 0 the largest logit becomes the smallest. */
  readonly scale?: number;
  /** From 2^-126 to 2^126. */
  readonly temperature?: number;
  /** Finite and above 0. */
  readonly softcap?: number;
  /** rows*cols values, or cols for all rows: finite, or -Infinity, which masks. */
  readonly bias?: Float32Array;
  /** rows*cols values, or cols for all rows: 1 takes part, 0 is hidden, whatever its logit holds. */
  readonly mask?: Uint8Array;
  /** rows*cols values, or cols for all rows, of logSumExp alone: finite and at least 0, which leaves out. */
  readonly weights?: Float32Array;
  /** One number, or one a row: finite, or -Infinity, which is none. */
  readonly sink?: number | Float32Array;
  /** What is made of the rows' losses. @defaultValue 'mean' */
  readonly reduction?: Reduction;
  /** Rows of this target count for nothing, whatever they hold; any integer. Not with probabilities. */
  readonly ignoreIndex?: number;
  /** cols numbers, finite and at least 0. */
  readonly classWeights?: Float32Array;
  /** rows numbers, finite and at least 0. */
  readonly rowWeights?: Float32Array;
  /** From 0 to 1. */
  readonly labelSmoothing?: number;
  /** Finite and at least 0. */
  readonly zLoss?: number;
  /** rows*cols numbers, finite and at least 0, whatever they add up to: in place of the targets. */
  readonly probabilities?: Float32Array;
  /** What a gradient is multiplied by: a finite number, or under the reduction none one a row. */
  readonly upstream?: number | Float32Array;
}

/** What may be made of the rows' losses. */
export const reductions = ['mean', 'sum', 'none'] as const;

/** One of {@link reductions}; none is a number for each row. */
export type Reduction = (typeof reductions)[number];

/** The name of an option of the scores that every operation may take. */
export type ScoreName = 'scale' | 'temperature' | 'softcap' | 'bias' | 'mask' | 'sink';

/** The name of an option of a loss. */
export type LossName = Exclude<OptionName, ScoreName | 'weights'>;

/** Whether an array of the option has a number a row. */
const ofRows: Readonly<Record<OptionName, boolean>> = {
  scale: false,
  temperature: false,
  softcap: false,
  bias: false,
  mask: false,
  weights: false,
  sink: true,
  reduction: false,
  ignoreIndex: false,
  classWeights: false,
  rowWeights: true,
  labelSmoothing: false,
  zLoss: false,
  probabilities: false,
  upstream: true,
};

/** Whether an array of this option has a number a row. */
export function isOfRows(name: string): boolean {
  return ofRows[name as OptionName];
}

/** The value of an option. */
export type OptionValue = NonNullable<Options[OptionName]>;

/** Whether it is no array. */
export function isScalar(value: OptionValue): value is number | Reduction {
  return typeof value !== 'object';
}

/** The name of an option. */
export type OptionName = keyof Options;

/** What an operation of a target takes: options of any value, and options that have one value always. */
export interface Taken {
  readonly names: readonly OptionName[];
  readonly fixed: Options;
  /** Whether a loss is given probabilities in every call, and never classes. */
  readonly alwaysProbabilities?: boolean;
}
