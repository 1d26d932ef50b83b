/** Saved counterexamples of a kernel, each a test. */

import { binOf } from '../core/histogram.ts';
import { knownness } from '../core/known.ts';
import type { Operation } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import { bucketOf, type Violation } from '../core/violation.ts';
import { fromBatchWords } from '../record/batch-words.ts';
import { callsBefore, type FindingFile } from '../record/finding-file.ts';
import { replay } from '../record/replay.ts';
import { listJson, readListed } from '../record/store.ts';
import { formatCalls } from '../report/call.ts';
import { formatReplay } from '../report/replay-text.ts';
import type { KernelTest } from './kernel-tests.ts';

/** Of an input in a title, so many characters are shown. */
const LONGEST_CALL = 60;

/**
 * A test for each finding in `folder` that is of the target, by name or specifier, and of one of the operations, in the order of their files.
 * @throws UserError when a file is not a finding.
 */
export function savedTests(
  target: Target,
  operations: readonly Operation[],
  folder: string,
  strict: boolean,
): KernelTest[] {
  return listJson(folder)
    .map((path) => ({ path, file: readListed(path) }))
    .filter(({ file }) => isOf(file, target) && operations.includes(file.operation))
    .map(({ path, file }) => ({
      title: titleOf(file),
      run: async () => {
        const replayed = await replay(file, target);
        if (replayed.violations.some((violation) => fails(violation, target, strict)))
          throw new Error(
            `${formatReplay(replayed)}\n\nFile      ${path}\nReplay    npx vitest run -t 'saved ${file.id}'`,
          );
      },
    }));
}

function isOf(file: FindingFile, { name, specifier }: Target): boolean {
  return file.target.name === name || file.target.specifier === specifier;
}

function titleOf(file: FindingFile): string {
  const call = formatCalls(
    { before: callsBefore(file), operation: file.operation, batch: fromBatchWords(file.input) },
    8,
  );
  return `saved ${file.id}: ${call.length > LONGEST_CALL ? `${call.slice(0, LONGEST_CALL)}…` : call}`;
}

/** Whether what is wrong now fails: what the kernel is known to do does not. */
function fails(violation: Violation, { known }: Target, strict: boolean): boolean {
  const { severity, weight } = violation;
  const weights = new Map([[binOf(weight), 1]]);
  return (strict || severity === 'error') && !knownness(known, bucketOf(violation), weight, weights).known;
}
