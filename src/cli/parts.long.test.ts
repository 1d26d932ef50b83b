/** What the command says of shards, processes and journals; that they change no finding is in properties/scale. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn, runCommand, runHere, temporaryFolders } from '../../properties/support/command.ts';

const makeFolder = temporaryFolders();
const small = ['fuzz', 'naive', '--ops', 'softmax', '--cols', '1', '--rows', '1', '--runs', '3000'];
const stateIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8'));

describe.concurrent('softmax-fuzz fuzz, in parts', () => {
  it('should refuse shards of random seeds', async () => {
    const { code, stderr } = await runHere([...small, '--shard', '1/2'], { cwd: makeFolder() });
    expect(code).toBe(2);
    expect(stderr).toBe(
      'softmax-fuzz: the shards of a campaign need the same seed\nGive all of them --seed N.\n',
    );
  });

  it('should run a shard in a folder of its own, and say which it is', async () => {
    const cwd = makeFolder();
    const { code, stdout } = await runHere([...small, '--seed', '1', '--shard', '2/2'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch('(1,000 batches, 1,000 logits, 1 operation)');
    expect(stdout).toMatch(/\nseed 1, shard 2 of 2, .*\nreport: reports\/shard-2-of-2\/index\.html\n$/);
    expect(existsSync(join(cwd, 'reports/latest'))).toBe(false);
  });

  it('should resume a run of a random seed with that seed, and repeat nothing', async () => {
    const cwd = makeFolder();
    const first = await runHere([...small, '--json', 'a.json'], { cwd });
    const { seed } = stateIn(join(cwd, 'reports/latest')).plan;
    const again = await runHere([...small, '--resume', '--json', 'b.json'], { cwd });
    const [a, b] = ['a.json', 'b.json'].map((name) => JSON.parse(readFileSync(join(cwd, name), 'utf8')));
    expect([first.code, again.code, a.seed]).toEqual([0, 0, seed]);
    expect({ ...b, elapsedMs: 0, date: '' }).toEqual({ ...a, elapsedMs: 0, date: '' });
  });

  it('should say what is different about the run that is to be resumed, and leave it alone', async () => {
    const cwd = makeFolder();
    await runHere([...small, '--seed', '1'], { cwd });
    const before = stateIn(join(cwd, 'reports/latest'));
    const { code, stderr } = await runHere([...small, '--seed', '1', '--profile', 'strict', '--resume'], {
      cwd,
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      'reports/latest/state.json is of another campaign: its targets.0.profile is "sequential", not "strict"\n',
    );
    expect(stateIn(join(cwd, 'reports/latest'))).toEqual(before);
  });

  it('should go on exploring where more time is given', async () => {
    const cwd = makeFolder();
    const timed = [
      'fuzz',
      'stable',
      '--ops',
      'softmax',
      '--seed',
      '1',
      '--workers',
      '1',
      '--resume',
      '--max-time',
    ];
    await runCommand([...timed, '100ms'], { cwd });
    const { done } = stateIn(join(cwd, 'reports/latest'));
    await runCommand([...timed, '100ms'], { cwd });
    expect(stateIn(join(cwd, 'reports/latest')).done).toEqual(done);
    await runCommand([...timed, '2s'], { cwd });
    expect(stateIn(join(cwd, 'reports/latest')).done[0][1]).toBeGreaterThan(done[0][1]);
  });

  it('should say so when a process of the pool dies', async () => {
    const cwd = makeFolder();
    writeFileSync(
      join(cwd, 'fatal.mjs'),
      'export const softmax = (x, rows, cols) => (cols === 7 ? process.exit(3) : new Float32Array(rows * cols).fill(1 / cols));',
    );
    const args = ['fuzz', './fatal.mjs', '--in-process', '--seed', '1', '--workers', '2'];
    const { code, stderr } = await runCommand(args, { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^softmax-fuzz: its processes end while they run cases \d+ to \d+\n/);
  });
});

describe.concurrent('softmax-fuzz report', () => {
  it('should report the latest run again where there are no shards', async () => {
    const cwd = makeFolder();
    const run = await runHere([...small, '--seed', '1'], { cwd });
    const summary = readFileSync(join(cwd, 'reports/latest/summary.md'), 'utf8');
    const { code, stdout, stderr } = await runHere(['report'], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(run.stdout);
    expect(readFileSync(join(cwd, 'reports/latest/summary.md'), 'utf8')).toBe(summary);
  });

  it.each([
    [['report'], 'there is no run in reports/latest\n'],
    [['report', 'nowhere'], 'there is no run in nowhere\n'],
    [['report', '--reports', 'none/at/all'], 'there is no run in none/at/all/latest\n'],
  ])('should refuse %j, and create nothing', async (args, message) => {
    const cwd = makeFolder();
    const { code, stderr } = await runHere(args, { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(`softmax-fuzz: ${message}`);
    expect(filesIn(cwd)).toEqual([]);
  });

  it('should exit 1 for a new finding', async () => {
    const cwd = makeFolder();
    const softmax = 'export const softmax = (x, rows, cols) => new Float32Array(rows * cols);';
    writeFileSync(join(cwd, 'zero.mjs'), softmax);
    await runHere(['fuzz', './zero.mjs', '--seed', '1', '--runs', '10'], { cwd });
    writeFileSync(join(cwd, 'zero.mjs'), 'throw new Error("it was loaded");');
    const { code, stdout } = await runHere(['report', '--json', '-'], { cwd });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ seed: 1, targets: [{ name: 'zero', verdict: 'falsified' }] });
  });
});
