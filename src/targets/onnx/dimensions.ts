/** Where the rows of a batch lie in a model's logits, which have two dimensions or more: along one of them, the axis. */
import { type Batch, MOST_LOGITS } from '../../core/batch.ts';
import { UserError } from '../../text/errors.ts';

/** The sizes of a tensor; a name where any number will do. */
export type Sizes = readonly (number | string)[];

/** What each dimension of the logits holds: the columns, the rows, those of a layout's `inner`, or a fixed number of them. */
export type Placement = readonly (number | 'rows' | 'cols' | 'inner')[];

/** The sizes of a call's logits, and along which of them the rows lie. */
export interface Dimensions {
  readonly sizes: readonly number[];
  readonly axis: number;
}

/** Rows one behind the other. */
export const inRows: Placement = ['rows', 'cols'];

/** The middle of three dimensions. */
export const alongMiddle: Placement = ['rows', 'cols', 'inner'];

/**
 * Where batches lie along `axis` of logits of `sizes`. Sizes above 1 before the axis fix the number of rows; without any, the nearest dimension before it that
 * is not fixed has the rows, and the nearest one behind it a layout's `inner`. Other dimensions hold 1.
 * @throws UserError when sizes behind the axis are fixed above 1: the numbers of a row are not one behind the other then.
 */
export function placementOf(sizes: Sizes, axis: number): Placement {
  const before = sizes.slice(0, axis);
  const behind = sizes.slice(axis + 1);
  const fixed = behind.filter(isFixed);
  if (fixed.length > 0)
    throw new UserError(
      `its operation is along axis ${axis} of [${describeSizes(sizes)}], and fixed sizes are behind that: ${fixed.join(', ')}`,
      'Export the model with dynamic sizes behind the axis, or write a module that calls it, and transposes the rows of a batch to where it has them.',
    );
  const rows = before.some(isFixed) ? -1 : before.findLastIndex(isDynamic);
  const inner = behind.findIndex(isDynamic);
  const held = (size: number | string): number => (typeof size === 'number' ? size : 1);
  return [
    ...before.map((size, k) => (k === rows ? 'rows' : held(size))),
    'cols',
    ...behind.map((size, k) => (k === inner ? 'inner' : held(size))),
  ];
}

/** Whether batches may lie along the middle of three dimensions too. */
export function takesInner(placement: Placement): boolean {
  return placement.includes('rows') && placement.includes('inner');
}

/** The only number of rows and of columns that logits of `sizes` hold, where there is only one. */
export function fixedSizes(sizes: Sizes, placement: Placement): { rows?: number; cols?: number } {
  const cols = sizes[placement.indexOf('cols')];
  const rows = productOf(placement.filter((each) => typeof each === 'number'));
  return {
    ...(!placement.includes('rows') && { rows }),
    ...(typeof cols === 'number' && { cols }),
  };
}

/** The dimensions of a batch's logits. */
export function dimensionsOf(
  placement: Placement,
  { rows, cols, layout }: Pick<Batch, 'rows' | 'cols' | 'layout'>,
): Dimensions {
  const { outer, inner } = layout !== undefined && 'inner' in layout ? layout : { outer: rows, inner: 1 };
  const held = { rows: outer, cols, inner };
  const sizes = placement.map((each) => (typeof each === 'number' ? each : held[each]));
  return { sizes, axis: placement.indexOf('cols') };
}

/**
 * Small sizes for one run: those that are fixed, and 2, 3, … of those that are not, which no other dimension has; or 1 where those would be too many.
 * @throws UserError when what is fixed has more logits than a batch may have, or none.
 */
export function trialSizes(sizes: Sizes): readonly number[] {
  const taken = new Set(sizes.filter((size) => typeof size === 'number'));
  let free = 1;
  const next = (): number => {
    do free++;
    while (taken.has(free));
    return free;
  };
  const chosen = sizes.map((size) => (typeof size === 'number' ? size : next()));
  const fewest = sizes.map((size) => (typeof size === 'number' ? size : 1));
  const logits = productOf(fewest);
  if (logits > MOST_LOGITS || logits === 0)
    throw new UserError(
      `its batches [${describeSizes(sizes)}] have ${logits} logits or more: expected 1 to ${MOST_LOGITS}`,
    );
  return productOf(chosen) > MOST_LOGITS ? fewest : chosen;
}

/** How many numbers a tensor of these sizes has. */
export function productOf(sizes: readonly number[]): number {
  return sizes.reduce((product, size) => product * size, 1);
}

/** `rows, 10`, with ? for a size that has no name either. */
export function describeSizes(sizes: Sizes): string {
  return sizes.map((size) => (size === '' ? '?' : size)).join(', ');
}

function isFixed(size: number | string): boolean {
  return typeof size === 'number' && size !== 1;
}

function isDynamic(size: number | string): boolean {
  return typeof size !== 'number';
}
