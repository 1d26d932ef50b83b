/** The simplicity of options: fewer, and then of each, in their order, the simpler value. */
import type { Batch } from '../core/batch.ts';
import { isScalar, type OptionName, type OptionValue } from '../core/options.ts';
import { optionNames } from '../options/index.ts';
import { compareValues } from './value-order.ts';

/** How many options the batch has. */
export function countOptions({ options }: Batch): number {
  return options === undefined ? 0 : Object.keys(options).length;
}

/** Negative when the options of `a` are simpler than those of `b`: of the same number, of the first that differs. */
export function compareOptions(a: Batch, b: Batch): number {
  if (a.options === b.options) return 0;
  for (const name of optionNames) {
    const order = compareOption(name, a.options?.[name], b.options?.[name]);
    if (order !== 0) return order;
  }
  return 0;
}

type Value = OptionValue | undefined;

/** None before some, one number before several, and of several those of fewer that are not 0, or of a mask and of weights 1. */
function compareOption(name: OptionName, a: Value, b: Value): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  if (isScalar(a) || isScalar(b)) {
    if (typeof a === 'number' && typeof b === 'number') return compareValues(a, b);
    if (isScalar(a) && isScalar(b)) return compareNames(String(a), String(b));
    return Number(!isScalar(a)) - Number(!isScalar(b));
  }
  return (
    a.length - b.length ||
    countOdd(name, a) - countOdd(name, b) ||
    compareCells(a, b, (x, y) => compareValues(x, y))
  );
}

/** A sum is simpler than each by itself. */
function compareNames(a: string, b: string): number {
  const places: readonly string[] = ['mean', 'sum', 'none'];
  return places.indexOf(a) - places.indexOf(b);
}

function countOdd(name: OptionName, values: Float32Array | Uint8Array): number {
  const usual = ['mask', 'weights', 'classWeights', 'rowWeights'].includes(name) ? 1 : 0;
  let count = 0;
  for (const value of values) if (!Object.is(value, usual)) count++;
  return count;
}

/** By the most complex value that differs, and then by the first. */
function compareCells(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  compare: (x: number, y: number) => number,
): number {
  const descending = (values: ArrayLike<number>) => Array.from(values).sort((x, y) => compare(y, x));
  const [mostOfA, mostOfB] = [descending(a), descending(b)];
  for (const pair of [
    [mostOfA, mostOfB],
    [a, b],
  ])
    for (let k = 0; k < pair[0].length; k++) {
      const order = compare(pair[0][k], pair[1][k]);
      if (order !== 0) return order;
    }
  return 0;
}
