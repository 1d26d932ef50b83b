/**
 * A run's folder as the journal of its campaign: `state.json`, and in `shrunk/` what its discoveries shrank to. A file
 * appears whole or not at all, so that the folder is good whenever the process is killed.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Shard } from '../campaign/explore/shard.ts';
import type { CampaignState, Journal } from '../campaign/state.ts';
import { MOST_LOGITS } from '../core/batch.ts';
import type { Finding } from '../core/finding.ts';
import type { OptionName } from '../core/options.ts';
import { optionNames } from '../options/index.ts';
import { UserError } from '../text/errors.ts';
import { withChecksum, withoutChecksum } from './checksum.ts';
import { parseFindingFile, toFindingFile } from './finding-file.ts';
import { readFile } from './read-file.ts';
import { toFinding } from './read-finding.ts';
import {
  differenceOf,
  formatState,
  fromState,
  type Plan,
  parseState,
  type StateFile,
  toState,
} from './state-file.ts';
import { prepareFolder, writeFile } from './store.ts';

/** The journal of a new campaign in `folder`; what an earlier one left there is removed. */
export function startJournal(folder: string, plan: Plan, shard: Shard): Journal {
  rmSync(join(folder, 'state.json'), { force: true });
  rmSync(join(folder, 'shrunk'), { force: true, recursive: true });
  return journalIn(folder, plan, shard, null);
}

/**
 * The journal that goes on where the one in `folder` ends, or starts a new one where there is none.
 * @throws UserError when it is one of another campaign; what is different is said.
 */
export function resumeJournal(folder: string, plan: Plan, shard: Shard): Journal {
  const file = readState(folder);
  if (file === null) return startJournal(folder, plan, shard);
  const difference = differenceOf({ ...file.plan, shard: file.shard }, { ...plan, shard });
  if (difference !== null) {
    throw new UserError(
      `${stateOf(folder)} is of another campaign: ${difference}`,
      'Resume it with the options that it was started with, or start anew without --resume.',
    );
  }
  return journalIn(folder, plan, shard, toState(file));
}

/**
 * The state in `folder`, or null when there is none.
 * @throws UserError when it cannot be read, or is of another version.
 */
export function readState(folder: string): StateFile | null {
  const path = stateOf(folder);
  return existsSync(path) ? parseState(readFile(path), path) : null;
}

/** What a discovery shrank to in the run of `folder` that this is the plan of, or null. Targets are counted from 0. */
export function readShrunk(folder: string, plan: Plan, target: number, bucket: string): Finding | null {
  const path = shrunkFile(folder, target, bucket);
  return existsSync(path) ? readFinding(path, plan) : null;
}

/** Each failure that does not need an option, of those in the run of `folder`: see without-options.ts. */
export function readShrunkWithout(
  folder: string,
  plan: Plan,
  target: number,
): { readonly option: OptionName; readonly finding: Finding }[] {
  const shrunk = join(folder, 'shrunk');
  // An empty folder is lost where only files are passed on.
  const names = existsSync(shrunk) ? readdirSync(shrunk) : [];
  const its = names.filter((name) => name.startsWith(`${target}-`));
  return optionNames.flatMap((option) =>
    its
      .filter((name) => name.endsWith(`-without-${option}.json`))
      .map((name) => ({ option, finding: readFinding(join(shrunk, name), plan) })),
  );
}

function readFinding(path: string, plan: Plan): Finding {
  const text = withoutChecksum(readFile(path), path, 'Remove it, and --resume shrinks its finding again.');
  return toFinding(parseFindingFile(text, path, mostLogitsOf(plan)));
}

function journalIn(folder: string, plan: Plan, shard: Shard, state: CampaignState | null): Journal {
  prepareFolder(folder, 'shrunk');
  for (const sub of ['', 'shrunk', 'findings']) removeUnfinished(join(folder, sub));
  return {
    state,
    save: (next) => writeFile(stateOf(folder), formatState({ plan, shard, ...fromState(next) })),
    finding: (target, bucket) => readShrunk(folder, plan, target, bucket),
    keep(target, bucket, finding) {
      writeFile(shrunkFile(folder, target, bucket), withChecksum(toFindingFile(finding), 1));
    },
  };
}

/** What a killed process left of files that it was writing. */
function removeUnfinished(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder))
    if (name.endsWith('.tmp')) rmSync(join(folder, name), { force: true });
}

/** Batches of a campaign may be larger than those of strangers, where it was told to have such. */
function mostLogitsOf({ generation: { rows = 1, cols = 1 } }: Plan): number {
  return Math.max(MOST_LOGITS, Number(rows) * Number(cols) || 0);
}

function stateOf(folder: string): string {
  return join(folder, 'state.json');
}

function shrunkFile(folder: string, target: number, bucket: string): string {
  return join(folder, 'shrunk', `${target}-${bucket.replaceAll('/', '-')}.json`);
}
