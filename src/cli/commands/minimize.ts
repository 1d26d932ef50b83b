/** The command line of `softmax-fuzz minimize`. */

import { Command } from 'commander';
import { type ReachOptions, withReach } from '../reach.ts';
import { type MaxLogitsFlag, maxLogitsOption } from './max-logits.ts';

/** What the command line gives. */
export interface MinimizeFlags extends ReachOptions, MaxLogitsFlag {
  readonly target?: string;
  readonly keepShape?: boolean;
  readonly reports: string;
}

const afterHelp = `
The file stays as it is: what it shrinks to is written to minimized/ in the
reports folder. It holds a finding, shrunk within its bucket; or a request, as
of \`oracle --jsonl\`; or FP32 words, a row a line. Of the last two, each
failure of each operation is shrunk; the losses only with targets.

Examples:
  softmax-fuzz minimize 0a1b2c3d --target ./my-softmax.mjs
  softmax-fuzz minimize request.json --target ./my-softmax.mjs
  echo '42b20000 00000000' > words.txt   # [89, 0]
  softmax-fuzz minimize words.txt --target ./my-softmax.mjs

Exit codes:
  0    nothing is wrong
  1    it fails, if only with a warning, unless an error was recorded
  2    usage, a target that cannot load, or an unreadable file
  70   a bug of softmax-fuzz
  130  interrupted, with what it has shrunk to so far on disk`;

/** The command: what it takes. What it does is loaded where it is run. */
export function minimizeCommand(): Command {
  return withReach(
    new Command('minimize')
      .description('Shrinks a failing input to the smallest that fails in the same way.')
      .argument(
        '<file|id>',
        "a finding's file or id, or a file with a request of the oracle or with FP32 words",
      )
      .option('--target <target>', 'what to run it on; needed but for findings of the built-in kernels')
      .option('--keep-shape', 'keep rows and columns: for a kernel of one shape')
      .option('--reports <dir>', 'where ids are looked up, and where files go', 'reports')
      .addOption(maxLogitsOption()),
  )
    .addHelpText('after', afterHelp)
    .action(async (fileOrId: string, options: MinimizeFlags) => {
      const { runMinimize } = await import('../minimize.ts');
      return runMinimize(fileOrId, options);
    });
}
