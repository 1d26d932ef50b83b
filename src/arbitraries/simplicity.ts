/**
 * A total order of batches from simple to complex: what a shrinker minimizes. Compared left to right, the first
 * difference decides:
 *
 * 1. Finite logits alone, before NaN and infinities: a kernel may have its own reasons to treat those as it does.
 * 2. Fewer options: what fails without any fails with each.
 * 3. Fewer rows: most faults live in one row, and a second says that rows depend on each other.
 * 4. Fewer columns: a short row can be checked by hand, and a length that stays is itself the finding (513).
 * 5. Fewer cells that are not +0: a zero says "this cell only has to be there".
 * 6. Fewer distinct values: equal cells are one thing to understand; a tie is as simple as a single value.
 * 7. Simpler values ({@link compareValues}): the most complex value that the two hold in different numbers decides,
 *    and fewer of it is simpler. This is the multiset order: it depends on no arrangement, and replacing one value
 *    by any number of simpler ones always gains.
 * 8. Simpler values first: [0, 89] before [89, 0], so that the interesting cell comes last. Where the position of
 *    a cell does not matter, one arrangement stands for all.
 * 9. Smaller targets, row after row, 0 first: most operations read none.
 * 10. No upstream values before some, and of two the simpler by steps 5 to 8.
 * 11. Simpler values of options.
 *
 * Shape comes before values because shrinking it makes every later evaluation cheaper, and counts come before values
 * so that no value is polished which can be dropped. Of the batches of finite logits finitely many are below a given one
 * (shapes no larger, each with finitely many FP32 contents), of the others too, and a chain passes from these to those
 * once: every strictly decreasing chain ends.
 */
import { type Batch, hasFiniteLogits } from '../core/batch.ts';
import { gridOf } from '../core/grid.ts';
import { toBits } from '../float32/bits.ts';
import { compareOptions, countOptions } from './option-order.ts';
import { compareValues } from './value-order.ts';

/**
 * Negative when `a` is simpler than `b`, positive when it is less simple, 0 when shape, values (all NaNs are one),
 * targets and upstream values are the same.
 */
export function compareSimplicity(a: Batch, b: Batch): number {
  const { round } = gridOf(b);
  return (
    Number(hasFiniteLogits(b)) - Number(hasFiniteLogits(a)) ||
    countOptions(a) - countOptions(b) ||
    a.rows - b.rows ||
    a.cols - b.cols ||
    compareValuesOf(a.logits, b.logits, round) ||
    compareTargets(a, b) ||
    compareUpstream(a.upstream, b.upstream, round) ||
    compareOptions(a, b)
  );
}

type Round = (x: number) => number;

function compareUpstream(a: Float32Array | null, b: Float32Array | null, round: Round): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return compareValuesOf(a, b, round);
}

/** How often a value stands in `a` and in `b`, at the positions where they differ. */
interface Difference {
  readonly value: number;
  inA: number;
  inB: number;
}

/** Steps 5 to 8, for arrays of one length: cells that are the same in both count for neither. */
function compareValuesOf(a: Float32Array, b: Float32Array, round: Round): number {
  const [start, end] = changedRange(a, b);
  const changedA = a.subarray(start, end);
  const changedB = b.subarray(start, end);
  const fewerZeros = zerosIn(changedB) - zerosIn(changedA); // Before the differences, of which a batch may have millions.
  if (fewerZeros !== 0) return fewerZeros;
  const differences = differencesOf(changedA, changedB);
  return (
    compareDistinct(a, b, differences) ||
    compareMultisets(differences, round) ||
    compareArrangements(changedA, changedB, round)
  );
}

/** From the first cell to behind the last whose bits differ: of a large batch, a candidate changes little. */
function changedRange(a: Float32Array, b: Float32Array): readonly [start: number, end: number] {
  const wordsA = new Uint32Array(a.buffer, a.byteOffset, a.length);
  const wordsB = new Uint32Array(b.buffer, b.byteOffset, b.length);
  let start = 0;
  let end = wordsA.length;
  while (start < end && wordsA[start] === wordsB[start]) start++;
  while (start < end && wordsA[end - 1] === wordsB[end - 1]) end--;
  return [start, end];
}

function zerosIn(values: Float32Array): number {
  let zeros = 0;
  for (let index = 0; index < values.length; index++) if (Object.is(values[index], 0)) zeros++;
  return zeros;
}

function differencesOf(a: Float32Array, b: Float32Array): Map<number, Difference> {
  const differences = new Map<number, Difference>();
  const at = (value: number) => {
    const bits = toBits(value);
    const known = differences.get(bits);
    if (known !== undefined) return known;
    const added = { value, inA: 0, inB: 0 };
    differences.set(bits, added);
    return added;
  };
  for (let index = 0; index < a.length; index++) {
    if (Object.is(a[index], b[index])) continue;
    at(a[index]).inA++;
    at(b[index]).inB++;
  }
  return differences;
}

/** A value counts for one side alone when it stands there only, and in no cell that both share. */
function compareDistinct(
  a: Float32Array,
  b: Float32Array,
  differences: ReadonlyMap<number, Difference>,
): number {
  const oneSided = new Map([...differences].filter(([, { inA, inB }]) => inA === 0 || inB === 0));
  for (let index = 0; index < a.length && oneSided.size > 0; index++) {
    if (Object.is(a[index], b[index])) oneSided.delete(toBits(a[index]));
  }
  let order = 0;
  for (const { inA } of oneSided.values()) order += inA > 0 ? 1 : -1;
  return order;
}

function compareMultisets(differences: ReadonlyMap<number, Difference>, round: Round): number {
  let worst: Difference | undefined;
  for (const each of differences.values()) {
    if (each.inA === each.inB) continue;
    if (worst === undefined || compareValues(each.value, worst.value, round) > 0) worst = each;
  }
  return worst === undefined ? 0 : worst.inA - worst.inB;
}

function compareArrangements(a: Float32Array, b: Float32Array, round: Round): number {
  for (let index = 0; index < a.length; index++)
    if (!Object.is(a[index], b[index])) return compareValues(a[index], b[index], round);
  return 0;
}

/** Classes, the first ones first, and then what is none. */
function compareTargets(a: Batch, b: Batch): number {
  const placeOf = (target: number, { cols }: Batch): number =>
    target >= 0 && target < cols ? target : Number.MAX_SAFE_INTEGER;
  for (let row = 0; row < a.rows; row++) {
    const order = placeOf(a.targets[row], a) - placeOf(b.targets[row], b);
    if (order !== 0) return order;
  }
  return 0;
}
