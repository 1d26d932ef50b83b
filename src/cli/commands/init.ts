/** The command line of `softmax-fuzz init`. */
import { Command } from 'commander';

const afterHelp = `
It writes softmax-fuzz.config.mjs, which names the targets, softmax.mjs, one to
begin with, and .github/workflows/softmax-fuzz.yml, which runs them in CI. Where
one of them is there already, it writes nothing.

Exit codes:
  0    the files are written
  2    one of them is there already, or cannot be written`;

/** The command: what it takes. What it does is loaded where it is run. */
export function initCommand(): Command {
  return new Command('init')
    .description('Writes a configuration, a target to begin with and a workflow for CI.')
    .addHelpText('after', afterHelp)
    .action(async () => {
      const { runInit } = await import('../init.ts');
      runInit();
    });
}
