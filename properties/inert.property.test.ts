/**
 * Law: text that somebody else has chosen is shown as text. Whatever a name, a note, a message, a file's name or a file's content holds, no report and no error has a control
 * character, a mark that sets the direction of text, a line that is a command to GitHub's runner, markup, or more than is needed to know what it was.
 */
import { describe, expect, it } from 'vitest';
import { explainFailure, explainStrayFailure } from '../src/cli/failure.ts';
import { parseBaseline } from '../src/record/baseline.ts';
import { parseFindingFile, toFindingFile } from '../src/record/finding-file.ts';
import { parseGiven } from '../src/record/given.ts';
import { readFile } from '../src/record/read-file.ts';
import { replay } from '../src/record/replay.ts';
import { parseRequest } from '../src/record/request.ts';
import type { RecordedRun } from '../src/record/run.ts';
import { parseState } from '../src/record/state-file.ts';
import { comparisonToMarkdown, formatComparison } from '../src/report/comparison.ts';
import { toJobSummary } from '../src/report/github.ts';
import { toHtml } from '../src/report/html/page.ts';
import { inertRun } from '../src/report/inert.ts';
import { formatMinimized, formatNothing } from '../src/report/minimize-text.ts';
import { formatReplay } from '../src/report/replay-text.ts';
import { type ReporterName, reporters } from '../src/report/reporter.ts';
import { formatRun } from '../src/report/run-text.ts';
import { builtinTarget } from '../src/targets/builtin.ts';
import { createTarget } from '../src/targets/create.ts';
import { declarationInJson } from '../src/targets/declaration.ts';
import { describeReturned, describeThrown } from '../src/targets/describe.ts';
import { parseGreeting, parseRefusal } from '../src/targets/process/greeting.ts';
import { UserError } from '../src/text/errors.ts';
import { inert } from '../src/text/inert.ts';
import { unknownName } from '../src/text/nearest.ts';
import { findingOf, recordedOf } from './support/findings.ts';
import { hostileRun, hostile as piece } from './support/hostile.ts';
import { parseHtml } from './support/html.ts';

/** Does something in every format, wherever in a line it stands, and is long. */
const hostile = `${piece}\r\n::error::x\n##[command]y\u009b31m\u2028\u200f\ud800<img src=x onerror=alert(1)>[a](javascript:b)${'long '.repeat(2000)}`;

/** What is wrong with text that is shown; empty where nothing is. `mayCommand` are lines that are a report's own commands. */
function faultsOf(text: string, { mayCommand = /^$/, most = 300 } = {}): string[] {
  const lines = text.split('\n');
  return [
    ...(text.match(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu) ?? []).map(
      (c) => `holds ${c.codePointAt(0)?.toString(16)}`,
    ),
    ...lines.filter((line) => /^\s*::/.test(line) && !mayCommand.test(line)).map((line) => `command ${line}`),
    ...lines.filter((line) => line.includes('##[')).map((line) => `command ${line}`),
    ...(text.includes('long '.repeat(most / 5)) ? ['is long'] : []),
  ];
}

/** The fields of a run that hold what somebody else has chosen. */
const foreign = new Set(['name', 'specifier', 'notes', 'notFound', 'detail', 'file', 'families', 'bucket']);

/** The run with hostile text in every place that may hold foreign text, a place at a time, by the path of the place. */
function* hostileRuns(run: RecordedRun): Generator<[path: string, run: RecordedRun]> {
  const paths: string[][] = [];
  const visit = (value: unknown, path: string[]): void => {
    if (typeof value === 'string') {
      const name = path.findLast((each) => !/^\d+$/.test(each)) as string;
      if (foreign.has(name) && !(name === 'bucket' && path.includes('finding'))) paths.push(path);
    } else if (
      typeof value === 'object' &&
      value !== null &&
      !ArrayBuffer.isView(value) &&
      !(value instanceof Map)
    )
      for (const [name, each] of Object.entries(value)) visit(each, [...path, name]);
  };
  visit(run, []);
  const put = (value: unknown, path: readonly string[]): unknown => {
    if (path.length === 0) return hostile;
    const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
    copy[path[0]] = put(copy[path[0]], path.slice(1));
    return copy;
  };
  for (const path of paths) yield [path.join('.'), put(run, path) as RecordedRun];
}

const origin = { by: 'generated', seed: 1, case: 2, families: ['ties'] } as const;
const plainRun: RecordedRun = {
  ...hostileRun(),
  targets: hostileRun().targets.map((result, t) => ({
    ...result,
    target: { ...result.target, name: `t${t}`, specifier: `./t${t}.mjs`, notes: ['note'] },
    notFound: ['softmax/*'],
    findings: [
      recordedOf({ detail: 'detail', origin: { by: 'saved', file: 'a.json' }, first: origin }),
      recordedOf(
        { kind: 'threw', bucket: 'softmax/threw', output: null, index: null, detail: 'x', origin },
        '00000002',
      ),
    ],
  })),
};
const change = {
  operation: 'softmax',
  from: 0,
  to: 1,
  cols: 12,
  of: 'worst',
  before: [0, 0],
  after: [1, 1],
  isLoss: true,
} as const;
const comparison = {
  batches: 3,
  targets: [hostile, 'b'],
  measured: [
    { operation: 'softmax', target: hostile, errorUlp: 1, budgetUse: 1, unanswered: 0, notFinite: 0 },
    { operation: 'softmax', target: 'b', errorUlp: 1, budgetUse: 1, unanswered: 0, notFinite: 0 },
  ],
  semantics: [{ question: 'all masked', answers: ['NaN', '0'] }],
  accuracy: [{ target: 'b', against: hostile, changes: [change] }],
} as const;

/** Every way in which a run is told. */
const outs: Readonly<Record<string, (run: RecordedRun) => Promise<string> | string>> = {
  ...Object.fromEntries(
    (Object.keys(reporters) as ReporterName[]).map((name) => [
      name,
      (run: RecordedRun) => reporters[name].render(run, { date: new Date(0), strict: false }),
    ]),
  ),
  'job summary': (run) => toJobSummary(run),
  terminal: (run) => formatRun(inertRun(run)),
  html: (run) => toHtml(inertRun(run), new Date(0)),
};

/** Commands of the reporter's own. */
const own = /^::(error|warning) (file=[^,:]*,line=1,)?title=[^,:]*::/;

describe('reports', () => {
  const runs = [...hostileRuns(plainRun)];

  it('should have each place where foreign text may be', () => {
    expect(new Set(runs.map(([path]) => path.split('.').findLast((part) => !/^\d+$/.test(part))))).toEqual(
      new Set([...foreign].filter((name) => name !== 'bucket')),
    );
  });

  it.each(Object.entries(outs))('%s should show it as text', async (name, out) => {
    const told = await Promise.all(
      [...runs, ['all', hostileRun()] as const].map(async ([path, run]) => [path, await out(run)] as const),
    );
    for (const [path, text] of told) {
      if (name === 'json') expect(JSON.parse(text), path).toBeDefined(); // For machines: whole, and escaped.
      // What is to be copied is longer than a name, and so is a note.
      const most = /specifier|file|notes|all/.test(path) ? 2500 : 300;
      const faults = faultsOf(text, { most, ...(name === 'github' && { mayCommand: own }) });
      expect([path, ...faults.filter((fault) => name !== 'json' || fault !== 'is long')]).toEqual([path]);
      if (name === 'html')
        expect(
          parseHtml(text).tags.map((tag) => tag.name),
          path,
        ).not.toContain('img');
      if (name === 'markdown' || name === 'job summary')
        expect(text.replace(/^```sh\n(?:.*\n)*?```$|`[^`\n]*`/gm, ''), path).not.toMatch(
          /(?<!\\)<(?!a id|\/a)|(?<!\\)\]\(j/,
        );
    }
  });

  it('of several targets should show their names as text', () => {
    expect(faultsOf(formatComparison(comparison, hostileRun()))).toEqual([]);
    expect(faultsOf(formatComparison(comparison, hostileRun(), 40))).toEqual([]);
    const markdown = comparisonToMarkdown(comparison, hostileRun());
    expect(faultsOf(markdown)).toEqual([]);
    expect(markdown).not.toMatch(/(?<!\\)<img/);
    expect(
      markdown
        .split('\n')
        .filter((line) => line.startsWith('| softmax'))[0]
        .match(/(?<!\\)\|/g),
    ).toHaveLength(7);
  });

  it('of one finding should show it as text', async () => {
    const target = { ...builtinTarget('stable'), name: hostile };
    const file = toFindingFile(findingOf({ target: { name: hostile, specifier: hostile } }));
    const replayed = await replay(file, target);
    expect(faultsOf(formatReplay(replayed))).toEqual([]);
    const recorded = { ...recordedOf({ origin: { by: 'saved', file: hostile } }), file: hostile };
    expect(faultsOf(formatMinimized(recorded, replayed), { most: 2500 })).toEqual([]);
    expect(faultsOf(formatNothing({ target, operations: ['softmax'], findings: [] }))).toEqual([]);
  });
});

describe('errors', () => {
  const text = JSON.stringify(hostile);
  const finding = toFindingFile(findingOf());
  const ways: Readonly<Record<string, () => unknown>> = {
    'a message': () => {
      throw new UserError(hostile, hostile);
    },
    'an unknown name': () => {
      throw unknownName('operation', hostile, ['softmax']);
    },
    'a file that is not there': () => readFile(`/tmp/${hostile}`),
    'a file that is not JSON': () => parseRequest(hostile, hostile),
    words: () => parseGiven(hostile, hostile),
    'a word': () => parseRequest(`{"rows":1,"cols":1,"logits":[${text}]}`, 'x'),
    'a format': () => parseRequest(`{"rows":1,"cols":1,"logits":[],"format":${text}}`, 'x'),
    'an option': () => parseRequest(`{"rows":1,"cols":1,"logits":["00000000"],"options":{${text}:1}}`, 'x'),
    'a reduction': () =>
      parseRequest(`{"rows":1,"cols":1,"logits":["00000000"],"options":{"reduction":${text}}}`, 'x'),
    semantics: () => parseRequest(`{"rows":1,"cols":1,"logits":["00000000"],"semantics":${text}}`, 'x'),
    'a field': () => parseRequest(`{"rows":1,"cols":1,"logits":["00000000"],${text}:1}`, 'x'),
    'a schema version': () => parseFindingFile(JSON.stringify({ ...finding, schemaVersion: hostile }), 'x'),
    'an id': () => parseFindingFile(JSON.stringify({ ...finding, id: hostile }), 'x'),
    'a bucket': () => parseFindingFile(JSON.stringify({ ...finding, bucket: hostile }), 'x'),
    'a profile': () => parseFindingFile(JSON.stringify({ ...finding, profile: hostile }), 'x'),
    'a baseline': () =>
      parseBaseline(
        `{"schemaVersion":1,"targets":[{"name":"x","findings":[{"bucket":${JSON.stringify(`${hostile}<=x`)}}]}]}`,
        'x',
      ),
    'a state': () => parseState(`{"schemaVersion":1,"plan":{${text}:1}}`, 'x'),
    'a greeting': () => parseGreeting(hostile),
    'an operation of a greeting': () => parseGreeting(JSON.stringify({ operations: [piece] })),
    'a field of a greeting': () => parseGreeting(JSON.stringify({ operations: ['softmax'], [piece]: 1 })),
    'a text of a greeting': () => parseGreeting(JSON.stringify({ operations: ['softmax'], name: hostile })),
    'an error in the place of a greeting': () => {
      throw parseRefusal(JSON.stringify({ message: hostile, hint: hostile }));
    },
    'no error in the place of a greeting': () => {
      throw parseRefusal(text);
    },
    'a declaration': () => declarationInJson(hostile, 'x'),
    'a field of a declaration': () => declarationInJson(`{${text}:1}`, 'x'),
    'a layout': () => declarationInJson(`{"layouts":[${text}]}`, 'x'),
    'a declared profile': () => createTarget('x', {}, { profile: hostile }),
    'a declared option': () =>
      createTarget('x', { softmax: (x) => x }, declarationInJson(`{"options":{"softmax":[${text}]}}`, 'x')),
    'an operation with options': () =>
      createTarget('x', {}, declarationInJson(`{"options":{${text}:[]}}`, 'x')),
    'a temperature': () =>
      createTarget('x', {}, declarationInJson(`{"options":{"softmax":{"temperature":${text}}}}`, 'x')),
    'a known bucket': () => createTarget('x', {}, { known: [`${hostile}<=x`] }),
    'the file system': () => {
      throw Object.assign(new Error(hostile), { path: hostile, syscall: 'open' });
    },
  };

  it.each(Object.entries(ways))('of %s should be two lines at most, of text', (_, way) => {
    let thrown: unknown;
    try {
      way();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Error);
    const { text: told, exitCode } = explainFailure(thrown);
    expect(faultsOf(told, { most: 1100 })).toEqual([]);
    expect(exitCode).toBe(2);
    const lines = told.slice(0, -1).split('\n');
    expect(lines.length).toBeLessThanOrEqual(2);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(1100);
  });

  it('of nobody should be lines of text', () => {
    const error = new Error(hostile);
    for (const { text: told } of [explainFailure(error), explainFailure(hostile), explainStrayFailure(error)])
      expect(faultsOf(told, { most: 1100 })).toEqual([]);
  });
});

describe('what a kernel throws or returns', () => {
  it('should be text, also twice', () => {
    const texts = [
      describeThrown(new Error(hostile)),
      describeThrown(hostile),
      describeReturned({ [hostile]: hostile }),
    ];
    for (const told of texts) expect([faultsOf(told), inert(told)]).toEqual([[], told]);
  });
});
