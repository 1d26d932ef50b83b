/** Cases whose calls are under way before they are judged: where a target runs elsewhere, it need not wait for the judge. */
import type { Batch } from '../core/batch.ts';
import type { FormatName } from '../formats/index.ts';
import { type Awaitable, type Observation, observe } from '../targets/observe.ts';
import type { Cases } from './cases.ts';
import { logitsOf, type Subject, takes } from './subject.ts';

/** A case with the calls that have begun: by subject, then by its operations. Undefined where none has. */
export interface Begun {
  readonly number: number;
  /** The case in each format that a target takes. */
  readonly batches: ReadonlyMap<FormatName, Batch>;
  readonly observations: readonly (readonly Awaitable<Observation>[] | undefined)[];
}

/** Gives the cases one after the other. */
export interface Ahead {
  /** Case `number`, of cases that go on until `end`. */
  readonly take: (number: number, end: number) => Begun;
}

/** How many cases, and how many logits over all calls, are under way at most; but one case always is. */
const MOST_CASES = 32;
const MOST_LOGITS = 2 ** 18;

const none: Begun['observations'] = [];

/** And so many cases as take this long, in ms, by the last: who comes next waits for those that were begun in vain. */
const LONGEST_MS = 200;

/** Begins the calls of remote subjects some cases ahead. Cases that are never taken are asked in vain. */
export function createAhead(subjects: readonly Subject[], cases: Cases): Ahead {
  const remote = subjects.some(({ target }) => target.isRemote);
  const formats = [...new Set(subjects.map(({ target }) => logitsOf(target)))];
  const batchesAt = (number: number): Begun['batches'] =>
    new Map(formats.map((format) => [format, cases.at(number, format).batch]));
  let queue: Begun[] = [];
  let taken = performance.now();
  let affordable = 1;

  function begin(number: number): Begun {
    const batches = batchesAt(number);
    const observations = subjects.map(({ target, operations }) => {
      const batch = batches.get(logitsOf(target)) as Batch;
      return target.isRemote && takes(target, batch)
        ? operations.map((operation) => observe(target, operation, batch))
        : undefined;
    });
    return { number, batches, observations };
  }

  function fill(from: number, end: number): void {
    const widest = Math.max(...subjects.map(({ operations }) => operations.length));
    const most = Math.min(Math.ceil(MOST_CASES / widest), affordable);
    if (queue.length > most / 2) return; // Sent together they take fewer writes.
    let logits = queue.reduce((sum, begun) => sum + sizeOf(begun), 0);
    for (let next = from + queue.length; next < end && queue.length < most; next++) {
      const begun = begin(next);
      queue.push(begun);
      logits += sizeOf(begun);
      if (logits > MOST_LOGITS) return;
    }
  }

  const sizeOf = ({ batches, observations }: Begun): number =>
    (batches.get(formats[0]) as Batch).logits.length *
    observations.reduce((sum, calls) => sum + (calls?.length ?? 0), 0);

  return {
    take(number, end) {
      const now = performance.now();
      affordable = Math.max(1, Math.floor(LONGEST_MS / (now - taken)));
      taken = now;
      if (!remote) return { number, batches: batchesAt(number), observations: none };
      if (queue[0]?.number !== number) queue = [];
      fill(number, end);
      return queue.shift() as Begun;
    },
  };
}
