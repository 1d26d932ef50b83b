/** `softmax-fuzz minimize`: shrinks a failing input that somebody has. */
import { basename } from 'node:path';
import type { Target } from '../core/target.ts';
import { toFindingFile } from '../record/finding-file.ts';
import { type Given, parseGiven } from '../record/given.ts';
import { minimizeGiven } from '../record/minimize.ts';
import { readFile } from '../record/read-file.ts';
import { replay } from '../record/replay.ts';
import { recordIfPossible } from '../record/somewhere.ts';
import { formatMinimized, formatNothing } from '../report/minimize-text.ts';
import { UserError } from '../text/errors.ts';
import type { MinimizeFlags } from './commands/minimize.ts';
import { exitCodes } from './exit-codes.ts';
import { listenForInterrupt } from './interrupt.ts';
import { targetNamed } from './named.ts';
import type { ReachOptions } from './reach.ts';
import { locateFinding, targetOf } from './recorded.ts';

/** Runs the command. */
export async function runMinimize(
  fileOrId: string,
  { target: specifier, keepShape = false, reports, maxLogits, ...options }: MinimizeFlags,
): Promise<void> {
  const path = locateFinding(fileOrId, reports);
  const given = parseGiven(readFile(path), path, maxLogits);
  const target = await chosenTarget(given, path, specifier, options);
  const interrupt = listenForInterrupt();
  const shrinking = { source: basename(path), keepShape, signal: interrupt.signal };
  const minimized = await minimizeGiven(given, target, shrinking);
  interrupt.stop();
  const texts: string[] = [];
  const failures: UserError[] = [];
  for (const finding of minimized.findings) {
    const again = await replay(toFindingFile(finding), minimized.target);
    const { recorded, failure } = recordIfPossible(finding, reports, 'minimized');
    if (failure !== null) failures.push(failure);
    texts.push(formatMinimized(recorded, again));
  }
  process.stdout.write(`${texts.length === 0 ? formatNothing(minimized) : texts.join('\n\n')}\n`);
  if (failures.length > 0) throw failures[0];
  if (interrupt.signal.aborted) process.exitCode = exitCodes.interrupted;
  else process.exitCode = texts.length === 0 ? exitCodes.held : exitCodes.falsified;
}

async function chosenTarget(
  { finding }: Given,
  path: string,
  specifier: string | undefined,
  options: ReachOptions,
): Promise<Target> {
  if (finding !== null) return targetOf(finding, specifier, options);
  if (specifier === undefined)
    throw new UserError(`${path} names no target`, 'Add --target ./my-softmax.mjs');
  return targetNamed(specifier, options);
}
