/** Steps of losses with options that are taken wrong, and batches that show it. */
import { type Batch, batchOf } from '../core/batch.ts';
import type { Options } from '../core/options.ts';
import type { Changes } from '../kernels/changes.ts';
import type { LossCall, LossSteps } from '../kernels/losses.ts';
import { withOptions } from '../options/index.ts';
import type { Hypothesis } from './hypothesis.ts';

type Taken = Pick<Hypothesis, 'changes' | 'ofOptions' | 'isBackward'>;

/** Losses are made so, and their gradients. */
export const withLosses = (losses: Changes<LossSteps>): Taken => ({ changes: {}, ofOptions: { losses } });

/** Losses are right, and their gradients made so. */
export const withLossGradients = (losses: Changes<LossSteps>): Taken => ({
  ...withLosses(losses),
  isBackward: true,
});

/** Two rows of two classes with these targets, with options. */
export const twoRows =
  (options: Options, targets: readonly number[] = [0, 1]) =>
  (): Batch => {
    const { ignoreIndex = -1 } = options;
    const logits = [
      [0, 5],
      [1, 0],
    ];
    return withOptions(batchOf(logits, [...targets], undefined, ignoreIndex), options);
  };

/** A row of two classes with target 0, with options. */
export const oneRow =
  (options: Options, row: readonly number[] = [0, 1]) =>
  (): Batch =>
    withOptions(batchOf([[...row]]), options);

/** The maximum of a row of scores. */
export const maxOf = (r: number, { z, width }: LossCall): number =>
  z.subarray(r * width, (r + 1) * width).reduce((max, each) => Math.max(max, each), Number.NEGATIVE_INFINITY);

export const sumOf = (values: Float32Array): number => values.reduce((sum, each) => sum + each, 0);

/** Whether every class counts in a loss, and not the target alone. */
export const isDense = ({ options: { probabilities, labelSmoothing = 0 } }: LossCall): boolean =>
  probabilities !== undefined || labelSmoothing !== 0;
