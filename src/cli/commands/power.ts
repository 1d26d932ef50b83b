/** The command line of `softmax-fuzz power`. */
import { Command } from 'commander';
import { DEFAULT_RUNS } from '../../campaign/explore/shard.ts';
import type { Operation } from '../../core/operation.ts';
import { batchSize, operationList, runCount, seedNumber } from '../options.ts';
import { type ReachOptions, withReach } from '../reach.ts';
import { targetForm } from './target-forms.ts';

/** What the command line gives. */
export interface PowerFlags extends ReachOptions {
  readonly ops?: Operation[];
  readonly runs: number;
  readonly seed: number;
  readonly rows?: number;
  readonly cols?: number;
  readonly profile?: string;
  readonly signature?: string;
  readonly reports: string;
  readonly regressions?: string;
}

const afterHelp = `
Examples:
  softmax-fuzz power
  softmax-fuzz power ./my-softmax.mjs --runs 1000 --seed 7
  softmax-fuzz power --ops softmax --cols 64

A fault is a known way to be wrong (docs/power.md). The target is not judged:
its operations, options, profile and sizes say what is asked.`;

/** The command: what it takes. What it does is loaded where it is run. */
export function powerCommand(): Command {
  return withReach(
    new Command('power')
      .description('Tells which known faults the batches of a campaign find, and after how many batches.')
      .argument('[target]', `${targetForm} (default: its first target, or stable)`)
      .option('--ops <list>', 'only these operations, separated by commas', operationList)
      .option('--runs <n>', 'generated batches', runCount, DEFAULT_RUNS)
      .option('--seed <n>', 'that of the campaign', seedNumber, 1)
      .option('--rows <n>', 'every batch has exactly n rows', batchSize)
      .option('--cols <n>', 'every row has exactly n logits', batchSize)
      .option('--signature <list>', 'what a function takes, as of fuzz')
      .option('--profile <name>', 'what the target is judged by, not what it declares')
      .option('--reports <dir>', 'where regressions/ is read', 'reports')
      .option('--regressions <dir>', 'where the inputs are that are tried first'),
  )
    .addHelpText('after', afterHelp)
    .action(async (specifier: string | undefined, options: PowerFlags) => {
      const { runPower } = await import('../power.ts');
      return runPower(specifier, options);
    });
}
