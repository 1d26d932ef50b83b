/** `softmax-fuzz report`: shards put together, or a run reported again. */
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mergeShards } from '../record/shards.ts';
import type { ReportFlags } from './commands/report.ts';
import { publish } from './publish.ts';
import { withGithub } from './reporter-flag.ts';
import { prepareReports } from './reporters.ts';
import { takeRunFolder } from './run-folder.ts';

/** Runs the command. */
export async function runReport(
  folders: string[],
  { reports, json, strict, open, verbose, reporter: asked }: ReportFlags,
): Promise<void> {
  const reporter = withGithub(asked, false);
  prepareReports(reporter, json);
  const latest = join(reports, 'latest');
  if (lstatSync(latest, { throwIfNoEntry: false })) takeRunFolder(reports, 'latest', true).release();
  const merged = mergeShards(folders.length === 0 ? runsIn(reports) : folders, latest);
  const { release } = takeRunFolder(reports, 'latest', true);
  process.exitCode = await publish(merged, latest, { json, strict, open, verbose, reporter });
  release();
}

function runsIn(reports: string): string[] {
  const names = existsSync(reports) ? readdirSync(reports) : [];
  const shards = names.filter((name) => /^shard-\d+-of-\d+$/.test(name));
  return (shards.length === 0 ? ['latest'] : shards.sort()).map((name) => join(reports, name));
}
