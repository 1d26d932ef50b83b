/** `softmax-fuzz replay`: runs a finding again, and says whether it still fails. */
import { Command } from 'commander';
import { replay } from '../record/replay.ts';
import { readFinding } from '../record/store.ts';
import { formatReplay } from '../report/replay-text.ts';
import { exitCodes } from './exit-codes.ts';
import { type ReachOptions, reachOf, withReach } from './reach.ts';
import { locateFinding, targetOf } from './recorded.ts';

interface Options extends ReachOptions {
  readonly target?: string;
  readonly reports: string;
}

const afterHelp = `
A finding's own target is judged by the profile that it was judged by before,
another one by its own.

Examples:
  softmax-fuzz replay reports/latest/findings/0a1b2c3d.json
  softmax-fuzz replay 0a1b2c3d --target ./my-softmax.mjs`;

/** The command. */
export function replayCommand(): Command {
  return withReach(
    new Command('replay')
      .description('Runs a recorded finding again: exit 1 when it still fails, 0 when it passes.')
      .argument('<file|id>', "a finding's file, or its id in the reports folder")
      .option(
        '--target <target>',
        'try this target instead; needed where the finding is of a target of yours',
      )
      .option('--reports <dir>', 'where ids are looked up', 'reports'),
  )
    .addHelpText('after', afterHelp)
    .action(run);
}

async function run(fileOrId: string, { target: specifier, reports, ...options }: Options): Promise<void> {
  const file = readFinding(locateFinding(fileOrId, reports));
  const result = await replay(
    file,
    await targetOf(file, specifier, { ...reachOf(options), showStderr: true }),
  );
  process.stdout.write(`${formatReplay(result)}\n`);
  process.exitCode = result.outcome === 'passes' ? exitCodes.held : exitCodes.falsified;
}
