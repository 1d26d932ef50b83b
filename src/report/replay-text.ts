/** A replay as text for a terminal. */

import { bucketOf } from '../core/violation.ts';
import type { Replay } from '../record/replay.ts';
import { inert } from '../text/inert.ts';
import { formatTrace } from '../trace/format.ts';
import { answerOf } from './answer-format.ts';
import { formatAnswerWords, formatCalls } from './call.ts';
import { explained } from './explanation.ts';
import { formatError } from './text.ts';

/** The call, its trace where there is one, what was expected and answered, and whether it still fails. */
export function formatReplay(replay: Replay): string {
  const { file, target, batch, before, output, expected, violations, trace } = replay;
  const index = violations[0]?.index ?? file.index;
  const { operation, explanation } = file;
  const call = { before, operation, batch, explanation };
  const words = explained(call);
  const lines = [
    `finding ${file.id}: ${file.bucket}, on ${inert(target.name)}`,
    '',
    formatCalls(call),
    ...(trace === null ? [] : formatTrace(trace).map((line) => `  ${line}`)),
    '',
    `Expected  ${formatAnswerWords(expected, index, answerOf(target))}`,
    ...(output === null ? [] : [`Got       ${formatAnswerWords(output, index, answerOf(target))}`]),
    ...violations.map(
      (violation) =>
        `${violation.severity === 'error' ? 'FAIL' : 'WARN'}      ${bucketOf(violation)}: ${violation.detail === null ? formatError(violation) : inert(violation.detail)}`,
    ),
    '',
    verdict(replay),
    ...(words === null ? [] : [`${words.call} ${words.sentence}, when it was recorded.`]),
  ];
  return lines.join('\n');
}

function verdict({ outcome, sameBits, isOwn, file }: Replay): string {
  if (outcome === 'passes') return 'passes: it no longer fails.';
  if (outcome === 'another-bucket') return `still fails, but not as recorded (${file.bucket}).`;
  if (sameBits === null) return 'still fails.';
  if (sameBits) return 'still fails, bit for bit as recorded.';
  return isOwn ? 'still fails, with other bits than recorded.' : 'still fails.';
}
