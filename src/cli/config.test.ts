import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn, runHere, temporaryFolders } from '../../properties/support/command.ts';
import { fuzz } from '../campaign/fuzz.ts';
import { resolveTarget } from '../targets/resolve.ts';

const temporaryFolder = temporaryFolders();

/** A folder of a user's with files in it, by their names. */
function folderWith(files: Readonly<Record<string, string | object>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries({ 'package.json': {}, 'mine.mjs': broken, ...files }))
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return folder;
}

/** Kernels that are found out, shrunk and explained at once. */
const broken = "export function softmax() { throw new Error('no'); }";
const scaled = `export function softmax(logits, rows, cols, { scale }) { if (scale !== undefined) throw new Error('no'); return new Float32Array(logits.length).fill(1 / cols); }`;

describe('a configuration', () => {
  it('should say what fuzz runs and how, and flags should win', async () => {
    const targets = { mine: { target: './mine.mjs', known: ['softmax/*'], profile: 'libm' } };
    const cwd = folderWith({
      'softmax-fuzz.config.json': { targets, seed: 7, runs: 3, rows: 1, cols: 2, reports: 'out' },
    });
    const run = await runHere(['fuzz', '--quiet', '--runs', '4'], { cwd });
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(run.stdout).toMatch(/^mine: only known findings {2}\(4 batches, 8 logits/);
    expect(run.stdout).toMatch('\nseed 7, ');
    expect(run.stdout).toMatch('report: out/latest/index.html\n');
    const { targets: judged } = JSON.parse(readFileSync(join(cwd, 'out/latest/run.json'), 'utf8'));
    expect(judged[0]).toMatchObject({ name: 'mine', specifier: 'mine', profile: 'libm' });
  });

  it('should be where a target is found by its name, with the options that are declared there', async () => {
    const cwd = folderWith({
      'scaled.mjs': scaled,
      'softmax-fuzz.config.mjs': `export default { targets: {
        plain: { target: './mine.mjs', runs: 2, known: ['softmax/*'] },
        scaled: { target: './scaled.mjs', runs: 20, options: { softmax: ['scale'] }, rows: 1, cols: 2 },
      }, seed: 1, shrinkTime: '1s' };`,
    });
    const run = await runHere(['fuzz', 'scaled', '--quiet'], { cwd });
    const line = /Replay +npx softmax-fuzz (replay .*)/.exec(run.stdout)?.[1].split(' ') ?? [];
    expect(line.slice(2)).toEqual(['--target', 'scaled']);
    const again = await runHere(line, { cwd });
    expect([again.code, again.stderr]).toEqual([1, '']);
    const offered = await runHere(['targets'], { cwd });
    expect(offered.stdout).toMatch(/^plain .*\n.*\nscaled .*\n.*options: scale\)\n$/);
    const misspelt = await runHere(['replay', line[1], '--target', 'scald'], { cwd });
    expect([misspelt.code, misspelt.stderr]).toEqual([
      2,
      expect.stringMatching(/^softmax-fuzz: there is no target 'scald'; did you mean scaled\?\n/),
    ]);
  });

  it('should give targets of other budgets campaigns of their own, the worst of which is the exit code', async () => {
    const of = (runs: number, known: string[]) => ({ target: './mine.mjs', runs, known });
    const targets = { one: of(1, []), two: of(2, ['softmax/*']) };
    const cwd = folderWith({ 'softmax-fuzz.config.json': { targets, rows: 1, cols: 2, shrinkTime: '0s' } });
    const apart = await runHere(['fuzz', '--seed', '1', '--quiet'], { cwd });
    expect([apart.code, apart.stderr]).toEqual([1, '']);
    expect(apart.stdout.match(/^report: .*$/gm)).toEqual([
      'report: reports/latest-one/index.html',
      'report: reports/latest-two/index.html',
    ]);
  });

  it.each<readonly [string, Readonly<Record<string, string | object>>, RegExp]>([
    [
      'an unknown key',
      { json: { rusn: 1 } },
      /config\.json: there is no key 'rusn'; did you mean runs\?\nThe keys are: /,
    ],
    [
      'a value out of range',
      { json: { runs: -1 } },
      /config\.json, at runs: Expected an integer of at least 0\.\n$/,
    ],
    [
      'a duration of a target',
      { mjs: "export default { targets: { mine: { target: './mine.mjs', maxTime: '1 hour' } } };" },
      /config\.mjs, at targets\.mine, at maxTime: Expected a duration like 30s, 5m or 1h\.\n$/,
    ],
    [
      'a profile that there is none of',
      { json: { targets: { mine: { target: './mine.mjs', profile: 'libn' } } } },
      /no profile 'libn'; did you mean libm/,
    ],
    [
      'a format from outside',
      { json: { targets: { mine: { target: 'stable', format: 'bf16' } } } },
      /target stable: its format cannot be declared from outside\n/,
    ],
    [
      'what a terminal would obey',
      { json: { strict: '\u001b[31m'.repeat(1000) } },
      /config\.json, at strict: expected true or false, got "(\\u\{1b\}\[31m){3,40}[^\n]{1,8}…[^\n]{1,700}\n$/,
    ],
    [
      'a key of many characters',
      { json: { ['\n::error::x'.repeat(100)]: 1 } },
      /config\.json: there is no key '\\u\{3a\}:error::x ::error::x[^\n]{1,70}…[^\n]{1,70}'\nThe keys/,
    ],
    ['what is not JSON', { json: '{' }, /config\.json is not JSON: /],
    [
      'no default export',
      { mjs: 'export const config = {};' },
      /config\.mjs has no default export\nExpected export default /,
    ],
    ['what throws', { mjs: 'throw new Error("no")' }, /config\.mjs does not load: Error: no\n/],
    [
      'two of them',
      { json: {}, mjs: 'export default {};' },
      /there are several configurations: softmax-fuzz\.config\.mjs, softmax-fuzz\.config\.json\nKeep one/,
    ],
  ])('should be refused with %s', async (_, files, message) => {
    const named = Object.entries(files).map(([ending, text]) => [`softmax-fuzz.config.${ending}`, text]);
    const cwd = folderWith(Object.fromEntries(named));
    const { code, stdout, stderr } = await runHere(['fuzz', '--runs', '1', '--ops', 'softmax'], { cwd });
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(message)]);
  });

  it('should be of TypeScript where Node reads it, and say which does where it does not', async () => {
    const cwd = folderWith({
      'softmax-fuzz.config.ts': 'const runs: number = -1;\nexport default { runs };',
    });
    const { code, stderr } = await runHere(['fuzz', '--runs', '1', '--ops', 'softmax'], { cwd });
    expect([code, stderr]).toEqual([
      2,
      'typescript' in process.features && process.features.typescript
        ? 'softmax-fuzz: softmax-fuzz.config.ts, at runs: Expected an integer of at least 0.\n'
        : `softmax-fuzz: softmax-fuzz.config.ts: Node ${process.version} does not read TypeScript\nTake Node 22.18 or later, or name it softmax-fuzz.config.mjs.\n`,
    ]);
  });
});

describe('softmax-fuzz init', () => {
  const paths = ['.github/workflows/softmax-fuzz.yml', 'softmax-fuzz.config.mjs', 'softmax.mjs'];

  it('should write what runs and holds', async () => {
    const cwd = temporaryFolder();
    const { code, stdout, stderr } = await runHere(['init'], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    for (const path of paths) expect(stdout).toMatch(path);
    expect(filesIn(cwd)).toEqual(['.github', '.github/workflows', ...paths]);
    const offered = await runHere(['targets'], { cwd });
    expect(offered.stdout).toBe('softmax  (./softmax.mjs, profile default)\n  softmax           ok\n');
    const target = await resolveTarget(join(cwd, 'softmax.mjs'), { inProcess: true });
    const { targets } = await fuzz([target], { seed: 1, runs: 30 });
    expect(targets[0]).toMatchObject({ verdict: 'held', cases: 31 });
    const workflow = readFileSync(join(cwd, paths[0]), 'utf8');
    await expect(workflow).toMatchFileSnapshot('snapshots/init-workflow.yml');
  });

  it.each([...paths, 'softmax-fuzz.config.ts'])('should write nothing where there is %s', async (path) => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, path, '..'), { recursive: true });
    writeFileSync(join(cwd, path), 'mine');
    const before = filesIn(cwd);
    const { code, stdout, stderr } = await runHere(['init'], { cwd });
    expect([code, stdout, stderr]).toEqual([
      2,
      '',
      `softmax-fuzz: ${path} is there already: nothing is written\nMove it away first, or write by hand what is missing: docs/config.md.\n`,
    ]);
    expect(filesIn(cwd)).toEqual(before);
    expect(readFileSync(join(cwd, path), 'utf8')).toBe('mine');
  });
});
