/** Cases whose calls are under way before they are judged: where a target runs elsewhere, it need not wait for the judge. */
import type { FormatName } from '../../formats/index.ts';
import { type Awaitable, type Observation, observe } from '../../targets/observe.ts';
import { logitsOf, type Subject, takes } from '../subject.ts';
import { batchFor, type Case, type Cases } from './cases.ts';

/** A case with the calls that have begun: by subject, then by its operations. Undefined where none has. */
export interface Begun {
  readonly number: number;
  /** The case in each format that a target takes. */
  readonly given: ReadonlyMap<FormatName, Case>;
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
  const casesAt = (number: number): Begun['given'] =>
    new Map(formats.map((format) => [format, cases.at(number, format)]));
  let queue: Begun[] = [];
  let taken = performance.now();
  let affordable = 1;

  function begin(number: number): Begun {
    const given = casesAt(number);
    const observations = subjects.map(({ target, operations }) => {
      const its = given.get(logitsOf(target)) as Case;
      return target.isRemote && takes(target, its.batch)
        ? operations.map((operation) => observe(target, operation, batchFor(its, target, operation)))
        : undefined;
    });
    return { number, given, observations };
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

  const sizeOf = ({ given, observations }: Begun): number =>
    (given.get(formats[0]) as Case).batch.logits.length *
    observations.reduce((sum, calls) => sum + (calls?.length ?? 0), 0);

  return {
    take(number, end) {
      const now = performance.now();
      affordable = Math.max(1, Math.floor(LONGEST_MS / (now - taken)));
      taken = now;
      if (!remote) return { number, given: casesAt(number), observations: none };
      if (queue[0]?.number !== number) queue = [];
      fill(number, end);
      return queue.shift() as Begun;
    },
  };
}
