/** `softmax-fuzz oracle`: the exact answer for a batch, for people and for machines. */
import { createInterface } from 'node:readline/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type Batch, batchOf } from '../core/batch.ts';
import { UserError } from '../core/errors.ts';
import { inFormat } from '../core/grid.ts';
import { fromHex, isHex } from '../float32/bits.ts';
import { type FormatName, formats } from '../formats/index.ts';
import { answerLine, parseRequest } from '../record/request.ts';
import { readFile } from '../record/store.ts';
import { formatAnswers } from '../report/oracle-text.ts';

interface Options {
  readonly targets?: number[];
  readonly upstream?: number[];
  readonly input?: string;
  readonly jsonl?: boolean;
  readonly format: FormatName;
  readonly answer?: FormatName;
}

const formatNames = Object.keys(formats);

const afterHelp = `
Logits are decimals, rounded to FP32, inf, -inf or nan, or FP32 words: 8 hex
digits with a letter among them (42b20000), or any 8 after 0x (0x40000000). A
slash begins a new row. A request of --input or --jsonl is one object:

  {"rows":1,"cols":2,"logits":["42b20000","00000000"],"targets":[0]}
With "upstream", words as for logits, it is answered for softmaxGrad and
logSoftmaxGrad too.

Examples:
  softmax-fuzz oracle 1000 1 -1000
  softmax-fuzz oracle 2 1 0.1 / 1000 1 -1000 / 3 2 1 --targets 0,2,1
  softmax-fuzz oracle 1 2 3 --upstream 0,1,-0.5
  softmax-fuzz oracle 10 0.1 --format bf16 --answer fp32
  softmax-fuzz oracle --jsonl < requests.jsonl > answers.jsonl`;

/** The command. */
export function oracleCommand(): Command {
  return new Command('oracle')
    .description('Prints the exact answer of every operation, rounded to the nearest FP32.')
    .argument('[logits...]', 'one row, or several with / between them')
    .option('--targets <list>', 'the target class of each row, separated by commas', classList)
    .option(
      '--upstream <list>',
      'upstream values, written as logits are, one a logit, separated by commas',
      valueList,
    )
    .addOption(
      new Option('--format <format>', 'the format that logits and upstream values are rounded to')
        .choices(formatNames)
        .default('fp32'),
    )
    .addOption(
      new Option(
        '--answer <format>',
        "the format that answers are rounded to (default: the logits' own)",
      ).choices(formatNames),
    )
    .addOption(
      new Option('--input <file>', 'read one request from a JSON file instead').conflicts([
        'targets',
        'upstream',
      ]),
    )
    .addOption(
      new Option('--jsonl', 'read a request a line from stdin, write an answer a line to stdout').conflicts([
        'input',
        'targets',
        'upstream',
      ]),
    )
    .addHelpText('after', afterHelp)
    .action(run);
}

async function run(
  logits: string[],
  { targets, upstream, input, jsonl, format, answer }: Options,
): Promise<void> {
  if (logits.length > 0 && (jsonl || input !== undefined))
    throw new UserError(`logits are given on the command line and by ${jsonl ? '--jsonl' : '--input'}`);
  if (jsonl) return answerLines();
  const request =
    input === undefined
      ? {
          batch: inFormat(batchOfArguments(logits, targets, upstream), format),
          hasTargets: targets !== undefined,
          answer,
        }
      : parseRequest(readFile(input), input);
  process.stdout.write(`${formatAnswers(request)}\n`);
}

async function answerLines(): Promise<void> {
  let number = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (line.trim() === '') continue;
    process.stdout.write(`${answerLine(parseRequest(line, `line ${number}`))}\n`);
  }
}

function batchOfArguments(
  words: readonly string[],
  targets: readonly number[] | undefined,
  upstream: readonly number[] | undefined,
): Batch {
  const rows: number[][] = [[]];
  for (const word of words) {
    if (word === '/') rows.push([]);
    else rows[rows.length - 1].push(logit(word));
  }
  if (words.length === 0)
    throw new UserError('no logits were given', 'Try: softmax-fuzz oracle 1000 1 -1000');
  return batchOf(rows, targets, upstream);
}

/** A decimal number or an FP32 word. An infinity is written as in JavaScript, or inf. */
function logit(text: string): number {
  if (/^0x/i.test(text)) return word(text.slice(2));
  if (isHex(text) && /[a-f]/i.test(text)) return fromHex(text);
  const named = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (named !== null) return named[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) return word(text);
  return Math.fround(value);
}

function word(text: string): number {
  if (isHex(text)) return fromHex(text);
  throw new UserError(
    `'${text}' is neither a number nor an FP32 word`,
    'A word has exactly 8 hex digits, like 42b20000.',
  );
}

function valueList(text: string): number[] {
  return text.split(',').map((part) => logit(part.trim()));
}

function classList(text: string): number[] {
  return text.split(',').map((part) => {
    if (!/^\d+$/.test(part.trim()))
      throw new InvalidArgumentError('Expected class indices separated by commas, like 0,2,1.');
    return Number(part);
  });
}
