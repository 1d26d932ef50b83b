/** What --baseline makes of a run that has ended. */
import { existsSync } from 'node:fs';
import { benchmark } from '../campaign/compare/accuracy-benchmark.ts';
import type { TargetResult } from '../campaign/result.ts';
import type { Subject } from '../campaign/subject.ts';
import { type Baseline, readBaseline, sinceBaseline } from '../record/baseline.ts';
import { prepareFile } from '../record/store.ts';
import { UserError } from '../text/errors.ts';
import { inert } from '../text/inert.ts';
import type { FuzzFlags } from './commands/fuzz.ts';

/**
 * What is known by --baseline: nothing of a file that is to be written and is not there.
 * @throws UserError when it cannot be read, or written where it is to be updated.
 */
export function openBaseline({ baseline, updateBaseline = false }: FuzzFlags): Baseline {
  if (baseline === undefined) {
    if (updateBaseline)
      throw new UserError('--update-baseline updates no file', 'Name it: --baseline baseline.json.');
    return new Map();
  }
  const isNew = updateBaseline && !existsSync(baseline);
  if (updateBaseline) prepareFile(baseline);
  return isNew ? new Map() : readBaseline(baseline);
}

/** The results of the subjects with the accuracy of each, as far as there is time. */
export async function againstBaseline(
  subjects: readonly Subject[],
  results: readonly TargetResult[],
  baseline: Baseline,
  isOver: () => boolean,
): Promise<TargetResult[]> {
  const all: TargetResult[] = [];
  for (const [s, subject] of subjects.entries()) {
    const measured = await benchmark(subject, isOver);
    if (measured === null)
      process.stderr.write(
        `there was no time left to measure how accurate ${inert(subject.target.name)} is\n`,
      );
    all.push(measured === null ? results[s] : sinceBaseline(results[s], measured, baseline));
  }
  return all;
}
