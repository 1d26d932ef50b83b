/** Gives ranges of cases to an explorer until there are none, or it is time to end. */
import type { Explored } from './explore.ts';
import type { Range } from './ranges.ts';

/** How ranges are explored. */
export interface Exploring {
  readonly explore: (range: Range) => Promise<Explored>;
  /** How many ranges are explored at once. */
  readonly lanes: number;
  /** Takes what came of a range, or of its beginning: the rest of it is given out again. */
  readonly add: (explored: Explored) => void;
  /** Whether to give out no more. */
  readonly isOver: () => boolean;
}

/** Resolves once nothing is running any more; rejects as soon as the explorer does. */
export async function runRanges(
  ranges: Iterable<Range>,
  { explore, lanes, add, isOver }: Exploring,
): Promise<void> {
  const iterator = ranges[Symbol.iterator]();
  const rest: Range[] = [];
  const next = (): Range | undefined => rest.pop() ?? iterator.next().value;

  async function run(): Promise<void> {
    while (!isOver()) {
      const range = next();
      if (range === undefined) return;
      const explored = await explore(range);
      const [, end] = explored.range;
      if (end < range[1]) rest.push([end, range[1]]);
      add(explored);
    }
  }
  await Promise.all(Array.from({ length: lanes }, run));
}
