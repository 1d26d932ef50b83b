/**
 * Paths away from a batch, step by step: its logits are scaled up, and down through 0 to the other side; its infinities become large numbers, and smaller ones;
 * infinite scores become logits, and then those of the other side; what is masked is left out; mask, bias and sink are left out; upstream values and options that are
 * numbers are scaled.
 */
import { withoutColumns } from '../../arbitraries/moves/edit.ts';
import { foldedOptions } from '../../arbitraries/moves/options.ts';
import type { Batch } from '../../core/batch.ts';
import { gridOf, onGridOf } from '../../core/grid.ts';
import { isScalar, type OptionName, type OptionValue } from '../../core/options.ts';
import { optionNames, optionSpecs } from '../../options/index.ts';

const powers = Array.from({ length: 8 }, (_, k) => 2 ** (k + 1));

/** A few small steps, as exp overflows within a hundredth of where its sums do. */
const small = [7, 5, 3].map((k) => 1 + 2 ** -k);

/** Steps down to 2^-20: logits of millions come to where rounding them is no error. */
const down = [...powers, ...[10, 12, 14, 16, 18, 20].map((k) => 2 ** k)].map((each) => 1 / each);

const otherSide = [0, ...[...powers].reverse().map((each) => -1 / each), -1, ...powers.map((each) => -each)];

/** What infinities become, one after the other, after the largest number of the format. */
const sizes = [2 ** 64, 2 ** 32, 2 ** 16, 2 ** 12, 2 ** 10, 512, 256, 128, 64, 32, 16, 8, 4, 2, 1];

/** Each path from the batch, the first step first; none is longer than some forty. */
export function pathsFrom(batch: Batch): Iterable<Batch>[] {
  return [
    ...scaledLogits(batch),
    ...finite(batch),
    ...infinite(batch),
    ...withoutMasked(batch),
    ...withoutMasks(batch),
    ...scaledUpstream(batch),
    ...scaledOptions(batch),
  ];
}

function scaledLogits(batch: Batch): Iterable<Batch>[] {
  if (!batch.logits.some(isScalable)) return [];
  return [powers, small, [...down, ...otherSide], small.map((each) => 1 / each)].map((factors) =>
    steps(factors, (factor) => onGridOf(batch, { ...batch, logits: scaled(batch, batch.logits, factor) })),
  );
}

function finite(batch: Batch): Iterable<Batch>[] {
  if (!batch.logits.some(isInfinite)) return [];
  const { maxFinite } = gridOf(batch);
  return [
    steps(
      [maxFinite, ...sizes.filter((size) => size < maxFinite)],
      (size): Batch => ({
        ...batch,
        logits: batch.logits.map((x) => (isInfinite(x) ? Math.sign(x) * size : x)),
      }),
    ),
  ];
}

/** A maximum of -Infinity, and one of Infinity: x - max is NaN of both, whatever has made them. */
function infinite(batch: Batch): Iterable<Batch>[] {
  const scores = foldedOptions(batch);
  if (!scores.logits.every(isInfinite)) return [];
  return [[scores, { ...scores, logits: scores.logits.map((x) => -x) }]];
}

/** The columns left out that are masked in all rows, by logits or by options: a target among them becomes the first class that stays, or the last. */
function withoutMasked(batch: Batch): Iterable<Batch>[] {
  const { rows, cols, targets } = batch;
  const { logits } = foldedOptions(batch);
  const isMasked = (col: number): boolean =>
    Array.from({ length: rows }, (_, r) => logits[r * cols + col]).every(
      (z) => z === Number.NEGATIVE_INFINITY,
    );
  const masked = Array.from({ length: cols }, (_, col) => col).filter(isMasked);
  if (masked.length === 0 || masked.length === cols) return [];
  const shown = masked.reduceRight((left, col) => withoutColumns(left, col, col + 1), batch);
  const toLast = shown.targets.map((target, r) => (masked.includes(targets[r]) ? shown.cols - 1 : target));
  return [[shown], [{ ...shown, targets: toLast }]];
}

/** Options that may make a row one of masked logits. */
const masking: readonly OptionName[] = ['mask', 'bias', 'sink'];

function withoutMasks(batch: Batch): Iterable<Batch>[] {
  return masking.flatMap((name) => {
    const { [name]: left, ...options } = batch.options ?? {};
    return left === undefined ? [] : [[{ ...batch, options }]];
  });
}

function scaledUpstream(batch: Batch): Iterable<Batch>[] {
  const { upstream } = batch;
  if (upstream?.some(isScalable) !== true) return [];
  return [powers, down].map((factors) =>
    steps(factors, (factor) => onGridOf(batch, { ...batch, upstream: scaled(batch, upstream, factor) })),
  );
}

function scaledOptions(batch: Batch): Iterable<Batch>[] {
  return optionNames.flatMap((name) => {
    const value = batch.options?.[name];
    if (value === undefined || !optionSpecs[name].isScalable || !numbersOf(value).some(isScalable)) return [];
    return [powers, powers.map((each) => 1 / each)].map((factors) =>
      steps(
        factors,
        (factor): Batch => ({
          ...batch,
          options: { ...batch.options, [name]: scaledValue(batch, value, factor) },
        }),
      ),
    );
  });
}

function* steps(factors: readonly number[], made: (factor: number) => Batch): Generator<Batch> {
  for (const factor of factors) yield made(factor);
}

const isInfinite = (x: number): boolean => Math.abs(x) === Number.POSITIVE_INFINITY;

const isScalable = (x: number): boolean => x !== 0 && Number.isFinite(x);

const numbersOf = (value: OptionValue): number[] =>
  isScalar(value) ? [Number(value)] : Array.from(value as Float32Array);

function scaledValue(batch: Batch, value: OptionValue, factor: number): OptionValue {
  const values = scaled(batch, Float32Array.from(numbersOf(value)), factor);
  return isScalar(value) ? values[0] : values;
}

/** The finite ones multiplied, the largest number of the format for what is beyond. */
function scaled(batch: Batch, values: Float32Array, factor: number): Float32Array {
  const { maxFinite } = gridOf(batch);
  return values.map((x) => (Number.isFinite(x) ? Math.max(-maxFinite, Math.min(x * factor, maxFinite)) : x));
}
