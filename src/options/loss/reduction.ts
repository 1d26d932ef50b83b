/** reduction: the rows' losses as they are, their sum, or their mean. */

import { type Reduction, reductions } from '../../core/options.ts';
import { UserError } from '../../text/errors.ts';
import { unknownName } from '../../text/nearest.ts';
import { describe, type LossOption } from '../stage.ts';

/** See {@link LossOption}. */
export const reduction: LossOption<Reduction> = {
  kind: 'loss',
  isReal: false,
  isScalable: false,
  feelsOffset: false,
  ordinary: () => 'sum',
  checked(value) {
    if (typeof value !== 'string')
      throw new UserError(`reduction is ${describe(value)}: expected ${reductions.join(', ')}`);
    const known = reductions.find((each) => each === value);
    if (known === undefined) throw unknownName('reduction', value, reductions);
    return known;
  },
  // Most can be wrong with a number a row, what is upstream too.
  draw: (random) => random.pick([...reductions, 'none']),
  simpler: () => ['sum', 'none'],
  tiny: () => ['sum', 'none'],
  select: (value) => value,
};
