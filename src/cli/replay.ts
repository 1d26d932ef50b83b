/** `softmax-fuzz replay`: runs a finding again, and says whether it still fails. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { UserError } from '../core/errors.ts';
import type { Target } from '../core/target.ts';
import type { FindingFile } from '../record/finding-file.ts';
import { replay } from '../record/replay.ts';
import { listJson, readFinding } from '../record/store.ts';
import { formatReplay } from '../report/replay-text.ts';
import { isBuiltin } from '../targets/builtin.ts';
import { resolveTarget } from '../targets/resolve.ts';
import { exitCodes } from './exit-codes.ts';

interface Options {
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
  return new Command('replay')
    .description('Runs a recorded finding again: exit 1 when it still fails, 0 when it passes.')
    .argument('<file|id>', "a finding's file, or its id in the reports folder")
    .option('--target <target>', 'try this target instead; needed where the finding is of a target of yours')
    .option('--reports <dir>', 'where ids are looked up', 'reports')
    .addHelpText('after', afterHelp)
    .action(run);
}

async function run(fileOrId: string, { target: specifier, reports }: Options): Promise<void> {
  const file = readFinding(locate(fileOrId, reports));
  const result = await replay(file, await targetOf(file, specifier));
  process.stdout.write(`${formatReplay(result)}\n`);
  process.exitCode = result.outcome === 'passes' ? exitCodes.held : exitCodes.falsified;
}

/** The path of a finding named by its file or by the beginning of its id. */
function locate(fileOrId: string, reports: string): string {
  if (existsSync(fileOrId)) return fileOrId;
  if (!/^[0-9a-f]{4,8}$/.test(fileOrId)) throw new UserError(`there is no file ${fileOrId}`);
  const folders = [join(reports, 'latest', 'findings'), join(reports, 'regressions')];
  const found = folders
    .flatMap(listJson)
    .map((path) => ({ path, id: readFinding(path).id }))
    .filter(({ id }) => id.startsWith(fileOrId));
  const ids = new Set(found.map(({ id }) => id));
  if (ids.size === 0) throw new UserError(`there is no finding ${fileOrId} in ${folders.join(' or ')}`);
  if (ids.size > 1)
    throw new UserError(`${fileOrId} may be any of ${[...ids].join(', ')}`, 'Give more digits.');
  return found[0].path;
}

/** What to run: the target on the command line, or the built-in kernel that the file names. Nothing else. */
async function targetOf({ target }: FindingFile, specifier: string | undefined): Promise<Target> {
  if (specifier !== undefined) return resolveTarget(specifier);
  if (isBuiltin(target.specifier)) return resolveTarget(target.specifier);
  throw new UserError(
    `this finding is of ${target.name}, and a replay runs only what its command line names`,
    `Add --target ${target.specifier}`,
  );
}
