/**
 * What a call of an operation may be given beside its arrays. Of a row of logits x with the entries b of a bias,
 *
 *     z_i = mask(bias_i + cap(scale x_i)),   cap(y) = softcap tanh(y / softcap)
 *
 * and the sink is one more logit, which counts in the maximum and in the sum, and has no answer.
 */

/** The options of a call; one that is not there changes nothing. Numbers are FP32 values. */
export interface Options {
  /** Finite; 0 makes all finite logits equal, and below 0 the largest logit becomes the smallest. */
  readonly scale?: number;
  /** Finite and above 0. */
  readonly softcap?: number;
  /** rows*cols values, or cols for all rows: finite, or -Infinity, which masks. */
  readonly bias?: Float32Array;
  /** rows*cols values, or cols for all rows: 1 takes part, 0 is hidden, whatever its logit holds. */
  readonly mask?: Uint8Array;
  /** One number, or one a row: finite, or -Infinity, which is none. */
  readonly sink?: number | Float32Array;
}

/** The name of an option. */
export type OptionName = keyof Options;

/** What an operation of a target takes: options of any value, and options that have one value always. */
export interface Taken {
  readonly names: readonly OptionName[];
  readonly fixed: Options;
  /** Whether it is given the inverse of scale, a temperature: only powers of two, whose inverse is exact, are asked. */
  readonly byTemperature?: boolean;
}
