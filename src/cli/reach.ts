/** The options that say how targets are reached, for every command that runs one. */
import type { Command } from 'commander';
import type { Reach } from '../targets/process/reach.ts';
import type { ConfiguredTargets } from './configure.ts';
import { memorySize, someDuration } from './options.ts';

/** What the options give. */
export interface ReachOptions {
  readonly inProcess?: boolean;
  readonly timeout?: number;
  readonly startTimeout?: number;
  readonly memory?: number;
  /** The targets of the configuration, where there is one: see configure.ts. */
  readonly configured?: ConfiguredTargets;
}

/** The command with the options. */
export function withReach(command: Command): Command {
  return command
    .option('--timeout <duration>', 'how long a call may take (default: 10s)', someDuration)
    .option('--start-timeout <duration>', 'how long a target may take to load (default: 60s)', someDuration)
    .option('--memory <size>', "what a target's process may hold (default: 4g)", memorySize)
    .option('--in-process', 'load modules here: faster, for debuggers, but a crash ends it all');
}

/** What they say. */
export function reachOf({ inProcess, timeout, startTimeout, memory }: ReachOptions): Reach {
  return { inProcess, timeoutMs: timeout, startMs: startTimeout, memoryBytes: memory };
}
