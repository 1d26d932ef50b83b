/** The commands, their arguments and their help. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { inertLines } from '../text/inert.ts';
import { fuzzCommand } from './commands/fuzz.ts';
import { initCommand } from './commands/init.ts';
import { minimizeCommand } from './commands/minimize.ts';
import { oracleCommand } from './commands/oracle.ts';
import { powerCommand } from './commands/power.ts';
import { replayCommand } from './commands/replay.ts';
import { reportCommand } from './commands/report.ts';
import { sweepCommand } from './commands/sweep.ts';
import { targetsCommand } from './commands/targets.ts';
import { configure } from './configure.ts';

const afterHelp = `
Examples:
  softmax-fuzz init                                  files to begin with
  softmax-fuzz fuzz                                  the configuration's targets
  softmax-fuzz fuzz ./my-softmax.mjs                 your kernel
  softmax-fuzz fuzz ./my-softmax.mjs --max-time 30s  for as long as you like
  softmax-fuzz replay reports/latest/findings/0a1b2c3d.json
  softmax-fuzz minimize request.json --target ./my-softmax.mjs
  softmax-fuzz oracle 1000 1 -1000

Exit codes:
  0 held, or only known findings      1 a new finding
  2 usage, target or configuration    70 a bug of softmax-fuzz
  130 interrupted, with everything found so far on disk`;

/** The program, ready to parse. It throws CommanderErrors instead of exiting. */
export function createProgram(): Command {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const program = new Command('softmax-fuzz')
    .description('Finds, shrinks, explains and replays the inputs on which a softmax kernel goes wrong.')
    .version(version)
    .addHelpText('after', afterHelp)
    .hook('preAction', (_, command) => configure(command));
  for (const command of [
    fuzzCommand(),
    replayCommand(),
    minimizeCommand(),
    powerCommand(),
    reportCommand(),
    oracleCommand(),
    sweepCommand(),
    targetsCommand(),
    initCommand(),
  ])
    program.addCommand(command);
  for (const command of [program, ...program.commands])
    command
      .exitOverride()
      .showHelpAfterError('(--help shows the options)')
      .configureOutput({
        outputError: (text, write) => write(inertLines(text.replace(/^error: /, 'softmax-fuzz: '))),
      });
  return program;
}
