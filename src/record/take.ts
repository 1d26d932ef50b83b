/** A batch that was kept, as the target at hand takes it. */
import type { Batch } from '../core/batch.ts';
import { UserError } from '../core/errors.ts';
import { inFormat, isInFormat } from '../core/grid.ts';
import type { Target } from '../core/target.ts';
import { formatFloat } from '../float32/format.ts';
import { formats } from '../formats/index.ts';

/**
 * The batch in the format of the target's logits.
 * @throws UserError when one of its values is no number of that format.
 */
export function batchFor(target: Target, batch: Batch): Batch {
  const format = target.formats?.logits ?? 'fp32';
  if (isInFormat(batch, format)) return inFormat(batch, format);
  const grid = formats[format];
  const isOff = (value: number): boolean => !Object.is(grid.round(value), value);
  const value = [...batch.logits, ...(batch.upstream ?? [])].find(isOff) as number;
  throw new UserError(
    `${target.name} takes ${format} logits, and ${formatFloat(value)} is no number of ${format}`,
    `The nearest is ${formatFloat(grid.round(value), grid.round)}.`,
  );
}
