/** What the command makes of time: of --max-time, of Ctrl-C, and of another run in its folder. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn, foldersWith, runCommand, temporaryFolders } from '../../properties/support/command.ts';

const makeFolder = temporaryFolders();

/** Seven textbook operations, none of which subtracts the max; each call takes 100 ms. */
const sleepy = `
const nap = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
function rows(x, n, cols, give) {
  nap();
  for (let r = 0; r < n; r++) {
    const e = x.subarray(r * cols, (r + 1) * cols).map(Math.exp);
    const s = e.reduce((a, b) => Math.fround(a + b), 0);
    give(e.map((each) => each / s), s, r);
  }
}
function filled(x, n, cols, row) {
  const out = new Float32Array(n * cols);
  rows(x, n, cols, (p, s, r) => out.set(row(p, r), r * cols));
  return out;
}
export const softmax = (x, n, cols) => filled(x, n, cols, (p) => p);
export const logSoftmax = (x, n, cols) => filled(x, n, cols, (p) => p.map(Math.log));
export function logSumExp(x, n, cols) {
  const out = new Float32Array(n);
  rows(x, n, cols, (p, s, r) => { out[r] = Math.log(s); });
  return out;
}
export function crossEntropy(x, targets, n, cols) {
  let loss = 0;
  rows(x, n, cols, (p, s, r) => { loss -= Math.log(p[targets[r]]) / n; });
  return loss;
}
export const crossEntropyGrad = (x, targets, n, cols) =>
  filled(x, n, cols, (p, r) => p.map((each, k) => (each - (k === targets[r] ? 1 : 0)) / n));
export const softmaxGrad = (u, x, n, cols) =>
  filled(x, n, cols, (p, r) => {
    const dot = p.reduce((sum, each, k) => sum + each * u[r * cols + k], 0);
    return p.map((each, k) => each * (u[r * cols + k] - dot));
  });
export const logSoftmaxGrad = (u, x, n, cols) =>
  filled(x, n, cols, (p, r) => {
    const sum = u.subarray(r * cols, (r + 1) * cols).reduce((a, b) => a + b, 0);
    return p.map((each, k) => u[r * cols + k] - each * sum);
  });
`;

/** The same as a program: what a user writes for the adapter in Python. */
const sleepyProgram = `
import os, sys, time
import numpy as np
sys.path.insert(0, ${JSON.stringify(join(import.meta.dirname, '../../adapters/python'))})
from softmax_fuzz_adapter import serve
np.seterr(all="ignore")
f = np.float32
def p(x):
    time.sleep(0.1)
    e = np.exp(x)
    return e / e.sum(1, keepdims=True, dtype=f)
def grad(x, t):
    g = p(x)
    g[np.arange(len(t)), t] -= 1
    return g / f(len(t))
def loss(x, t):
    return float(np.mean(-np.log(p(x)[np.arange(len(t)), t])))
def lse(x):
    time.sleep(0.1)
    return np.log(np.exp(x).sum(1, dtype=f))
def softmax_grad(u, x):
    q = p(x)
    return q * (u - (q * u).sum(1, keepdims=True))
def log_softmax_grad(u, x):
    return u - p(x) * u.sum(1, keepdims=True)
serve(softmax=p, logSoftmax=lambda x: np.log(p(x)), logSumExp=lse, crossEntropy=loss, crossEntropyGrad=grad,
      softmaxGrad=softmax_grad, logSoftmaxGrad=log_softmax_grad)
`;

const folderWith = foldersWith();

const readRun = (cwd: string) => JSON.parse(readFileSync(join(cwd, 'reports/latest/run.json'), 'utf8'));

describe('softmax-fuzz fuzz --max-time', () => {
  it.each([
    ['a module', 'sleepy.mjs', './sleepy.mjs', sleepy],
    ['a program', 'sleepy.py', 'cmd:python3 sleepy.py', sleepyProgram],
  ])(
    'should end in time for %s whose calls take 100 ms, and say what is left',
    async (_, name, target, text) => {
      const cwd = folderWith(name, text);
      const begin = performance.now();
      const { code, stdout } = await runCommand(['fuzz', target, '--max-time', '3s', '--seed', '1'], { cwd });
      expect(performance.now() - begin).toBeLessThan(1.5 * 3000 + 5000);
      expect(code).toBe(1);
      const { targets, interrupted, options } = readRun(cwd);
      expect([interrupted, options.maxTimeMs]).toEqual([false, 3000]);
      const [{ operations, findings, faults, unshrunk }] = targets;
      // The article's batch shows a fault of each.
      expect(new Set(findings.map(({ operation }: { operation: string }) => operation))).toEqual(
        new Set(operations),
      );
      expect(operations.length).toBe(7);
      expect(unshrunk).toBeGreaterThan(0);
      expect(stdout).toMatch(
        `${unshrunk} findings not shrunk to the end, because time or calls were used up`,
      );
      const leads = faults.map(({ lead }: { lead: string }) => lead);
      for (const { id, shrink, file } of findings) {
        expect(existsSync(join(cwd, file))).toBe(true);
        if (shrink.cut) expect(shrink.next).toContain(`softmax-fuzz minimize ${file}`);
        if (shrink.cut && leads.includes(id)) expect(stdout).toMatch(`  Shrink on   ${shrink.next}\n`);
      }
      // What is not shrunk tells too little for a cause.
      expect(faults.map(({ cause }: { cause: unknown }) => cause)).toEqual(faults.map(() => null));
    },
  );

  it('should leave nothing unshrunk that it has time for, and the same as without a limit', async () => {
    const cwd = makeFolder();
    const args = ['fuzz', 'naive', '--ops', 'softmax', '--runs', '50', '--seed', '1'];
    await runCommand([...args, '--reports', 'free'], { cwd });
    await runCommand([...args, '--reports', 'timed', '--max-time', '10m'], { cwd });
    const [free, timed] = ['free', 'timed'].map((folder) => join(cwd, folder, 'latest/findings'));
    expect(filesIn(timed)).toEqual(filesIn(free));
    for (const file of filesIn(free))
      expect(readFileSync(join(timed, file), 'utf8')).toBe(readFileSync(join(free, file), 'utf8'));
  });

  it('should shrink as long as --shrink-time says, and minimize should go on', async () => {
    const cwd = makeFolder();
    const args = ['fuzz', 'naive', '--ops', 'softmax', '--runs', '50', '--seed', '1', '--shrink-time', '0ms'];
    await runCommand(args, { cwd });
    const { findings, unshrunk } = readRun(cwd).targets[0];
    expect([unshrunk, findings.length > 3]).toEqual([findings.length, true]);
    const nan = findings.find(({ bucket }: { bucket: string }) => bucket === 'softmax/nan/exp-overflow');
    const { stdout } = await runCommand(nan.shrink.next.split(' ').slice(2), { cwd });
    expect(stdout).toMatch(/^softmax\(\[89\]\)$/m);
    const { code, stderr } = await runCommand([...args, '--max-time', '1s', '--shrink-time', '2s'], { cwd });
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching('the time for shrinking is a part of all time'),
    ]);
  });
});

describe('softmax-fuzz fuzz, interrupted', () => {
  it.each([
    ['explores', []],
    ['shrinks', ['--runs', '0']],
  ] as [string, string[]][])(
    'should have all that it found on disk soon, when it %s what takes 100 ms a call',
    async (_, more) => {
      const cwd = folderWith('sleepy.mjs', sleepy);
      let interrupted = Number.POSITIVE_INFINITY;
      const state = join(cwd, 'reports/latest/state.json');
      const interruptOnce = (): boolean => {
        if (!existsSync(state)) return false;
        interrupted = performance.now() + 500;
        return true;
      };
      const args = ['fuzz', './sleepy.mjs', '--seed', '1', '--workers', '1', ...more];
      const { code, stdout } = await runCommand(args, { cwd, interruptOnce });
      expect(performance.now() - interrupted).toBeLessThan(4000); // Two seconds, where nothing else runs.
      expect(code).toBe(130);
      const { targets, interrupted: said } = readRun(cwd);
      expect(said).toBe(true);
      expect(targets[0].findings.length).toBeGreaterThanOrEqual(7);
      expect(stdout).toMatch('not shrunk to the end, because it was interrupted');
    },
  );
});

describe('softmax-fuzz fuzz, twice at once', () => {
  it('should take another folder, say so, and refuse to resume in one that is taken', async () => {
    const cwd = folderWith('sleepy.mjs', sleepy);
    const lock = join(cwd, 'reports/latest/lock.json');
    const first = runCommand(['fuzz', './sleepy.mjs', '--ops', 'softmax', '--max-time', '8s'], { cwd });
    while (!existsSync(lock)) await new Promise((resolve) => setTimeout(resolve, 20));
    const small = ['fuzz', 'naive', '--ops', 'softmax', '--runs', '5', '--seed', '1'];
    const [second, resumed, report] = await Promise.all([
      runCommand(small, { cwd }),
      runCommand([...small, '--resume'], { cwd }),
      runCommand(['report'], { cwd }),
    ]);
    expect(second.stderr).toBe('another run writes to reports/latest: this one writes to reports/latest-2\n');
    expect(second.stdout).toMatch('report: reports/latest-2/index.html\n');
    for (const { code, stderr } of [resumed, report]) {
      expect(code).toBe(2);
      expect(stderr).toMatch('softmax-fuzz: a run is going on in reports/latest, of process ');
    }
    expect((await first).stdout).toMatch('report: reports/latest/index.html\n');
    expect(existsSync(lock)).toBe(false);
  });
});
