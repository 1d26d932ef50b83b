/** Moves of options: each left out, then each made simpler. */
import type { Batch } from '../../core/batch.ts';
import type { OptionName } from '../../core/options.ts';
import { optionNames, optionSpecs } from '../../options/index.ts';
import type { Domain } from '../../options/stage.ts';
import { attempt, attemptAll, made, type Search } from './search.ts';

/** Leaves options out: all, or one after the other. */
export function* dropOptions(batch: Batch): Search {
  if (batch.options === undefined) return batch;
  const { options: _, ...plain } = batch;
  let best = yield* attempt(batch, plain);
  for (const name of namesOf(best)) best = yield* attempt(best, withoutOption(best, name));
  return best;
}

/** Makes the values of options simpler. */
export function* simplifyOptions(batch: Batch): Search {
  let best = batch;
  for (const name of namesOf(batch)) {
    const { simpler } = optionSpecs[name] as Domain<unknown>;
    best = yield* attemptAll(
      best,
      made(simpler(best.options?.[name]), (value) => ({
        ...best,
        options: { ...best.options, [name]: value },
      })),
    );
  }
  return best;
}

function namesOf({ options = {} }: Batch): readonly OptionName[] {
  return optionNames.filter((name) => options[name] !== undefined);
}

function withoutOption(batch: Batch, name: OptionName): Batch {
  const { [name]: _, ...others } = batch.options ?? {};
  if (Object.keys(others).length > 0) return { ...batch, options: others };
  const { options: __, ...plain } = batch;
  return plain;
}
