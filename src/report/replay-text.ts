/** A replay as text for a terminal. */
import { bucketOf } from '../core/violation.ts';
import { toHexWords } from '../float32/bits.ts';
import type { Replay } from '../record/replay.ts';
import { formatTrace } from '../trace/format.ts';
import { formatCall, formatSome } from './call.ts';
import { formatUlp } from './numbers.ts';

/** The call, its trace where there is one, what was expected and answered, and whether it still fails. */
export function formatReplay(replay: Replay): string {
  const { file, target, batch, output, expected, violations, trace } = replay;
  const words = (values: Float32Array): string => toHexWords(values.subarray(0, 8)).join(' ');
  const lines = [
    `finding ${file.id}: ${file.bucket}, on ${target.name}`,
    '',
    formatCall(file.operation, batch),
    ...(trace === null ? [] : formatTrace(trace).map((line) => `  ${line}`)),
    '',
    `Expected  ${formatSome(expected, 8)}  ${words(expected)}`,
    ...(output === null ? [] : [`Got       ${formatSome(output, 8)}  ${words(output)}`]),
    ...violations.map(
      ({ severity, errorUlp, index, detail, ...rest }) =>
        `${severity === 'error' ? 'FAIL' : 'WARN'}      ${bucketOf({ severity, errorUlp, index, detail, ...rest })}: ${
          detail ?? `output[${index}] is ${formatUlp(errorUlp)}${Number.isNaN(errorUlp) ? '' : ' off'}`
        }`,
    ),
    '',
    verdict(replay),
  ];
  return lines.join('\n');
}

function verdict({ outcome, sameBits, file, target }: Replay): string {
  if (outcome === 'passes') return 'passes: it no longer fails.';
  if (outcome === 'another-bucket') return `still fails, but not as recorded (${file.bucket}).`;
  if (sameBits === null) return 'still fails.';
  if (sameBits) return 'still fails, bit for bit as recorded.';
  return target.name === file.target.name ? 'still fails, with other bits than recorded.' : 'still fails.';
}
