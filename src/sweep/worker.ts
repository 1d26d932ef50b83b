/** What a worker process of a pool runs: the blocks that it is given, of a target that it loads itself. */
import type { Declaration, Target } from '../core/target.ts';
import { mayLoadHere, resolveTarget } from '../targets/resolve.ts';
import { type BlockResult, sweepBlock } from './block.ts';
import type { Block, SweepPlan } from './plan.ts';

/** A piece of work. */
export interface Task {
  readonly specifier: string;
  /** What is declared of the target in place of what it declares itself. */
  readonly declared: Declaration;
  readonly plan: SweepPlan;
  readonly block: Block;
}

// Ctrl-C reaches every process of a terminal. The sweep's own decides when the workers end.
process.on('SIGINT', () => {});

let target: Promise<Target> | undefined;

/** Sweeps a block. The target must be the same for every task of a process. */
export async function run({ specifier, declared, plan, block }: Task): Promise<BlockResult> {
  target ??= resolveTarget(specifier, { declared, inProcess: mayLoadHere(specifier) });
  return sweepBlock(await target, plan, block);
}
