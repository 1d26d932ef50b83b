/**
 * Law: a line that is printed to be pasted means what it was made of. Whatever names and paths hold, quotes, `$()`, backticks, blanks, line feeds, escapes, `sh` makes of the line
 * the arguments that were meant; and the line is inert, so that no report has to change it.
 */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { campaignsOf } from '../src/cli/campaigns.ts';
import { explainFailure } from '../src/cli/failure.ts';
import { named } from '../src/cli/named.ts';
import { targetOf } from '../src/cli/recorded.ts';
import { toFindingFile } from '../src/record/finding-file.ts';
import { inertFinding } from '../src/report/inert.ts';
import { minimizeLine, replayLine } from '../src/report/replay-line.ts';
import { splitWords } from '../src/targets/process/words.ts';
import { UserError } from '../src/text/errors.ts';
import { inert } from '../src/text/inert.ts';
import { commandLine, quotedPath } from '../src/text/shell.ts';
import { kernelTests } from '../src/vitest/kernel-tests.ts';
import { temporaryFolders } from './support/command.ts';
import { findingOf, recordedOf } from './support/findings.ts';

const makeFolder = temporaryFolders();

/** What `sh` calls the command of each line with, which is `npx`. One process reads all of them. */
function meant(lines: readonly string[]): string[][] {
  const script = `npx() { printf '%s\\0' "$#" "$@"; }\n${lines.join('\n')}\n`;
  const { stdout, stderr, status } = spawnSync('sh', { input: script, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  const words = stdout.split('\0').slice(0, -1);
  const calls: string[][] = [];
  while (words.length > 0) calls.push(words.splice(0, Number(words.shift())));
  return calls;
}

const sharp = [
  ...`'"\`\\$!#~*?[]{}()<>|&;=%^-+,:@ /.a7é…`,
  ...[
    '\n',
    '\t',
    '\r',
    '\u001b[31m',
    '\u202e',
    '\u0085',
    '\u007f',
    '  ',
    '::',
    '##[',
    '$(touch x)',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's.
    '${IFS}',
    '%s',
    '\\101',
    '--target',
    '-e',
    '日本',
    '🙂',
  ],
];
/** An argument as someone hostile would choose it: no null, no half of a character, and no line feed at its end. */
const argument = fc
  .array(fc.oneof(fc.constantFrom(...sharp), fc.string({ unit: 'binary', minLength: 1, maxLength: 3 })), {
    maxLength: 8,
  })
  .map((pieces) => pieces.join('').replaceAll('\0', '').replace(/\n+$/, ''));

const samples = fc.sample(fc.array(argument, { minLength: 1, maxLength: 4 }), { seed: 16, numRuns: 200 });

/** What would be done by who pastes it, or looks at it. */
const isInert = (line: string): boolean => inert(line, Number.POSITIVE_INFINITY) === line;

const recorded = samples.map(([specifier, file = 'a.json']) => ({
  ...recordedOf({ target: { name: 'mine', specifier } }),
  file,
}));

describe('a line to be pasted', () => {
  it('should be the arguments that it was made of', () => {
    const lines = samples.map((words) => `npx ${commandLine(words)}`);
    expect(lines.filter((line) => !isInert(line))).toEqual([]);
    expect(meant(lines)).toEqual(samples);
  });

  it.each([
    ['replay', replayLine],
    ['minimize', minimizeLine],
  ])('should %s the finding, also where reports show it otherwise', (command, lineOf) => {
    const own = recorded.filter(({ finding }) => !/^(naive|stable|stdio:)/.test(finding.target.specifier));
    const lines = own.map((each) => lineOf(inertFinding(each)));
    expect(lines).toEqual(own.map(lineOf));
    expect(lines.filter((line) => !isInert(line))).toEqual([]);
    expect(meant(lines)).toEqual(
      own.map(({ file, finding }) => [
        ...['softmax-fuzz', command, file.startsWith('-') ? `./${file}` : file],
        ...['--target', finding.target.specifier],
      ]),
    );
  });

  it('should name no target that is as long as a program', () => {
    const long = recordedOf({ target: { name: 'mine', specifier: `cmd:${'x '.repeat(2000)}` } });
    expect(replayLine(long)).not.toContain('--target');
  });

  it('should run again what asked for a campaign, whose own quotes are others', () => {
    const shlex = (words: readonly string[]): string =>
      words
        .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`))
        .join(' ');
    const asked = samples.filter(
      (words) => words.every((word) => !/^\s*$/.test(word)) && words.join().length < 200,
    );
    const lines = asked.map((words) =>
      replayLine(recordedOf({ target: { name: 'f', specifier: `stdio:npx ${shlex(words)}` } })),
    );
    expect(lines.filter((line) => !isInert(line))).toEqual([]);
    expect(meant(lines)).toEqual(asked);
  });

  it('should be what vitest finds the test by', async () => {
    const names = samples.map(([name]) => name).filter((name) => /[$(]/.test(name) && name.includes('\n'));
    const { tests } = kernelTests(
      names[0],
      { softmax: (x) => x },
      { runs: 1, cols: 1, reports: makeFolder() },
    );
    const { message } = await tests[0].run().catch((thrown) => thrown);
    const [line] = /(?<=Replay +)npx .*/.exec(message) ?? [];
    const [[, , option, pattern]] = meant([line ?? '']);
    expect(option).toBe('-t');
    expect(`${names[0]} ${tests[0].title}`).toMatch(new RegExp(pattern));
  });

  it('should be a hint of an error too', async () => {
    const short = samples.filter(([word]) => word.length <= 60 && !/^(naive|stable)/.test(word));
    const hints = await Promise.all(
      short.slice(0, 300).map(async ([specifier]) => {
        const file = toFindingFile(findingOf({ target: { name: 'mine', specifier } }));
        const error = await targetOf(file, undefined, {}).catch((thrown) => thrown);
        return explainFailure(error).text.split('\n')[1];
      }),
    );
    expect(meant(hints.map((hint) => hint.replace(/^Add/, 'npx')))).toEqual(
      short.slice(0, 300).map(([specifier]) => ['--target', specifier]),
    );
  });

  it('should name the targets of a configuration', () => {
    const names = [...new Set(samples.slice(0, 50).map(([name]) => name))]
      .filter((name) => name.length < 20)
      .slice(0, 8);
    const configured = new Map(
      names.map((name, k) => [name, { specifier: './k.mjs', reach: {}, budget: { runs: k + 1 } }]),
    );
    let hint = '';
    try {
      campaignsOf(names, { configured, json: 'x' } as never);
    } catch (error) {
      hint = (error as UserError).hint ?? '';
    }
    const line = hint.replace('Name the targets of one: ', '').replace(/\. Or say .*$/, '');
    const [words] = meant([`npx ${line}`]);
    expect(words.filter((word) => word !== 'or')).toEqual(
      names.map((name, k) => (k < names.length - 1 ? `${name},` : name)),
    );
  });

  it('should not be asked for of a name that no line can have', () => {
    expect(() => named('./a.mjs\n', {})).toThrow(UserError);
  });

  it('should not take a path for an option', () => {
    expect(quotedPath('-x.json')).toBe('./-x.json');
    expect(splitWords(commandLine(['a b', "it's"]))).toEqual(['a b', "it's"]);
  });
});
