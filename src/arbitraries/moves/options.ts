/** Moves of options: each left out, or put into the logits; then each made simpler. */
import { type Batch, rowOf } from '../../core/batch.ts';
import type { OptionName } from '../../core/options.ts';
import { optionNames, optionSpecs } from '../../options/index.ts';
import type { Domain, Stage } from '../../options/stage.ts';
import { fitting } from '../../options/taken.ts';
import { UserError } from '../../text/errors.ts';
import { rowBatch } from './edit.ts';
import { attempt, attemptAll, inTurn, type Move, made, type Search } from './search.ts';

/** Leaves options out: all, or one after the other. */
export function* dropOptions(batch: Batch): Search {
  if (batch.options === undefined) return batch;
  let best = yield* attempt(batch, namesOf(batch).reduce(withoutOption, batch));
  for (const name of namesOf(best)) best = yield* attempt(best, withoutOption(best, name));
  return best;
}

/**
 * Puts what options make of logits in their place, and leaves those options out: all that come before the row, then fewer, from the first on. What
 * fails by the reals that a row has, and not by how it came to them, needs no options.
 */
export function* foldOptions(batch: Batch): Search {
  const names = stagesOf(batch);
  for (let count = names.length; count > 0; count--) {
    const simpler = yield* attempt(batch, folded(batch, names.slice(0, count)));
    if (simpler !== batch) return simpler;
  }
  return batch;
}

/** The mean for the sum of the losses, with a row of zeros in front that counts: of ignored rows alone there is no mean. */
export function meanForSum(batch: Batch): Search {
  const { reduction, ignoreIndex, ...others } = batch.options ?? {};
  const { rows, cols } = batch;
  const isOfClasses = Object.values(others).every(
    (value) => typeof value !== 'object' || value.length === cols,
  );
  if (reduction !== 'sum' || ignoreIndex === undefined || !isOfClasses) return attemptAll(batch, []);
  const given = withOption(batch, 'ignoreIndex', -1);
  return attempt(batch, {
    ...given,
    rows: rows + 1,
    logits: Float32Array.from([...new Float32Array(cols), ...batch.logits]),
    targets: Int32Array.from([0, ...given.targets]),
    upstream: batch.upstream && Float32Array.from([...new Float32Array(cols), ...batch.upstream]),
    options: fitting({ ...others, ignoreIndex: -1 }),
  });
}

/** Makes the values of options simpler, each until it is as simple as may be. */
export function* simplifyOptions(batch: Batch): Search {
  let best = batch;
  for (const name of namesOf(batch)) {
    const { simpler } = optionSpecs[name] as Domain<unknown>;
    let before: Batch;
    do {
      before = best;
      best = yield* attemptAll(
        before,
        made(simpler(before.options?.[name]), (value) => withOption(before, name, value)),
      );
    } while (best !== before);
  }
  return best;
}

/** What options make of the logits in their place, without those options. */
export function foldedOptions(batch: Batch): Batch {
  return folded(batch, stagesOf(batch));
}

function stagesOf(batch: Batch): readonly OptionName[] {
  return namesOf(batch).filter((name) => optionSpecs[name].kind === 'stage');
}

/** The move, of the numbers of each option as if they were logits: what an option does not take is none. */
export function onOptions(move: Move): Move {
  return (batch) =>
    inTurn(
      batch,
      namesOf(batch)
        .filter((name) => optionSpecs[name].isReal)
        .map((name) => (from) => onOption(from, name, move)),
    );
}

function* onOption(batch: Batch, name: OptionName, move: Move): Search {
  const value = batch.options?.[name];
  if (value === undefined) return batch;
  const numbers = typeof value === 'object' ? Array.from(value) : [Number(value)];
  const search = move(rowBatch(numbers));
  let best = batch;
  for (let next = search.next(); !next.done; ) {
    const { logits } = next.value;
    const made = withTaken(best, name, typeof value === 'object' ? logits : logits[0]);
    const simpler: Batch = made === null ? best : yield* attempt(best, made);
    const isFailing = simpler !== best;
    best = simpler;
    next = search.next(isFailing);
  }
  return best;
}

/** The batch with another value of an option; null where the option does not take it. */
function withTaken(batch: Batch, name: OptionName, value: unknown): Batch | null {
  try {
    const { checked } = optionSpecs[name] as Domain<unknown>;
    return withOption(batch, name, checked(value, batch.rows, batch.cols));
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function namesOf({ options = {} }: Batch): readonly OptionName[] {
  return optionNames.filter((name) => options[name] !== undefined);
}

/** The logits after these options, which are gone. */
function folded(batch: Batch, names: readonly OptionName[]): Batch {
  const logits = new Float32Array(batch.logits.length);
  for (let r = 0; r < batch.rows; r++) {
    const row = Float64Array.from(rowOf(batch, r));
    for (const name of names) {
      const { approximate } = optionSpecs[name] as Stage<unknown>;
      approximate(row, batch.options?.[name], r, { relative: 0, absolute: 0 });
    }
    logits.set(row, r * batch.cols);
  }
  return names.reduce(withoutOption, { ...batch, logits });
}

/** The sink of a single row as its last logit, where it is the only option: it may count because it is no logit, or for what it is. */
export function sinkAsLogit(batch: Batch): Search {
  const { sink, ...others } = batch.options ?? {};
  if (sink === undefined || Object.keys(others).length > 0 || batch.rows > 1) return attemptAll(batch, []);
  const last = typeof sink === 'number' ? sink : sink[0];
  const upstream = batch.upstream && [...batch.upstream, 0];
  const plain = rowBatch([...batch.logits, last], upstream);
  return attemptAll(batch, [
    { ...plain, targets: batch.targets, ...(batch.format && { format: batch.format }) },
  ]);
}

/** The batch with another value of an option. Rows that are ignored stay so. */
function withOption(batch: Batch, name: OptionName, value: unknown): Batch {
  const changed = { ...batch, options: fitting({ ...batch.options, [name]: value }) };
  return name === 'ignoreIndex' ? withIgnored(changed, batch.options?.ignoreIndex, value as number) : changed;
}

function withoutOption(batch: Batch, name: OptionName): Batch {
  const { [name]: _, ...others } = batch.options ?? {};
  const counted = name === 'ignoreIndex' ? withIgnored(batch, batch.options?.ignoreIndex, 0) : batch;
  if (Object.keys(others).length > 0) return { ...counted, options: fitting(others) };
  const { options: __, ...plain } = counted;
  return plain;
}

/** The batch with target `after` in place of `before`. */
function withIgnored(batch: Batch, before: number | undefined, after: number): Batch {
  return { ...batch, targets: batch.targets.map((target) => (target === before ? after : target)) };
}
