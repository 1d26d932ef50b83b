/** Which options an operation of a target takes. */
import type { Batch } from '../core/batch.ts';
import type { Operation } from '../core/operation.ts';
import type { Options, Taken } from '../core/options.ts';
import type { Target } from '../core/target.ts';
import { optionNames, withOptions } from './index.ts';

/** Nothing. */
const nothing: Taken = { names: [], fixed: {} };

/** What an operation of the target takes. */
export function takenBy({ options }: Pick<Target, 'options'>, operation: Operation): Taken {
  return options?.[operation] ?? nothing;
}

/** A text that tells what is taken: two operations with the same are given the same batches. */
export function keyOf({ names, fixed }: Taken): string {
  const values = Object.entries(fixed).map(([name, value]) => `${name}=${value}`);
  return [...names, ...values].join();
}

/** The options of a case that are not fixed, and what its mask hides. */
export interface Drawn {
  readonly options: Options;
  /** What the hidden logits hold, where that is not what the row has there. */
  readonly hidden: number | null;
}

/** No option. */
export const noneDrawn: Drawn = { options: {}, hidden: null };

/** The batch as an operation takes it: with what it takes of the drawn options, and its fixed ones. */
export function asTaken(batch: Batch, { names, fixed }: Taken, { options, hidden }: Drawn): Batch {
  const { options: _, ...plain } = batch;
  const taken = optionNames.flatMap((name) => {
    const value = fixed[name] ?? (names.includes(name) ? options[name] : undefined);
    return value === undefined ? [] : [[name, value] as const];
  });
  if (taken.length === 0) return batch.options === undefined ? batch : plain;
  const given = withOptions(plain, Object.fromEntries(taken));
  const mask = given.options?.mask;
  if (hidden === null || mask === undefined) return given;
  const { cols } = batch;
  const logits = batch.logits.map((x, k) => (mask[mask.length === cols ? k % cols : k] === 0 ? hidden : x));
  return { ...given, logits };
}
