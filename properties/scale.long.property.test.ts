/**
 * The laws of scale: what a campaign finds is the same however its cases are split, in whatever order the parts are run, by
 * how many processes, and however often they are killed.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { casesOf } from '../src/campaign/explore/cases.ts';
import { createExplorer } from '../src/campaign/explore/explore.ts';
import type { Range } from '../src/campaign/explore/ranges.ts';
import { emptyTally, fold, type Tally } from '../src/campaign/explore/tally.ts';
import { operations } from '../src/core/operation.ts';
import { builtinTarget } from '../src/targets/builtin.ts';
import { runCommand, runHere, temporaryFolders } from './support/command.ts';
import { killedAfter, written } from './support/runs.ts';

const makeFolder = temporaryFolders();
const CASES = 120;
const { POSITIVE_INFINITY } = Number;

const cases = casesOf({ seed: 5, saved: [], generation: { maxRows: 2, maxCols: 12 } });
const subjects = [{ target: builtinTarget('naive'), operations }];

const tallyOf = async (range: Range): Promise<Tally> =>
  (await createExplorer(subjects, cases, POSITIVE_INFINITY)(range)).tallies[0];

describe('a tally', () => {
  it('should be the sum of its parts, however they are cut, ordered and grouped', async () => {
    const whole = await tallyOf([0, CASES]);
    expect(whole.discoveries.size).toBeGreaterThan(20);
    const cuts = fc.array(fc.nat(CASES), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(cuts, fc.infiniteStream(fc.nat()), async (at, choices) => {
        const bounds = [0, ...at.sort((a, b) => a - b), CASES];
        const parts = await Promise.all(bounds.slice(1).map((to, k) => tallyOf([bounds[k], to])));
        const choose = (below: number): number => (choices.next().value as number) % below;
        while (parts.length > 1) {
          const [a] = parts.splice(choose(parts.length), 1);
          const other = choose(parts.length);
          parts[other] = fold(a, parts[other]);
        }
        expect(parts[0]).toEqual(whole);
        expect(fold(emptyTally, whole)).toEqual(whole);
      }),
      { seed: 1, numRuns: 12 },
    );
  });

  it('should not depend on how long an explorer may run in one go', async () => {
    const { range, tallies } = await createExplorer(subjects, cases, 0)([3, CASES]);
    expect(range).toEqual([3, 4]);
    expect(tallies).toEqual([await tallyOf([3, 4])]);
  });
});

/** Eight blocks of cases that take a second or two, of small batches: the laws are of blocks, whatever is in them. */
const campaign = 'fuzz naive --ops softmax --runs 7100 --seed 11 --rows 3 --cols 3'.split(' ');

/** What an uninterrupted run of one process writes. */
const reference = (async () => {
  const cwd = makeFolder();
  const { code, stderr } = await runCommand([...campaign, '--workers', '1'], { cwd });
  expect([code, stderr]).toEqual([0, '']);
  return written(`${cwd}/reports/latest`);
})();

/** What failures without an option shrank to that is told by another name: one process has it in its journal, a merge has what is told. */
function toldElsewhere(files: Record<string, string>): string[] {
  const ofName = (file: string): RegExpExecArray | null => /^shrunk\/.*-without-\w+\.json$/.exec(file);
  const idOf = (text: string): string | undefined => /"id": "(\w+)"/.exec(text)?.[1];
  const ids = Object.entries(files).flatMap(([file, text]) => (ofName(file) === null ? [idOf(text)] : []));
  return Object.entries(files).flatMap(([file, text]) =>
    ofName(file) !== null && ids.includes(idOf(text)) ? [file] : [],
  );
}

/**
 * What is told, and the journal but for what {@link toldElsewhere} has, and for warnings that are told by an error of their kind: a shard, which may not have it, has
 * shrunk them, and one process has not.
 */
async function toldIn(all: Record<string, string>): Promise<[string, string][]> {
  const elsewhere = toldElsewhere(all);
  const files = Object.fromEntries(Object.entries(all).filter(([file]) => !elsewhere.includes(file)));
  const untold = Object.entries(await reference).filter(([, text]) =>
    text.includes('met, and not asked again'),
  );
  const left = new Map([...Object.entries(files), ...untold.map(([file]) => [file, 'untold'] as const)]);
  return [...left].filter(([file]) => file in files).sort();
}

describe.concurrent('a campaign', () => {
  it('should write the same whatever the number of processes', async () => {
    const cwd = makeFolder();
    await runCommand([...campaign, '--workers', '2'], { cwd });
    expect(Object.keys(await reference)).toContain('run.json');
    expect(written(`${cwd}/reports/latest`)).toEqual(await reference);
  });

  it('should write the same as eight shards, merged', async () => {
    const cwd = makeFolder();
    for (const shard of [1, 2, 3, 4, 5, 6, 7, 8])
      await runHere([...campaign, '--workers', '1', '--shard', `${shard}/8`], { cwd });
    const { code, stdout } = await runHere(['report'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch('7,101 batches');
    expect(await toldIn(written(`${cwd}/reports/latest`))).toEqual(await toldIn(await reference));
  });

  it.each([
    ['1', [300, 500, 400]],
    ['2', [400, 600]],
  ])(
    'should write the same after its processes (%s) were killed again and again',
    async (workers, moments) => {
      const cwd = makeFolder();
      const args = [...campaign, '--workers', workers, '--resume'];
      const killed: boolean[] = [];
      for (const ms of moments) killed.push(await killedAfter(ms, args, cwd));
      expect(killed).toContain(true);
      const { code } = await runCommand(args, { cwd });
      expect(code).toBe(0);
      expect(written(`${cwd}/reports/latest`)).toEqual(await reference);
    },
  );

  it('should write the same as shards whose clocks are centuries apart, and jump', async () => {
    const cwd = makeFolder();
    writeFileSync(
      join(cwd, 'clock.mjs'),
      `let now = Date.parse(process.env.CLOCK);
       Date.now = () => (now += (Math.random() - 0.5) * 86_400_000);`,
    );
    for (const [shard, clock] of [
      ['1/2', '1970-01-02'],
      ['2/2', '2150-06-01'],
    ]) {
      const args = [...campaign, '--workers', '2', '--shard', shard, '--max-time', '10m'];
      const env = { CLOCK: clock, NODE_OPTIONS: `--import=${join(cwd, 'clock.mjs')}` };
      expect((await runCommand(args, { cwd, env })).code).toBe(0);
    }
    const { code, stdout } = await runHere(['report'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch('7,101 batches');
    expect(await toldIn(written(`${cwd}/reports/latest`))).toEqual(await toldIn(await reference));
  });

  it.runIf(existsSync('/proc'))('should write the same though workers are killed while it runs', async () => {
    const cwd = makeFolder();
    let isOver = false;
    const run = runCommand([...campaign, '--workers', '2'], { cwd }).finally(() => {
      isOver = true;
    });
    const killed = new Set<number>();
    while (!isOver && killed.size < 2) {
      await sleep(50);
      const [worker] = workersIn(cwd).filter((pid) => !killed.has(pid));
      if (worker === undefined) continue;
      killed.add(worker);
      await sleep(300);
      process.kill(worker, 'SIGKILL');
    }
    const { code, stderr } = await run;
    expect([code, stderr, killed.size]).toEqual([0, '', 2]);
    expect(written(`${cwd}/reports/latest`)).toEqual(await reference);
  });
});

/** The worker processes of the campaign that was started in the folder. */
function workersIn(cwd: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return (
          readlinkSync(`/proc/${name}/cwd`) === realpathSync(cwd) &&
          readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('tinypool')
        );
      } catch {
        return false; // It has ended.
      }
    })
    .map(Number);
}
