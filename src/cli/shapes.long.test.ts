import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn, runHere, temporaryFolders } from '../../properties/support/command.ts';

const makeFolder = temporaryFolders();

/** Steps that are right, for modules to call. */
const steps = `
const lse = (row) => { const m = Math.max(...row); return Math.abs(m) === Infinity ? m : m + Math.log(row.reduce((sum, x) => sum + Math.exp(x - m), 0)); };
const logs = (row) => { const m = Math.max(...row), l = Math.log(row.reduce((sum, x) => sum + Math.exp(x - m), 0)); return row.map((x) => x - m - l); };
const probabilities = (row) => { const m = Math.max(...row), p = row.map((x) => Math.exp(x - m)), sum = p.reduce((a, b) => a + b); return p.map((x) => x / sum); };
const rowsOf = (x, rows, cols) => Array.from({ length: rows }, (_, r) => [...x.subarray(r * cols, (r + 1) * cols)]);
export const target = { nonFinite: false, known: ['*/special-value/all-masked'] };
`;

/** Fuzzes a module with this source, in a process of its own and in the judge's, which must say the same. */
async function fuzzed(source: string, ...args: string[]) {
  const cwd = makeFolder();
  writeFileSync(join(cwd, 'mine.mjs'), `${steps}${source}`);
  const run = (...how: string[]) =>
    runHere(['fuzz', './mine.mjs', '--seed', '1', '--runs', '12', ...args, ...how], { cwd });
  const apart = await run();
  const here = await run('--in-process');
  expect([here.code, here.stderr]).toEqual([apart.code, apart.stderr]);
  return { ...apart, cwd };
}

const rightModules: readonly (readonly [source: string, notes: readonly string[]])[] = [
  [
    'export const softmax = (xs) => probabilities([...xs]);',
    ['mine#softmax(row): softmax is called as softmax(row)'],
  ],
  [
    'export const softmax = (xs) => probabilities(xs.concat([])), logSumExp = (xs) => lse(xs.concat([]));',
    ['mine: softmax is called as softmax(array)', 'mine: logSumExp is called as logSumExp(array)'],
  ],
  [
    'export const log_softmax = (matrix) => matrix.map(logs);',
    ['mine#log_softmax(matrix): log_softmax is called as log_softmax(matrix)'],
  ],
  [
    'export const softmax = (x, rows, cols) => { x.set(rowsOf(x, rows, cols).flatMap(probabilities)); };',
    ['mine#softmax(inPlace, rows, cols): softmax is called as softmax(inPlace, rows, cols)'],
  ],
  [
    'export const softmax = async (x, rows, cols) => rowsOf(x, rows, cols).flatMap(probabilities);',
    ['mine#softmax(logits, rows, cols): softmax answers no Float32Array: its numbers are rounded to FP32'],
  ],
  [
    `export class Kernel { #steps = { probabilities };
       softmax(row) { return this.#steps.probabilities([...row]); }
       crossEntropy(row, target) { return -logs([...row])[target]; } }
     export const kernel = new Kernel();`,
    [],
  ],
];

describe('a module of right functions', () => {
  it.each(rightModules.slice(0, -1))('should hold, however they are called: %s', async (source, notes) => {
    const { code, stdout, stderr, cwd } = await fuzzed(source);
    expect(stderr).toBe(notes.map((note) => `${note}\n`).join(''));
    expect(stdout).toMatch(/^mine.*: (every property held|only known findings) /);
    expect(code).toBe(0);
    const summary = readFileSync(join(cwd, 'reports/latest/summary.md'), 'utf8');
    expect(summary).toMatch(/is called as|answers no Float32Array/);
  });

  it('should hold as methods of an object, which see it as this', async () => {
    const cwd = makeFolder();
    writeFileSync(join(cwd, 'mine.mjs'), `${steps}${rightModules.at(-1)?.[0]}`);
    const { code, stderr } = await runHere(['fuzz', './mine.mjs#kernel', '--seed', '1', '--runs', '60'], {
      cwd,
    });
    expect([code, stderr]).toEqual([
      0,
      'mine#kernel: softmax is called as softmax(row)\nmine#kernel: crossEntropy is called as crossEntropy(row, target)\n',
    ]);
  });
});

describe('a module whose function is broken', () => {
  it.each([
    ['NaN', 'export const softmax = (x, rows, cols) => x.map(() => NaN);', 'softmax/nan/ordinary'],
    ['an exception', 'export const softmax = (row) => { throw new Error("no GPU"); };', 'softmax/threw'],
    ['no sum', 'export const softmax = (x, rows, cols) => x.map(Math.exp);', 'softmax/inaccurate/ordinary'],
    [
      'one sum for all rows',
      'export const softmax = (x, rows, cols) => Float32Array.from(probabilities([...x]));',
      'softmax/inaccurate/ordinary',
    ],
  ])('should be judged: %s', async (_what, source, bucket) => {
    const { code, stdout } = await fuzzed(source, '--rows', '2', '--cols', '3');
    expect(code).toBe(1);
    expect(stdout).toMatch(` mine: ${bucket}`);
  });

  it('should be judged where every call ends its process', async () => {
    const cwd = makeFolder();
    writeFileSync(join(cwd, 'mine.mjs'), 'export const softmax = () => process.exit(3);');
    const { code, stdout, stderr } = await runHere(
      ['fuzz', './mine.mjs', '--seed', '1', '--runs', '3', '--rows', '1', '--cols', '1'],
      { cwd },
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^mine: how its functions are called was not found out, .* it ended before its greeting \(exit code 3\)\n$/,
    );
    expect(stdout).toMatch('FAIL  mine: softmax/crashed');
  });
});

describe('a module that is not the contract', () => {
  it('should be told what it is', async () => {
    const { code, stdout, stderr, cwd } = await fuzzed(
      'export const crossEntropy = (p, t, rows, cols) => rowsOf(p, rows, cols).reduce((sum, q, r) => sum - Math.log(q[t[r]]), 0) / rows;',
    );
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      "softmax-fuzz: target ./mine.mjs: crossEntropy takes probabilities: the contract has logits\nExport one of the contract that calls it; or have it judged as it is: '#crossEntropy(logits, targets, rows, cols)'.\n",
    );
    expect(filesIn(cwd)).toEqual(['mine.mjs']);
    const told = await runHere(
      ['fuzz', './mine.mjs#crossEntropy(logits, targets, rows, cols)', '--runs', '5', '--seed', '1'],
      { cwd },
    );
    expect(told.code).toBe(1);
  });

  it('should have named what looks like an operation and is not judged', async () => {
    const source = `export const softmax = (row) => probabilities([...row]), rowLse = (row) => lse([...row]);
      export const softmaxCrossEntropy = (row, t) => -logs([...row])[t], helper = () => 1;`;
    const { code, stderr, cwd } = await fuzzed(source);
    expect([code, stderr]).toEqual([
      0,
      "mine#softmax(row): softmax is called as softmax(row)\nmine#softmax(row): not judged: rowLse, softmaxCrossEntropy; to have one judged, name it: './mine.mjs#rowLse'\n",
    ]);
    for (const name of ['rowLse', 'softmaxCrossEntropy']) {
      const named = await runHere(['targets', `./mine.mjs#${name}`], { cwd });
      const operation = name === 'rowLse' ? 'logSumExp' : 'crossEntropy';
      expect(named.stdout).toMatch(new RegExp(`^ {2}${operation} +ok$`, 'm'));
    }
  });
});
