/** The command line of `softmax-fuzz oracle`. */

import { Command, Option } from 'commander';
import type { OptionName } from '../../core/options.ts';
import { type FormatName, formats } from '../../formats/index.ts';
import { classList, integer, logit, valueList } from '../logits.ts';
import { type MaxLogitsFlag, maxLogitsOption } from './max-logits.ts';
import { type SemanticsFlag, semanticsOption } from './semantics.ts';

/** Options that are passed on as they are given. */
type PassedOn = { readonly [O in Exclude<OptionName, 'sink' | 'ignoreIndex' | 'upstream'>]?: unknown };

/** What the command line gives. */
export interface OracleFlags extends MaxLogitsFlag, PassedOn {
  readonly targets?: number[];
  readonly upstream?: number[];
  readonly input?: string;
  readonly jsonl?: boolean;
  readonly format: FormatName;
  readonly answer?: FormatName;
  readonly sink?: number[];
  readonly ignoreIndex?: number;
  readonly lossUpstream?: number[];
  readonly semantics?: SemanticsFlag;
}

type Flag = readonly [flags: string, description: string, parse?: (text: string) => unknown];

/** How each option is given. A loss and a product both have upstream values. */
const optionFlags: Readonly<Record<OptionName, Flag>> = {
  scale: ['--scale <x>', 'what logits are multiplied with', logit],
  temperature: ['--temperature <x>', 'what logits are divided by', logit],
  softcap: ['--softcap <x>', 'what logits are capped by', logit],
  bias: ['--bias <list>', 'what is added to the logits, separated by commas', valueList],
  mask: [
    '--mask <list>',
    '1 for a logit that takes part, 0 for one that is hidden, separated by commas',
    valueList,
  ],
  weights: ['--weights <list>', 'what each term of a logsumexp is multiplied with', valueList],
  sink: ['--sink <list>', 'one more logit in the sum of every row, or one a row', valueList],
  reduction: ['--reduction <name>', 'what is made of the losses of the rows: mean, sum or none'],
  ignoreIndex: ['--ignore-index <n>', 'the target of rows that count for nothing', integer],
  classWeights: ['--class-weights <list>', 'a weight a class, separated by commas', valueList],
  rowWeights: ['--row-weights <list>', 'a weight a row of a loss, separated by commas', valueList],
  labelSmoothing: ['--label-smoothing <x>', 'the part of a target that is spread over all classes', logit],
  zLoss: ['--z-loss <x>', 'what lse^2 is multiplied with and added to the loss', logit],
  probabilities: ['--probabilities <list>', 'in place of targets, a probability a logit', valueList],
  upstream: [
    '--loss-upstream <list>',
    'what the gradient of the loss is multiplied with, or one a row',
    valueList,
  ],
};

const formatNames = Object.keys(formats);

const afterHelp = `
Logits are decimals, rounded to FP32, inf, -inf or nan, or FP32 words: 8 hex
digits with a letter among them (42b20000), or any 8 after 0x (0x40000000). A
slash begins a new row. A request of --input or --jsonl is one object:

  {"rows":1,"cols":2,"logits":["42b20000","00000000"],"targets":[0]}
With "upstream", words as for logits, it is answered for softmaxGrad and
logSoftmaxGrad too. Its "options" are words, and a mask of a digit a logit:
{"scale":"3f000000","softcap":"41f00000","bias":["00000000","bf800000"],
"mask":"10","sink":"00000000"}. Of a row of logits x they make

  z = mask(bias + cap(scale * x / temperature)),
  cap(y) = softcap * tanh(y / softcap)

A bias and a mask are given for each logit, or for each column. A sink is one
more logit of each row, without an answer. A loss has options too: see
docs/options.md, and docs/semantics.md for what libraries settle differently.

Examples:
  softmax-fuzz oracle 1000 1 -1000
  softmax-fuzz oracle 2 1 0.1 / 1000 1 -1000 / 3 2 1 --targets 0,2,1
  softmax-fuzz oracle 1 2 3 --upstream 0,1,-0.5
  softmax-fuzz oracle 10 0.1 --format bf16 --answer fp32
  softmax-fuzz oracle 1 2 3 --scale 0.5 --softcap 30 --mask 1,0,1 --sink 0
  softmax-fuzz oracle 1 2 / 3 4 --targets 0,-1 --ignore-index -1 --reduction sum
  softmax-fuzz oracle --jsonl < requests.jsonl > answers.jsonl`;

/** The command: what it takes. What it does is loaded where it is run. */
export function oracleCommand(): Command {
  const command = new Command('oracle')
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
    );
  const ofOptions = Object.values(optionFlags).map(([flags, description, parse]) =>
    parse === undefined ? new Option(flags, description) : new Option(flags, description).argParser(parse),
  );
  for (const each of ofOptions) command.addOption(each);
  const ofArguments = ['targets', 'upstream', 'semantics', ...ofOptions.map((each) => each.attributeName())];
  return command
    .addOption(semanticsOption())
    .addOption(
      new Option('--input <file>', 'read one request from a JSON file instead').conflicts(ofArguments),
    )
    .addOption(
      new Option('--jsonl', 'read a request a line from stdin, write an answer a line to stdout').conflicts([
        'input',
        ...ofArguments,
      ]),
    )
    .addOption(maxLogitsOption())
    .addHelpText('after', afterHelp)
    .action(async (logits: string[], options: OracleFlags) => {
      const { runOracle } = await import('../oracle.ts');
      return runOracle(logits, options);
    });
}
