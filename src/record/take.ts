/** A batch that was kept, as the target at hand takes it. */
import type { Batch } from '../core/batch.ts';
import { inFormat, isInFormat } from '../core/grid.ts';
import type { Operation } from '../core/operation.ts';
import type { Options, Taken } from '../core/options.ts';
import type { Target } from '../core/target.ts';
import { formatFloat } from '../float32/format.ts';
import { formats } from '../formats/index.ts';
import { withOptions } from '../options/index.ts';
import { notTaken, oneHot, takenBy } from '../options/taken.ts';
import { UserError } from '../text/errors.ts';

/**
 * The batch in the format of the target's logits, and with the options that its operation has fixed.
 * @throws UserError when one of its values is no number of that format, or the operation does not take one of its options.
 */
export function batchFor(target: Target, operation: Operation, batch: Batch): Batch {
  const taken = takenBy(target, operation);
  const given = withFixed(batch, taken);
  const name = notTaken(given.options, taken);
  if (name !== null) {
    const { [name]: fixed } = taken.fixed;
    if (fixed !== undefined)
      throw new UserError(
        `${target.name} has another ${name} in its ${operation}, a fixed one, than is given`,
      );
    throw new UserError(
      `${target.name} takes no ${name} in its ${operation}`,
      taken.names.length === 0
        ? `A target says what it takes: export const target = { options: { ${operation}: ['${name}'] } };`
        : `It takes ${taken.names.join(', ')}.`,
    );
  }
  const format = target.formats?.logits ?? 'fp32';
  if (isInFormat(given, format)) return inFormat(given, format);
  const grid = formats[format];
  const isOff = (value: number): boolean => !Object.is(grid.round(value), value);
  const value = [...batch.logits, ...(batch.upstream ?? [])].find(isOff) as number;
  throw new UserError(
    `${target.name} takes ${format} logits, and ${formatFloat(value)} is no number of ${format}`,
    `The nearest is ${formatFloat(grid.round(value), grid.round)}.`,
  );
}

/** Whether the target's operation takes the options of the batch. */
export function takesOptions(target: Target, operation: Operation, batch: Batch): boolean {
  const taken = takenBy(target, operation);
  return notTaken(withFixed(batch, taken).options, taken) === null;
}

/** The batch with what the operation has in every call. */
function withFixed(batch: Batch, { fixed, alwaysProbabilities }: Taken): Batch {
  const always: Options = { ...fixed, ...(alwaysProbabilities && { probabilities: oneHot(batch) }) };
  return Object.keys(always).length === 0 ? batch : withOptions(batch, { ...always, ...batch.options });
}
