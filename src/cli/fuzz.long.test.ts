/** What the command does as a process, of several targets, and twice. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
import { readFinding } from '../record/store.ts';

const temporaryFolder = temporaryFolders();

const folderWith = foldersWith();

/** The same kernel, which says by a file that it has been called 500 times. */
const counting = `import { writeFileSync } from 'node:fs';
let calls = 0;
${forgetful.replace('{\n', "{\n  if (++calls === 500) writeFileSync('called-often', '');\n")}`;

describe('softmax-fuzz fuzz', () => {
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
    const { targets } = parseReport(stdout);
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
      const report = parseReport(stdout);
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
});
