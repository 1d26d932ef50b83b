/** A whole sweep: its blocks, but for those that are on disk already, and what they show together. */

import { operationsOf } from '../core/kernel.ts';
import type { Target } from '../core/target.ts';
import { takenBy } from '../options/taken.ts';
import { slowBecause } from '../oracle/sentinels.ts';
import { UserError } from '../text/errors.ts';
import type { BlockResult } from './block.ts';
import { type Block, blocksOf, type SweepPlan } from './plan.ts';
import { type SweepResult, summarize, Unconfirmed } from './result.ts';
import type { SweepState } from './state.ts';

/** How far a sweep has come. */
export interface SweepProgress {
  /** Blocks finished, and blocks in all. */
  readonly done: number;
  readonly total: number;
  /** Blocks and positions since the sweep was started or resumed. */
  readonly newly: number;
  readonly visits: number;
  readonly elapsedMs: number;
}

/** Runs blocks, in any order and any number at a time; gives up once the signal is aborted. */
export type RunBlocks = (
  blocks: readonly Block[],
  onBlock: (result: BlockResult) => void,
  signal: AbortSignal,
) => Promise<void>;

/**
 * Sweeps `target` by `plan`. Null when `signal` is aborted before the end; what is finished is in `state` then.
 * @throws UserError when the target lacks the operation or has fixed an option of it, or the double precision of this runtime is not to be trusted.
 */
export async function sweep(
  target: Target,
  plan: SweepPlan,
  state: SweepState,
  run: RunBlocks,
  signal: AbortSignal,
  onProgress: (progress: SweepProgress) => void = () => {},
): Promise<SweepResult | null> {
  checkOperation(target, plan);
  if (slowBecause !== null)
    throw new UserError(`a sweep needs double precision as it should be: ${slowBecause}`);
  const start = performance.now();
  const results = new Map(state.finished.map((block) => [block.index, block]));
  const blocks = blocksOf(plan);
  let visits = 0;
  const onBlock = (block: BlockResult): void => {
    state.save(block);
    results.set(block.index, block);
    visits += block.visits;
    onProgress({
      done: results.size,
      total: blocks.length,
      newly: results.size - state.finished.length,
      visits,
      elapsedMs: performance.now() - start,
    });
  };
  await run(
    blocks.filter(({ index }) => !results.has(index)),
    onBlock,
    signal,
  );
  const finished = blocks.flatMap(({ index }) => results.get(index) ?? []);
  if (finished.length < blocks.length) return null;
  try {
    return summarize(plan, finished);
  } catch (error) {
    if (!(error instanceof Unconfirmed) || state.finished.length === 0) throw error;
    throw new UserError(
      `a block that was kept is not of this sweep: ${error.message}`,
      'Leave --resume out to begin anew.',
    );
  }
}

function checkOperation(target: Target, { operation }: SweepPlan): void {
  const offered = operationsOf(target.kernel);
  if (!offered.includes(operation))
    throw new UserError(`${target.name} has no ${operation}`, `It offers ${offered.join(', ')}.`);
  const [fixed] = Object.keys(takenBy(target, operation).fixed);
  if (fixed !== undefined)
    throw new UserError(
      `${target.name} has fixed ${fixed} in its ${operation}`,
      'A sweep is of plain rows [x, 0] and [0, x]; fuzz asks it with its options.',
    );
}
