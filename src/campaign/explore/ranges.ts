/** Sets of case numbers as sorted, disjoint, not adjacent ranges: how much of a campaign is done. */

/** The case numbers from the first, up to but not including the second. */
export type Range = readonly [from: number, to: number];

/** The union of both sets. */
export function unite(a: readonly Range[], b: readonly Range[]): Range[] {
  const union: Range[] = [];
  for (const [from, to] of [...a, ...b].sort(byStart)) {
    const last = union.at(-1);
    if (to <= from) continue;
    if (last === undefined || last[1] < from) union.push([from, to]);
    else union[union.length - 1] = [last[0], Math.max(last[1], to)];
  }
  return union;
}

/** The parts of `range` that are not in the set. */
export function missing([from, to]: Range, done: readonly Range[]): Range[] {
  const gaps: Range[] = [];
  let next = from;
  for (const [start, end] of done) {
    if (end <= next) continue;
    if (start >= to) break;
    if (start > next) gaps.push([next, start]);
    next = end;
  }
  if (next < to) gaps.push([next, to]);
  return gaps;
}

/** How many numbers are in the set. */
export function sizeOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from, 0);
}

function byStart([a]: Range, [b]: Range): number {
  return a - b;
}
