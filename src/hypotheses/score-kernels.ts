/** Steps from logits to scores that are taken wrong, and batches that show it. */
import { type Batch, batchOf } from '../core/batch.ts';
import type { Options } from '../core/options.ts';
import type { Changes } from '../kernels/changes.ts';
import type { ScoreSteps } from '../kernels/options.ts';
import { withOptions } from '../options/index.ts';
import type { Hypothesis } from './hypothesis.ts';

type Taken = Pick<Hypothesis, 'changes' | 'ofOptions' | 'isBackward'>;

/** Scores are made so, and gradients are as a backward pass through them has it. */
export const withScores = (scores: Changes<ScoreSteps>): Taken => ({ changes: {}, ofOptions: { scores } });

/** Scores are right forward, and taken for these backward. */
export const withScoreGradients = (scores: Changes<ScoreSteps>): Taken => ({
  ...withScores(scores),
  isBackward: true,
});

/** Two rows of different logits, with options. */
export const twoRowsOfScores = (options: Options) => (): Batch => {
  const logits = [
    [0, 1],
    [2, 0],
  ];
  return withOptions(batchOf(logits, [0, 1], [1, 0, 0, 1]), options);
};

/** A row of logits, with options. */
export const rowOfScores = (options: Options, row: number[]) => (): Batch =>
  withOptions(batchOf([row]), options);
