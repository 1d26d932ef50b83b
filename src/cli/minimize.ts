/** `softmax-fuzz minimize`: shrinks a failing input that somebody has. */
import { basename, join } from 'node:path';
import { Command } from 'commander';
import { UserError } from '../core/errors.ts';
import type { Target } from '../core/target.ts';
import { toFindingFile } from '../record/finding-file.ts';
import { type Given, parseGiven } from '../record/given.ts';
import { minimizeGiven } from '../record/minimize.ts';
import { replay } from '../record/replay.ts';
import { recordFinding } from '../record/run.ts';
import { prepareFolder, readFile } from '../record/store.ts';
import { formatMinimized, formatNothing } from '../report/minimize-text.ts';
import type { Reach } from '../targets/process/reach.ts';
import { resolveTarget } from '../targets/resolve.ts';
import { exitCodes } from './exit-codes.ts';
import { listenForInterrupt } from './interrupt.ts';
import { type ReachOptions, reachOf, withReach } from './reach.ts';
import { locateFinding, targetOf } from './recorded.ts';

interface Options extends ReachOptions {
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

Exit codes:
  0    nothing is wrong
  1    it fails, if only with a warning, unless an error was recorded
  2    usage, a target that cannot load, or an unreadable file
  70   a bug of softmax-fuzz
  130  interrupted, with what it has shrunk to so far on disk`;

/** The command. */
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
      .option('--reports <dir>', 'where ids are looked up, and where files go', 'reports'),
  )
    .addHelpText('after', afterHelp)
    .action(run);
}

async function run(
  fileOrId: string,
  { target: specifier, keepShape = false, reports, ...options }: Options,
): Promise<void> {
  const path = locateFinding(fileOrId, reports);
  const given = parseGiven(readFile(path), path);
  const target = await chosenTarget(given, path, specifier, reachOf(options));
  const folder = join(reports, 'minimized');
  const interrupt = listenForInterrupt();
  const shrinking = { source: basename(path), keepShape, signal: interrupt.signal };
  const minimized = await minimizeGiven(given, target, shrinking);
  interrupt.stop();
  if (minimized.findings.length > 0) prepareFolder(folder);
  const texts: string[] = [];
  for (const finding of minimized.findings) {
    const again = await replay(toFindingFile(finding), minimized.target);
    texts.push(formatMinimized(recordFinding(finding, folder), again));
  }
  process.stdout.write(`${texts.length === 0 ? formatNothing(minimized) : texts.join('\n\n')}\n`);
  if (interrupt.signal.aborted) process.exitCode = exitCodes.interrupted;
  else process.exitCode = texts.length === 0 ? exitCodes.held : exitCodes.falsified;
}

async function chosenTarget(
  { finding }: Given,
  path: string,
  specifier: string | undefined,
  reach: Reach,
): Promise<Target> {
  if (finding !== null) return targetOf(finding, specifier, reach);
  if (specifier === undefined)
    throw new UserError(`${path} names no target`, 'Add --target ./my-softmax.mjs');
  return resolveTarget(specifier, reach);
}
