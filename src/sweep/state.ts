/** A sweep on disk: one file says which sweep it is, and one for each finished block says what the block has shown. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '../core/target.ts';
import { MOST_BYTES, readFile } from '../record/read-file.ts';
import { listJson, prepareFolder, removeFolder, writeFile } from '../record/store.ts';
import { UserError } from '../text/errors.ts';
import type { BlockResult } from './block.ts';
import { formatBlock, parseBlock } from './block-file.ts';
import type { SweepPlan } from './plan.ts';
import { wordAt } from './series.ts';

/** Where a sweep keeps what it has done. */
export interface SweepState {
  /** Blocks finished before, in order. */
  readonly finished: readonly BlockResult[];
  /** Keeps a block: its file appears whole, by rename. */
  readonly save: (block: BlockResult) => void;
}

/**
 * Opens the folder of `parts` in `reports` for a sweep. Without `resume`, what an earlier sweep has left there is removed.
 * @throws UserError when the folder cannot be written, or `resume` meets a sweep that is not this one.
 */
export function openState(
  reports: string,
  parts: readonly string[],
  target: Target,
  plan: SweepPlan,
  resume: boolean,
): SweepState {
  const folder = join(reports, ...parts);
  const identity = `${JSON.stringify(identityOf(target, plan), null, 1)}\n`;
  const file = join(folder, 'sweep.json');
  const blocks = join(folder, 'blocks');
  if (!resume) removeFolder(reports, ...parts, 'blocks');
  else if (existsSync(file) && readFile(file) !== identity)
    throw new UserError(`${file} is of another sweep`, 'Leave --resume out to begin anew.');
  prepareFolder(reports, ...parts, 'blocks');
  writeFile(file, identity);
  return {
    finished: listJson(blocks).map((path) => parseBlock(readFile(path, MOST_BYTES, 0), path, plan)),
    save: (block) =>
      writeFile(join(blocks, `${String(block.index).padStart(3, '0')}.json`), formatBlock(block)),
  };
}

/** All that the result depends on: a block of another kernel, or of another Math.exp, would be of no use. */
function identityOf({ specifier }: Target, plan: SweepPlan): object {
  const path = specifier.replace(/#[^#/\\]*$/, '');
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return {
    version,
    node: process.version,
    target: specifier,
    sha256: isFile ? createHash('sha256').update(readFileSync(path)).digest('hex') : null,
    ...plan,
    from: wordAt(plan, plan.from),
    to: wordAt(plan, plan.to),
  };
}
