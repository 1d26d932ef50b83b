import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { main, runCommand, temporaryFolders } from '../../../properties/support/command.ts';

const makeFolder = temporaryFolders();

const right = `
export function logSumExp(x, rows, cols) {
  return Float32Array.from({ length: rows }, (_, r) => {
    const row = x.subarray(r * cols, (r + 1) * cols);
    const m = row.reduce((a, b) => Math.max(a, b), -Infinity);
    return Math.abs(m) === Infinity ? m : m + Math.log(row.reduce((s, v) => s + Math.exp(v - m), 0));
  });
}`;

/** Right, but that `put` is done before each call. */
function module(put: string): string {
  const before = 'import { spawn } from "node:child_process"; let started = false;';
  return `${before}\n${right.replace('return Float32Array', `${put}\n  return Float32Array`)}`;
}

/** So many seconds sleep those that are started: a number that no other test has. */
let seconds = 100_000 + process.pid;

function sleepers(argument: number): number {
  return readdirSync('/proc').filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1') === `sleep\0${argument}\0`;
    } catch {
      return false;
    }
  }).length;
}

async function untilGone(argument: number): Promise<number> {
  for (let tries = 0; tries < 50 && sleepers(argument) > 0; tries++) await wait(100);
  return sleepers(argument);
}

const starts: Readonly<Record<string, (argument: number) => string>> = {
  'in a session of its own': (argument) =>
    `if (!started) { started = true; spawn('sleep', ['${argument}'], { detached: true, stdio: 'ignore' }).unref(); }`,
  'whose own parent has ended': (argument) =>
    `if (!started) { started = true; spawn('sh', ['-c', 'setsid sleep ${argument} &'], { stdio: 'ignore' }).unref(); }`,
};

describe.skipIf(process.platform !== 'linux')('what a target starts', () => {
  for (const how of [[], ['--workers', '2']])
    it.each(Object.keys(starts))(
      `should not outlive the campaign with '${how.join(' ')}': a process %s`,
      async (kind) => {
        const [cwd, argument] = [makeFolder(), ++seconds];
        writeFileSync(join(cwd, 'starting.mjs'), module(starts[kind](argument)));
        const campaign = runCommand(['fuzz', './starting.mjs', '--seed', '1', '--runs', '200', ...how], {
          cwd,
        });
        let met = 0;
        for (let done = false; !done; await wait(20)) {
          met = Math.max(met, sleepers(argument));
          campaign.finally(() => {
            done = true;
          });
          if (met > 0) break;
        }
        expect((await campaign).code).toBe(0);
        expect(met).toBeGreaterThan(0);
        expect(await untilGone(argument)).toBe(0);
      },
    );

  it('should not outlive a campaign that is killed, where its parent lives', async () => {
    const [cwd, argument] = [makeFolder(), ++seconds];
    writeFileSync(join(cwd, 'starting.mjs'), module(starts['in a session of its own'](argument)));
    const campaign = spawn(process.execPath, [main, 'fuzz', './starting.mjs', '--max-time', '100s'], {
      cwd,
      stdio: 'ignore',
    });
    while (sleepers(argument) === 0) await wait(50);
    campaign.kill('SIGKILL');
    await once(campaign, 'exit');
    expect(await untilGone(argument)).toBe(0);
  });
});

describe('the memory of a target', () => {
  const fuzz = (cwd: string, target: string) =>
    runCommand(['fuzz', target, '--seed', '1', '--runs', '100', '--memory', '1g', '--json', '-'], { cwd });

  it('should end with the call that asks for six times as much, and the campaign go on', async () => {
    const cwd = makeFolder();
    const put = 'if (cols === 7) new Float64Array(8e8).fill(1);';
    writeFileSync(join(cwd, 'large.mjs'), module(put));
    const { code, stdout } = await fuzz(cwd, './large.mjs');
    expect(code).toBe(1);
    const [{ findings, cases }] = JSON.parse(stdout).targets;
    expect(findings).toMatchObject([{ bucket: 'logSumExp/out-of-memory', rows: 1, cols: 7 }]);
    expect(cases).toBe(101);
  });

  it('should be bounded as it is loaded, too', async () => {
    const cwd = makeFolder();
    writeFileSync(join(cwd, 'large.mjs'), `const a = new Float64Array(8e8).fill(1);\n${right}`);
    const module = await fuzz(cwd, './large.mjs');
    expect([module.code, module.stderr]).toEqual([
      2,
      expect.stringMatching(/does not load: RangeError: Array buffer allocation failed\n.*--memory/),
    ]);
    writeFileSync(
      join(cwd, 'eater.mjs'),
      'const l = []; setInterval(() => l.push(Buffer.alloc(2 ** 26, 1)), 10);',
    );
    const program = await fuzz(cwd, 'cmd:node eater.mjs');
    expect([program.code, program.stderr]).toEqual([
      2,
      expect.stringMatching(/it took more memory than 1024 MiB before its greeting\n.*--memory/),
    ]);
  });
});
