/** `softmax-fuzz replay`: runs findings again, and says whether they still fail; or prints them as code. */
import type { Answer } from '../core/kept.ts';
import type { Target } from '../core/target.ts';
import { fromBatchWords } from '../record/batch-words.ts';
import { callsBefore, type FindingFile } from '../record/finding-file.ts';
import { toFinding } from '../record/read-finding.ts';
import { replay } from '../record/replay.ts';
import { readFinding } from '../record/store.ts';
import { answerOf } from '../report/answer-format.ts';
import { formatAnswer } from '../report/call.ts';
import { codeOf } from '../report/code.ts';
import type { LanguageName } from '../report/language-name.ts';
import { formatReplay } from '../report/replay-text.ts';
import type { ReplayFlags } from './commands/replay.ts';
import { exitCodes } from './exit-codes.ts';
import { locateFinding, targetOf } from './recorded.ts';

/** Runs the command. */
export async function runReplay(
  filesOrIds: readonly string[],
  { target: specifier, reports, maxLogits, code, ...options }: ReplayFlags,
): Promise<void> {
  const files = filesOrIds.map((fileOrId) => readFinding(locateFinding(fileOrId, reports), maxLogits));
  if (code !== undefined) return printCode(files, code);
  const loaded = new Map<string, Target>();
  let before = '';
  process.exitCode = exitCodes.held;
  for (const file of files) {
    const called = specifier ?? file.target.specifier;
    const target = loaded.get(called) ?? (await targetOf(file, specifier, options, true));
    if (loaded.has(called)) await target.renew?.(); // No finding is to depend on the calls of another.
    loaded.set(called, target);
    const result = await replay(file, target);
    process.stdout.write(`${before}${formatReplay(result)}\n`);
    before = '\n\n';
    if (result.outcome !== 'passes') process.exitCode = exitCodes.falsified;
  }
}

const comments: Readonly<Record<LanguageName, string>> = { js: '//', numpy: '#', torch: '#', c: '//' };

/** What went wrong as a comment, and the calls. */
function printCode(files: readonly FindingFile[], language: LanguageName): void {
  const texts = files.map((file) => {
    const last = { operation: file.operation, batch: fromBatchWords(file.input) };
    const { expected, output, index } = toFinding(file);
    const shown = (answer: Answer): string => formatAnswer(answer, index, answerOf(file));
    const got = output === null ? 'no answer' : `got ${shown(output)}`;
    const said = `${comments[language]} ${file.bucket}: expected ${shown(expected)}, ${got}`;
    return `${said}\n${codeOf(language, [...callsBefore(file), last])}`;
  });
  process.stdout.write(`${texts.join('\n\n')}\n`);
}
