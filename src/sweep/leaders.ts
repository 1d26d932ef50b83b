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

/** The leaders of those offered so far. Positions must come in ascending order. */
export interface Leaders {
  readonly all: Leader[];
  /** What a newcomer has to exceed. */
  least: number;
}

/** No leaders yet. Sizes up to `least` are not worth keeping. */
export function createLeaders(least: number): Leaders {
  return { all: [], least };
}

/** Takes the newcomer among the leaders if its size exceeds `least`. NaN never does. */
export function offer(leaders: Leaders, position: number, got: number, size: number): void {
  if (!(size > leaders.least)) return;
  const { all } = leaders;
  let rank = all.length;
  while (rank > 0 && all[rank - 1].size < size) rank--;
  all.splice(rank, 0, { position, got, size });
  if (all.length > LEADERS) all.pop();
  if (all.length === LEADERS) leaders.least = all[LEADERS - 1].size;
}

/** The leaders of several lists. */
export function joinLeaders(lists: readonly (readonly Leader[])[]): Leader[] {
  return lists
    .flat()
    .sort((a, b) => b.size - a.size || a.position - b.position)
    .slice(0, LEADERS);
}
