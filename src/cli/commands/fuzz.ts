/** The command line of `softmax-fuzz fuzz`. */

import { Command } from 'commander';
import { DEFAULT_RUNS, type Shard } from '../../campaign/explore/shard.ts';
import type { Operation } from '../../core/operation.ts';
import { profiles } from '../../row/profiles.ts';
import { batchSize, duration, operationList, runCount, seedNumber, share, workerCount } from '../options.ts';
import { type ReachOptions, withReach } from '../reach.ts';
import type { ReporterFlag } from '../reporter-flag.ts';
import { parseShard } from '../shard.ts';
import { type MaxLogitsFlag, maxLogitsOption } from './max-logits.ts';
import { reporterOption } from './reporter.ts';
import { type SemanticsFlag, semanticsOption } from './semantics.ts';
import { targetForms } from './target-forms.ts';

/** What the command line gives. */
export interface FuzzFlags extends ReachOptions, MaxLogitsFlag {
  readonly ops?: Operation[];
  readonly runs?: number | undefined;
  readonly maxTime?: number | undefined;
  readonly shrinkTime?: number | undefined;
  readonly seed?: number;
  readonly rows?: number;
  readonly cols?: number;
  readonly profile?: string;
  readonly signature?: string;
  readonly semantics?: SemanticsFlag;
  readonly strict?: boolean;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly workers?: number;
  readonly shard?: Shard;
  readonly resume?: boolean;
  readonly reports: string;
  readonly regressions?: string;
  readonly json?: string;
  readonly reporter?: readonly ReporterFlag[];
  readonly open?: boolean;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
  readonly audit?: number;
}

const profileNames = profiles.map(({ name }) => name).join(', ');

const afterHelp = `
Examples:
  softmax-fuzz fuzz ./my-softmax.mjs
  softmax-fuzz fuzz 'cmd:python3 my_softmax.py' --timeout 1s
  softmax-fuzz fuzz onnx:./model.onnx npm:@tensorflow/tfjs
  softmax-fuzz fuzz ./kernels.mjs#fastSoftmax --max-time 30s --profile wgsl
  softmax-fuzz fuzz 'lib:./libkernel.so#void my_softmax(float *x, int n)'
  softmax-fuzz fuzz naive stable --ops softmax,crossEntropy --seed 7 --json -
  softmax-fuzz fuzz ./my-softmax.mjs --runs 1000000 --seed 7 --shard 3/8

A shard writes to reports/shard-i-of-n instead of reports/latest. Without
--shard it is read from the environment too: of a CI matrix
(SOFTMAX_FUZZ_SHARD=3/8), a Kubernetes Indexed Job (JOB_COMPLETION_INDEX, and
SOFTMAX_FUZZ_SHARDS or JOB_COMPLETIONS) or a Slurm array (SLURM_ARRAY_TASK_ID
and its kin).

Exit codes:
  0    every property held, or only known findings and warnings
  1    a new error, and with --strict a new warning
  2    usage, a target that cannot load, or nothing was run
  70   a bug of softmax-fuzz
  130  interrupted, with everything found so far on disk`;

/** The command: what it takes. What it does is loaded where it is run. */
export function fuzzCommand(): Command {
  return withReach(
    new Command('fuzz')
      .description('Judges targets on adversarial batches and shrinks what goes wrong.')
      .argument('[target...]', targetForms)
      .option('--ops <list>', 'only these operations, separated by commas', operationList)
      .option(
        '--runs <n>',
        `generated batches, over all shards (default: ${DEFAULT_RUNS}, or no limit with --max-time)`,
        runCount,
      )
      .option(
        '--max-time <duration>',
        'what all of it may take, e.g. 30s, 5m, 1h: how many batches that are differs from run to run',
        duration,
      )
      .option(
        '--shrink-time <duration>',
        'what shrinking may take (default: a quarter of --max-time, or no limit)',
        duration,
      )
      .option('--seed <n>', 'repeat a run (default: random, printed)', seedNumber)
      .option('--rows <n>', 'every batch has exactly n rows', batchSize)
      .option('--cols <n>', 'every row has exactly n logits', batchSize)
      .option(
        '--signature <list>',
        'what a function takes: name(row), name(array) or name(logits, out, rows, cols); of lib: and wasm: its declaration in C',
      )
      .option(
        '--profile <name>',
        `what each target is judged by, not what it declares: ${profileNames}; with additions, like exp2+online`,
      )
      .addOption(semanticsOption())
      .option('--strict', 'warnings fail too')
      .option(
        '--baseline <file>',
        'what an earlier run wrote by --json: its findings are known, and fail no more; a loss of accuracy does',
      )
      .option('--update-baseline', 'write this run to the baseline, whatever it found, and exit 0')
      .option('--workers <n>', 'processes (default: one a core, but 1 for a short run)', workerCount)
      .option('--shard <i/n>', 'only part i of n; reported together by `softmax-fuzz report`', (text) =>
        parseShard(text, '--shard'),
      )
      .option('--resume', 'go on where a killed run with the same options stopped, if there is one')
      .option('--reports <dir>', 'where files go, and where regressions/ is read', 'reports')
      .option(
        '--regressions <dir>',
        'where the inputs are that are tried first (default: regressions in the reports folder)',
      )
      .addOption(maxLogitsOption())
      .option('--json <file>', 'also write the result as JSON; - is stdout')
      .addOption(reporterOption())
      .option('--verbose', 'show all that is known of each fault')
      .option('--open', 'open the report when it is written, on a terminal')
      .option('--quiet', 'no progress')
      .option(
        '--audit <share>',
        'let decimal.js judge every number of this share of the batches too, e.g. 0.001; --max-time waits for the one it is at',
        share,
      ),
  )
    .addHelpText('after', afterHelp)
    .action(async (specifiers: string[], options: FuzzFlags) => {
      const { runFuzz } = await import('../fuzz.ts');
      return runFuzz(specifiers, options);
    });
}
