import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  filesIn,
  foldersWith,
  forgetful,
  parseReport,
  runCommand,
  runHere,
  temporaryFolders,
} from '../../properties/support/command.ts';

const temporaryFolder = temporaryFolders();

const folderWith = foldersWith();

describe('softmax-fuzz fuzz', () => {
  it('should catch a softmax that forgets the max, and its replay line should say the same', async () => {
    const cwd = folderWith('my-softmax.mjs', forgetful);
    const { code, stdout, stderr } = await runCommand(
      ['fuzz', './my-softmax.mjs', '--runs', '40', '--seed', '7'],
      {
        cwd,
      },
    );
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(/^FAIL {2}my-softmax: softmax\/nan\/exp-overflow/);
    expect(stdout).toMatch('Simplest    softmax([89])\n');
    expect(stdout).toMatch(
      'Boundary    fails like this from 88.72284 (42b17218), not at 88.72283 (42b17217)\n',
    );
    expect(stdout).toMatch(/^my-softmax: FALSIFIED /m);
    expect(stdout).toMatch('\nseed 7, ');
    expect(readFileSync(join(cwd, 'reports/latest/summary.md'), 'utf8')).toMatch('`softmax([89])`');

    const line = /Replay +npx softmax-fuzz (replay .*)/.exec(stdout)?.[1].split(' ') ?? [];
    expect(line.slice(2)).toEqual(['--target', './my-softmax.mjs']);
    const again = await runCommand(line, { cwd });
    expect([again.code, again.stderr]).toEqual([1, '']);
    expect(again.stdout).toMatch(/\nstill fails, bit for bit as recorded\.\n$/);

    const stable = await runCommand([...line.slice(0, 2), '--target', 'stable'], { cwd });
    expect(stable.code).toBe(0);
    expect(stable.stdout).toMatch(/\n {2}1 {2}89 - 89 = 0 .*\npasses: it no longer fails\.\n$/s);
  });

  it('should judge only the operations that --ops names, and write --json to a file too', async () => {
    const cwd = temporaryFolder();
    const shape = ['--rows', '1', '--cols', '2', '--runs', '5', '--seed', '1'];
    const args = ['fuzz', 'naive', '--ops', 'logSumExp, softmax', ...shape, '--json', 'out.json'];
    const { stdout } = await runHere(args, { cwd });
    const [{ operations, findings }] = parseReport(readFileSync(join(cwd, 'out.json'), 'utf8')).targets;
    expect(operations).toEqual(['softmax', 'logSumExp']);
    expect(new Set(findings.map(({ operation }) => operation))).toEqual(new Set(operations));
    expect(stdout).toMatch('2 operations');
  });

  it('should keep the shape that --rows and --cols fix, also when shrinking', async () => {
    const cwd = temporaryFolder();
    const args = [
      'fuzz',
      'naive',
      '--ops',
      'softmax,crossEntropy',
      '--rows',
      '2',
      '--cols',
      '3',
      '--runs',
      '10',
      '--seed',
      '1',
      '--json',
      '-',
    ];
    const [{ cases, elements, findings }] = parseReport((await runHere(args, { cwd })).stdout).targets;
    expect([cases, elements]).toEqual([10, 10 * 6 * 2]);
    expect(findings.length).toBeGreaterThan(5);
    expect(new Set(findings.map(({ rows, cols }) => `${rows} x ${cols}`))).toEqual(new Set(['2 x 3']));
  });

  it('should fail for new warnings only where --strict says so', async () => {
    const cwd = folderWith(
      'rounded.mjs',
      `import { stable } from '${join(import.meta.dirname, '../../dist/kernels/index.js')}';
       export const target = { profile: 'strict' };
       export const softmax = (x, rows, cols) => stable.softmax(x, rows, cols).map((p) => p * (1 + 2 ** -21));`,
    );
    const args = ['fuzz', './rounded.mjs', '--runs', '5', '--seed', '1', '--in-process'];
    const lax = await runHere([...args, '--reports', 'lax'], { cwd });
    expect(lax.stdout).toMatch('rounded: new warnings, no new error');
    expect(lax.code).toBe(0);
    expect((await runHere([...args, '--strict', '--reports', 'strict'], { cwd })).code).toBe(1);
  });

  it('should exit 0 for what a kernel declares as known, and name what was not found', async () => {
    const declaration = `export const target = { known: ['softmax/*', 'softmax/threw'] };`;
    const cwd = folderWith('my-softmax.mjs', forgetful + declaration);
    const { code, stdout } = await runHere(
      ['fuzz', './my-softmax.mjs', '--runs', '20', '--seed', '7', '--in-process'],
      {
        cwd,
      },
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^my-softmax: only known findings/);
    expect(stdout).toMatch(/\n {2}known [0-9a-f]{8} {2}softmax\/nan\/exp-overflow +softmax\(\[89\]\)\n/);
    expect(stdout).toMatch('known, but not found in this run: softmax/threw\n');
  });

  it('should try saved counterexamples first, and remove the findings of earlier runs', async () => {
    const cwd = folderWith('my-softmax.mjs', forgetful);
    const args = ['fuzz', './my-softmax.mjs', '--in-process', '--seed', '3', '--runs'];
    await runHere([...args, '40'], { cwd });
    const saved = filesIn(join(cwd, 'reports/latest/findings'));
    mkdirSync(join(cwd, 'reports/regressions'));
    for (const name of saved) {
      const text = readFileSync(join(cwd, 'reports/latest/findings', name), 'utf8');
      if (text.includes('exp-underflow'))
        writeFileSync(join(cwd, 'reports/regressions/underflow.json'), text);
    }
    const { code, stdout } = await runHere([...args, '0'], { cwd });
    expect(code).toBe(1);
    const again = filesIn(join(cwd, 'reports/latest/findings'))
      .map((name) => JSON.parse(readFileSync(join(cwd, 'reports/latest/findings', name), 'utf8')))
      .filter(({ bucket }) => bucket === 'softmax/nan/exp-underflow');
    expect(again).toMatchObject([
      { input: { logits: ['c2d00000'] }, found: { by: 'saved', file: 'underflow.json', occurrences: 1 } },
    ]);
    expect(stdout).toMatch('(2 batches,');
    expect(filesIn(join(cwd, 'reports/latest/findings')).length).toBeLessThan(saved.length);
  });

  it('should say so when the code of a target in this process fails outside of any call, and not take it for a finding', async () => {
    const cwd = folderWith('loose.mjs', `Promise.reject(new Error('nobody awaits this'));\n${forgetful}`);
    const { code, stderr } = await runCommand(['fuzz', './loose.mjs', '--in-process', '--runs', '0'], {
      cwd,
    });
    expect(code).toBe(70);
    expect(stderr).toMatch(/^softmax-fuzz: an error outside of any call, .*\nError: nobody awaits this\n/);
  });
});
