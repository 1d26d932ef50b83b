/** labelSmoothing: e, the part of a target that is spread over all classes. */
import { UserError } from '../../text/errors.ts';
import { checkedNumber, type LossOption } from '../stage.ts';

/** See {@link LossOption}. */
export const labelSmoothing: LossOption<number> = {
  kind: 'loss',
  isReal: true,
  isScalable: false,
  feelsOffset: false,
  ordinary: () => Math.fround(0.1),
  checked(value) {
    const smoothing = checkedNumber('labelSmoothing', value);
    if (smoothing >= 0 && smoothing <= 1) return smoothing;
    throw new UserError(`labelSmoothing is ${value}: expected a number from 0 to 1`);
  },
  draw: (random) => Math.fround(random.pick([0.1, 0.1, 0.5, 0, 1, 1e-6, 0.9, random.unit()])),
  simpler: () => [0.5, 1, 0.25, 0.125, 0],
  tiny: () => [0.5, 1],
  select: (value) => value,
};
