/** The command line of `softmax-fuzz sweep`. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { fromHex, isHex } from '../../float32/bits.ts';
import { type SweepOperation, sweepOperations } from '../../sweep/plan.ts';
import { positionOf } from '../../sweep/positions.ts';
import { positiveInteger, workerCount } from '../options.ts';
import type { ReachOptions } from '../reach.ts';

/** What the command line gives. */
export interface SweepFlags extends ReachOptions {
  readonly op: SweepOperation;
  readonly stride?: number;
  readonly from?: number;
  readonly to?: number;
  readonly profile?: string;
  readonly workers?: number;
  readonly resume?: boolean;
  readonly reports: string;
  readonly json?: string;
  readonly quiet?: boolean;
}

const afterHelp = `
Examples:
  softmax-fuzz sweep stable
  softmax-fuzz sweep ./my-softmax.mjs --stride 256
  softmax-fuzz sweep stable@bf16
  softmax-fuzz sweep stable --op logSoftmax --from c2d00000 --to c2ae0000

Exit codes:
  0    every answer within its budget, or only known faults and warnings
  1    a new error
  2    usage, or a target that cannot load or gives no answer
  70   a bug of softmax-fuzz
  130  interrupted; --resume goes on`;

/** The command: what it takes. What it does is loaded where it is run. */
export function sweepCommand(): Command {
  return new Command('sweep')
    .description('Judges the rows [x, 0] and [0, x] for every finite FP32 x, or every x of a 16-bit format.')
    .argument('<target>', 'naive, stable, ./kernel.mjs, ./kernel.mjs#export, or a name of the configuration')
    .addOption(new Option('--op <name>', 'the operation').choices(sweepOperations).default('softmax'))
    .option('--stride <n>', 'every nth word only, and the thresholds of exp', positiveInteger)
    .option('--from <word>', 'from this x, 8 hex digits (default: ff7fffff)', finiteWord)
    .option('--to <word>', 'up to this x (default: 7f7fffff)', finiteWord)
    .option('--profile <name>', 'the error profile, instead of what the target declares')
    .option('--workers <n>', 'processes (default: one a core)', workerCount)
    .option('--resume', 'go on where an interrupted sweep stopped')
    .option('--reports <dir>', 'where finished blocks are kept', 'reports')
    .option('--json <file>', 'also write the result as JSON; - is stdout')
    .option('--quiet', 'no progress')
    .addHelpText('after', afterHelp)
    .action(async (specifier: string, options: SweepFlags) => {
      const { runSweep } = await import('../sweep.ts');
      return runSweep(specifier, options);
    });
}

/** The position of a finite FP32 word. */
function finiteWord(text: string): number {
  if (!isHex(text) || !Number.isFinite(fromHex(text)))
    throw new InvalidArgumentError('Expected the 8 hex digits of a finite FP32 word, like 42b20000.');
  return positionOf(fromHex(text));
}
