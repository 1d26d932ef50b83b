/** The few largest of many, in a fixed order: the largest first, and of equals the first position. */

/** An answer with the size that it competes by. */
export interface Leader {
  readonly position: number;
  /** What the kernel answered, as an FP32 word. */
  readonly got: number;
  readonly size: number;
}

/** How many leaders are kept. */
export const LEADERS = 16;

/**
 * The leaders of those offered so far, in no order. Errors that grow with x make every answer a leader for a while:
 * hence the typed arrays.
 */
export interface Leaders {
  readonly positions: Float64Array;
  readonly gots: Float64Array;
  /** Free places have the size that nobody wants. */
  readonly sizes: Float64Array;
  /** What a newcomer has to exceed: the size at `weakest`. */
  least: number;
  /** The place that the next newcomer takes. */
  weakest: number;
}

/** No leaders yet. Sizes up to `least` are not worth keeping. */
export function createLeaders(least: number): Leaders {
  return {
    positions: new Float64Array(LEADERS).fill(Number.NaN),
    gots: new Float64Array(LEADERS),
    sizes: new Float64Array(LEADERS).fill(least),
    least,
    weakest: 0,
  };
}

/** Takes the newcomer among the leaders if its size exceeds `least`; NaN never does. Positions must ascend. */
export function offer(leaders: Leaders, position: number, got: number, size: number): void {
  if (!(size > leaders.least)) return;
  const { positions, gots, sizes, weakest } = leaders;
  positions[weakest] = position;
  gots[weakest] = got;
  sizes[weakest] = size;
  let next = 0;
  for (let i = 1; i < LEADERS; i++) {
    // Of equals the last goes first. Comparisons with the NaN of a free place are false.
    if (sizes[i] < sizes[next] || (sizes[i] === sizes[next] && positions[i] > positions[next])) next = i;
  }
  leaders.weakest = next;
  leaders.least = sizes[next];
}

/** The leaders, in their order. */
export function leadersOf({ positions, gots, sizes }: Leaders): Leader[] {
  const all = Array.from(positions, (position, i) => ({ position, got: gots[i], size: sizes[i] }));
  return joinLeaders([all.filter(({ position }) => !Number.isNaN(position))]);
}

/** The leaders of several lists, in their order. */
export function joinLeaders(lists: readonly (readonly Leader[])[]): Leader[] {
  return lists
    .flat()
    .sort((a, b) => b.size - a.size || a.position - b.position)
    .slice(0, LEADERS);
}
