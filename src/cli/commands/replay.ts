/** The command line of `softmax-fuzz replay`. */

import { Command, Option } from 'commander';
import { type LanguageName, languageNames } from '../../report/language-name.ts';
import { type ReachOptions, withReach } from '../reach.ts';
import { type MaxLogitsFlag, maxLogitsOption } from './max-logits.ts';

/** What the command line gives. */
export interface ReplayFlags extends ReachOptions, MaxLogitsFlag {
  readonly target?: string;
  readonly reports: string;
  readonly code?: LanguageName;
}

const afterHelp = `
A finding's own target is judged by the profile that it was judged by before,
another one by its own.

Examples:
  softmax-fuzz replay reports/latest/findings/0a1b2c3d.json
  softmax-fuzz replay 0a1b2c3d --target ./my-softmax.mjs
  softmax-fuzz replay reports/regressions/*.json --target ./my-softmax.mjs
  softmax-fuzz replay 0a1b2c3d --code torch`;

/** The command: what it takes. What it does is loaded where it is run. */
export function replayCommand(): Command {
  return withReach(
    new Command('replay')
      .description('Runs recorded findings again: exit 1 when one still fails, 0 when all pass.')
      .argument('<file|id...>', "findings' files, or their ids in the reports folder")
      .option(
        '--target <target>',
        'try this target instead; needed where the finding is of a target of yours',
      )
      .option('--reports <dir>', 'where ids are looked up', 'reports')
      .addOption(
        new Option('--code <language>', 'print the call as code to paste, and run nothing').choices(
          languageNames,
        ),
      )
      .addOption(maxLogitsOption()),
  )
    .addHelpText('after', afterHelp)
    .action(async (filesOrIds: string[], options: ReplayFlags) => {
      const { runReplay } = await import('../replay.ts');
      return runReplay(filesOrIds, options);
    });
}
