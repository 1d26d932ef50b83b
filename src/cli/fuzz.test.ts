import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  filesIn,
  forgetful,
  runCommand,
  runHere,
  temporaryFolders,
} from '../../properties/support/command.ts';
import { readFinding } from '../record/store.ts';

/** What --json writes, as far as these tests read it. */
interface Report {
  readonly targets: readonly {
    readonly name: string;
    readonly operations: readonly string[];
    readonly cases: number;
    readonly elements: number;
    readonly findings: readonly { operation: string; rows: number; cols: number; file: string }[];
  }[];
}

const parse = (text: string): Report => JSON.parse(text);

const temporaryFolder = temporaryFolders();

/** A folder of a user's with one kernel in it. */
function folderWith(name: string, source: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), source);
  return folder;
}

/** The same kernel, which says by a file that it has been called 500 times. */
const counting = `import { writeFileSync } from 'node:fs';
let calls = 0;
${forgetful.replace('{\n', "{\n  if (++calls === 500) writeFileSync('called-often', '');\n")}`;

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

  it('should give one JSON object, the same for the same seed', async () => {
    const run = async () => {
      const cwd = folderWith('my-softmax.mjs', forgetful);
      const { code, stdout, stderr } = await runHere(
        [
          'fuzz',
          'naive',
          './my-softmax.mjs',
          '--in-process',
          '--ops',
          'softmax',
          '--runs',
          '10',
          '--seed',
          '-5',
          '--json',
          '-',
        ],
        { cwd },
      );
      expect([code, stderr]).toEqual([1, '']);
      const report = parse(stdout);
      expect(readFileSync(join(cwd, 'reports/latest/run.json'), 'utf8')).toBe(stdout);
      const files = report.targets.flatMap(({ findings }) => findings.map(({ file }) => file));
      for (const file of files) {
        expect(filesIn(cwd)).toContain(file);
        expect(JSON.parse(readFileSync(join(cwd, file), 'utf8')).schemaVersion).toBe(2);
      }
      return report;
    };
    const [first, second] = await Promise.all([run(), run()]);
    const timeless = { elapsedMs: 0, date: '' };
    expect({ ...first, ...timeless }).toEqual({ ...second, ...timeless });
    expect(first).toMatchObject({ schemaVersion: 1, seed: -5, elapsedMs: expect.any(Number) });
    expect(first.targets.map(({ name, cases }) => [name, cases])).toEqual([
      ['naive', 11],
      ['my-softmax', 11],
    ]);
    expect(first.targets[1].findings).toContainEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}$/),
      bucket: 'softmax/nan/exp-overflow',
      operation: 'softmax',
      property: 'finite',
      kind: 'nan',
      severity: 'error',
      known: false,
      exceeds: null,
      errorUlp: null,
      budgetUse: null,
      absoluteError: null,
      relativeError: null,
      weight: null,
      worstWeight: null,
      typicalWeight: null,
      occurrences: expect.any(Number),
      rows: 1,
      cols: 1,
      logits: ['42b20000'],
      targets: [0],
      upstream: null,
      output: ['7fc00000'],
      expected: ['3f800000'],
      shrink: { minimal: true, cut: false, next: null },
      file: expect.stringMatching(/^reports\/latest\/findings\/[0-9a-f]{8}\.json$/),
    });
  });

  it('should judge only the operations that --ops names, and write --json to a file too', async () => {
    const cwd = temporaryFolder();
    const args = ['fuzz', 'naive', '--ops', 'logSumExp, softmax', '--runs', '5', '--json', 'out.json'];
    const { stdout } = await runHere(args, { cwd });
    const [{ operations, findings }] = parse(readFileSync(join(cwd, 'out.json'), 'utf8')).targets;
    expect(operations).toEqual(['softmax', 'logSumExp']);
    expect(new Set(findings.map(({ operation }) => operation))).toEqual(new Set(operations));
    expect(stdout).toMatch('2 operations');
  });

  it('should keep the shape that --rows and --cols fix, also when shrinking', async () => {
    const cwd = temporaryFolder();
    const args = [
      'fuzz',
      'naive',
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
    const [{ cases, elements, findings }] = parse((await runHere(args, { cwd })).stdout).targets;
    expect([cases, elements]).toEqual([10, 10 * 6 * 7]);
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

  it('should tell kernels of the same name apart, in folders of any name', async () => {
    const cwd = temporaryFolder();
    for (const folder of ['a', 'c# 1']) {
      mkdirSync(join(cwd, folder));
      writeFileSync(join(cwd, folder, 'kernel.mjs'), forgetful);
    }
    const args = [
      'fuzz',
      './a/kernel.mjs',
      './c# 1/kernel.mjs',
      './a/kernel.mjs',
      '--runs',
      '0',
      '--json',
      '-',
    ];
    const { code, stdout } = await runHere([...args, '--reports', 'my reports'], { cwd });
    expect(code).toBe(1);
    const { targets } = parse(stdout);
    expect(targets.map(({ name }) => name)).toEqual(['./a/kernel.mjs', './c# 1/kernel.mjs']);
    expect(new Set(targets.flatMap(({ findings }) => findings.map(({ file }) => file))).size).toBe(2);
    const replay = ['replay', targets[1].findings[0].file, '--target', './c# 1/kernel.mjs'];
    expect((await runHere(replay, { cwd })).code).toBe(1);
  });

  it('should write what it has found when it is interrupted, and exit 130', async () => {
    const cwd = folderWith('my-softmax.mjs', counting);
    const findings = join(cwd, 'reports/latest/findings');
    const args = ['fuzz', './my-softmax.mjs', '--max-time', '50s', '--seed', '7', '--workers', '1'];
    const interruptOnce = (): boolean => existsSync(join(cwd, 'called-often'));
    const { code, stdout } = await runCommand(args, { cwd, interruptOnce });
    expect(code).toBe(130);
    expect(stdout).toMatch(/\nseed 7, .*, interrupted\n/);
    expect(stdout).toMatch(/^FAIL {2}my-softmax: softmax\/nan\//);
    expect(filesIn(findings).length).toBeGreaterThan(0);
    for (const file of filesIn(findings)) {
      const { boundary, shrink } = readFinding(join(findings, file));
      if (!shrink.minimal) expect(boundary).toBeNull();
    }
  });

  it('should find what crashes a module, in a process of a pool too, and go on', async () => {
    const cwd = folderWith(
      'fatal.mjs',
      `export const softmax = (x, rows, cols) => {
        console.log('no GPU');
        if (Number.isNaN(x[0])) process.exit(3);
        return x[0] === 0 ? [1] : new Float32Array(1).fill(1);
      };`,
    );
    const args = [
      'fuzz',
      './fatal.mjs',
      '--ops',
      'softmax',
      '--runs',
      '60',
      '--cols',
      '1',
      '--rows',
      '1',
      '--seed',
      '1',
      '--workers',
      '2',
    ];
    const { code, stdout, stderr } = await runCommand([...args, '--timeout', '20s', '--memory', '1g'], {
      cwd,
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^fatal: how its functions are called was not found out, [^\n]*\(exit code 3: no GPU\)\n$/,
    );
    expect(stdout).toMatch('  Detail      it ended (exit code 3: no GPU)\n  Simplest    softmax([NaN])\n');
    expect(stdout).toMatch('fatal: FALSIFIED  (60 batches, ');
    expect(stdout).toMatch(/ softmax\/crashed /);
    expect(stdout).toMatch(/ softmax\/bad-shape /);
    const line = /Replay +npx softmax-fuzz (replay .*)/.exec(stdout)?.[1].split(' ') ?? [];
    expect((await runCommand(line, { cwd })).stdout).toMatch('still fails');
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
