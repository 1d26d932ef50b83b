/** `softmax-fuzz report`: shards put together, or a run reported again. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { mergeShards } from '../record/shards.ts';
import { prepareFile } from '../record/store.ts';
import { publish } from './publish.ts';
import { takeRunFolder } from './run-folder.ts';

interface Options {
  readonly strict?: boolean;
  readonly reports: string;
  readonly json?: string;
}

const afterHelp = `
A run is a folder that fuzz wrote: reports/latest, or reports/shard-1-of-8 and
so on. No target is loaded or run.

Examples:
  softmax-fuzz report
  softmax-fuzz report reports/shard-*-of-8
  softmax-fuzz report /a/shard-1-of-2 /b/shard-2-of-2 --reports merged --json -

Exit codes:
  0    every property held, or only known findings and warnings
  1    a new error, and with --strict a new warning
  2    usage, or runs that are unfinished, missing, twice there or of different
       campaigns`;

/** The command. */
export function reportCommand(): Command {
  return new Command('report')
    .description('Puts the shards of a campaign together, as if one process had run it.')
    .argument('[run...]', 'folders of runs (default: the shards in the reports folder, else its latest run)')
    .option('--strict', 'warnings fail too')
    .option('--reports <dir>', 'where files go, to latest/', 'reports')
    .option('--json <file>', 'also write the result as JSON; - is stdout')
    .addHelpText('after', afterHelp)
    .action(run);
}

function run(folders: string[], { reports, json, strict }: Options): void {
  if (json !== undefined && json !== '-') prepareFile(json);
  const latest = join(reports, 'latest');
  if (existsSync(latest)) takeRunFolder(latest, true).release();
  const merged = mergeShards(folders.length === 0 ? runsIn(reports) : folders, latest);
  const { release } = takeRunFolder(latest, true);
  process.exitCode = publish(merged, latest, { json, strict });
  release();
}

function runsIn(reports: string): string[] {
  const names = existsSync(reports) ? readdirSync(reports) : [];
  const shards = names.filter((name) => /^shard-\d+-of-\d+$/.test(name));
  return (shards.length === 0 ? ['latest'] : shards.sort()).map((name) => join(reports, name));
}
