import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { forgetful, runHere, temporaryFolders } from '../../properties/support/command.ts';

const cwd = temporaryFolders()();
const folder = 'reports/latest/findings';

/** Two findings of a module, which counts its calls, and one that passes on it. */
let files: readonly string[];
beforeAll(async () => {
  writeFileSync(join(cwd, 'mine.mjs'), forgetful);
  await runHere(['fuzz', './mine.mjs', '--seed', '7', '--runs', '40', '--cols', '1'], { cwd });
  files = readdirSync(join(cwd, folder)).map((name) => `${folder}/${name}`);
  expect(files.length).toBeGreaterThan(1);
});

const replayed = (...args: string[]) => runHere(['replay', ...args], { cwd });
const verdicts = (stdout: string) => stdout.match(/^(still fails|passes)/gm);

describe('softmax-fuzz replay', () => {
  it('should run several files, say of each what came of it, and exit with the worst', async () => {
    const { code, stdout } = await replayed(...files, '--target', './mine.mjs');
    expect(code).toBe(1);
    expect(verdicts(stdout)).toEqual(files.map(() => 'still fails'));
    for (const file of files) {
      const alone = await replayed(file, '--target', './mine.mjs');
      expect(stdout).toContain(alone.stdout);
    }
    const mended = await replayed(...files, '--target', 'stable');
    expect([mended.code, verdicts(mended.stdout)]).toEqual([0, files.map(() => 'passes')]);
  });

  it('should fail for one that fails, wherever it stands among others that pass', async () => {
    writeFileSync(
      join(cwd, 'half.mjs'),
      `import * as mine from './mine.mjs';
       export const softmax = (x, ...sizes) => mine.softmax(x.map((value) => (value > 0 ? 0 : value)), ...sizes);`,
    );
    const outcomes = [];
    for (const file of files) outcomes.push((await replayed(file, '--target', './half.mjs')).code);
    expect(new Set(outcomes)).toEqual(new Set([0, 1]));
    for (const order of [files, files.toReversed()])
      expect((await replayed(...order, '--target', './half.mjs')).code).toBe(1);
  });

  it('should ask each in a fresh process', async () => {
    writeFileSync(
      join(cwd, 'tired.mjs'),
      `import * as mine from './mine.mjs';
       let calls = 0;
       export const softmax = (x, rows, cols) => (++calls > 3 ? x.map(() => NaN) : x.map(() => 1 / cols));`,
    );
    const many = [...files, ...files, ...files, ...files];
    const { code, stdout } = await replayed(...many, '--target', './tired.mjs');
    expect([code, verdicts(stdout)]).toEqual([0, many.map(() => 'passes')]);
  });

  it('should run nothing where one cannot be read', async () => {
    copyFileSync(join(cwd, files[0]), join(cwd, 'good.json'));
    writeFileSync(join(cwd, 'bad.json'), '{');
    const { code, stdout, stderr } = await replayed('good.json', 'bad.json', '--target', './mine.mjs');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^softmax-fuzz: bad.json is not JSON/);
  });
});
