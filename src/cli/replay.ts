/** `softmax-fuzz replay`: runs findings again, and says whether they still fail. */
import { Command } from 'commander';
import type { Target } from '../core/target.ts';
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
  softmax-fuzz replay 0a1b2c3d --target ./my-softmax.mjs
  softmax-fuzz replay reports/regressions/*.json --target ./my-softmax.mjs`;

/** The command. */
export function replayCommand(): Command {
  return withReach(
    new Command('replay')
      .description('Runs recorded findings again: exit 1 when one still fails, 0 when all pass.')
      .argument('<file|id...>', "findings' files, or their ids in the reports folder")
      .option(
        '--target <target>',
        'try this target instead; needed where the finding is of a target of yours',
      )
      .option('--reports <dir>', 'where ids are looked up', 'reports'),
  )
    .addHelpText('after', afterHelp)
    .action(run);
}

async function run(
  filesOrIds: readonly string[],
  { target: specifier, reports, ...options }: Options,
): Promise<void> {
  const files = filesOrIds.map((fileOrId) => readFinding(locateFinding(fileOrId, reports)));
  const loaded = new Map<string, Target>();
  let before = '';
  process.exitCode = exitCodes.held;
  for (const file of files) {
    const called = specifier ?? file.target.specifier;
    const target =
      loaded.get(called) ?? (await targetOf(file, specifier, { ...reachOf(options), showStderr: true }));
    if (loaded.has(called)) await target.renew?.(); // No finding is to depend on the calls of another.
    loaded.set(called, target);
    const result = await replay(file, target);
    process.stdout.write(`${before}${formatReplay(result)}\n`);
    before = '\n\n';
    if (result.outcome !== 'passes') process.exitCode = exitCodes.falsified;
  }
}
