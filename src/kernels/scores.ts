/** Scores, and derivatives behind them, as the steps of options.ts have them one logit after the other: a step of all logits at a time, which is faster. */
import type { Options } from '../core/options.ts';
import type { Arithmetic } from './arithmetic.ts';

/** z of all rows, with a column for the sink where there is one. */
export function scoresOf(
  { add, mul, div, tanh }: Arithmetic,
  logits: Float32Array,
  rows: number,
  cols: number,
  { scale, temperature, softcap, bias, mask, weights, sink }: Options,
): Float32Array {
  const width = sink === undefined ? cols : cols + 1;
  const z = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const from = row * width;
    const end = from + cols;
    for (let to = from, i = row * cols; to < end; to++, i++) z[to] = logits[i];
    if (scale !== undefined) for (let to = from; to < end; to++) z[to] = mul(z[to], scale);
    if (temperature !== undefined) for (let to = from; to < end; to++) z[to] = div(z[to], temperature);
    if (softcap !== undefined)
      for (let to = from; to < end; to++) z[to] = mul(softcap, tanh(div(z[to], softcap)));
    if (bias !== undefined)
      for (let to = from, k = cellOf(bias, row * cols, cols); to < end; to++, k++)
        z[to] = add(z[to], bias[k]);
    for (const hides of [mask, weights])
      if (hides !== undefined)
        for (let to = from, k = cellOf(hides, row * cols, cols); to < end; to++, k++)
          if (hides[k] === 0) z[to] = Number.NEGATIVE_INFINITY;
    if (sink !== undefined) z[end] = typeof sink === 'number' ? sink : sink[row];
  }
  return z;
}

/** The derivatives by z, in place, become those by the logits. */
export function throughScoresOf(
  { mul, div, sub, tanh }: Arithmetic,
  derivatives: Float32Array,
  logits: Float32Array,
  cols: number,
  { scale, temperature, softcap, mask }: Options,
): Float32Array {
  if (softcap !== undefined)
    for (let i = 0; i < logits.length; i++) {
      const scaled = scale === undefined ? logits[i] : mul(logits[i], scale);
      const t = tanh(div(temperature === undefined ? scaled : div(scaled, temperature), softcap));
      derivatives[i] = mul(derivatives[i], sub(1, mul(t, t)));
    }
  if (temperature !== undefined)
    for (let i = 0; i < logits.length; i++) derivatives[i] = div(derivatives[i], temperature);
  if (scale !== undefined)
    for (let i = 0; i < logits.length; i++) derivatives[i] = mul(derivatives[i], scale);
  if (mask !== undefined)
    for (let i = 0; i < logits.length; i++) if (mask[cellOf(mask, i, cols)] === 0) derivatives[i] = 0;
  return derivatives;
}

/** Where the number of cell `i` is, in what is given for each cell or for each of the `cols` columns. */
export function cellOf(values: ArrayLike<number>, i: number, cols: number): number {
  return values.length === cols ? i % cols : i;
}
