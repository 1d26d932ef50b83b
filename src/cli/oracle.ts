/** `softmax-fuzz oracle`: the exact answer for a batch, for people and for machines. */
import { type Batch, batchOf } from '../core/batch.ts';
import { inFormat } from '../core/grid.ts';
import { withOptions } from '../options/index.ts';
import { linesOf } from '../record/lines.ts';
import { MOST_BYTES, readFile } from '../record/read-file.ts';
import { answerLine, parseRequest } from '../record/request.ts';
import { formatAnswers } from '../report/oracle-text.ts';
import { UserError } from '../text/errors.ts';
import type { OracleFlags } from './commands/oracle.ts';
import { logit } from './logits.ts';
import { readSemantics } from './semantics.ts';

/** Runs the command. */
export async function runOracle(logits: string[], flags: OracleFlags): Promise<void> {
  const { targets, input, jsonl, answer, maxLogits } = flags;
  if (logits.length > 0 && (jsonl || input !== undefined))
    throw new UserError(`logits are given on the command line and by ${jsonl ? '--jsonl' : '--input'}`);
  if (jsonl) return answerLines(maxLogits);
  const request =
    input === undefined
      ? {
          batch: batchOfFlags(logits, flags),
          hasTargets: targets !== undefined || flags.probabilities !== undefined,
          answer,
        }
      : parseRequest(readFile(input), input, maxLogits);
  process.stdout.write(`${formatAnswers(request)}\n`);
}

async function answerLines(maxLogits: number): Promise<void> {
  let number = 0;
  for await (const line of linesOf(process.stdin, MOST_BYTES)) {
    number++;
    if (line.trim() === '') continue;
    process.stdout.write(`${answerLine(parseRequest(line, `line ${number}`, maxLogits))}\n`);
  }
}

/** The options on the command line: a list of one is one for all rows. */
function optionsOf(flags: OracleFlags): Parameters<typeof withOptions>[1] {
  const one = (list: number[] | undefined) => (list?.length === 1 ? list[0] : list);
  return { ...flags, sink: one(flags.sink), upstream: one(flags.lossUpstream) };
}

function batchOfFlags(logits: readonly string[], flags: OracleFlags): Batch {
  const batch = withOptions(inFormat(batchOfArguments(logits, flags), flags.format), optionsOf(flags));
  const semantics = readSemantics(flags.semantics);
  return semantics === undefined ? batch : { ...batch, semantics };
}

function batchOfArguments(words: readonly string[], { targets, upstream, ignoreIndex }: OracleFlags): Batch {
  const rows: number[][] = [[]];
  for (const word of words) {
    if (word === '/') rows.push([]);
    else rows[rows.length - 1].push(logit(word));
  }
  if (words.length === 0)
    throw new UserError('no logits were given', 'Try: softmax-fuzz oracle 1000 1 -1000');
  return batchOf(rows, targets, upstream, ignoreIndex);
}
