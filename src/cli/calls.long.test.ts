import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Outcome, runHere, temporaryFolders } from '../../properties/support/command.ts';

const makeFolder = temporaryFolders();

/** Softmax whose sum is that of 32 columns at a time, in memory that an earlier, longer row has filled further. */
const stale = (isMended: boolean) => `
const partial = new Float64Array(4096);
let used = 0;
export const target = { nonFinite: false };
export function softmax(logits, rows, cols) {
  const answer = new Float32Array(rows * cols);
  for (let r = 0; r < rows; r++) {
    const x = logits.subarray(r * cols, (r + 1) * cols);
    const max = x.reduce((a, b) => Math.max(a, b));
    const e = Float64Array.from(x, (v) => Math.exp(v - max));
    const warps = Math.ceil(cols / 32);
    used = ${isMended ? 'warps' : 'Math.max(used, warps)'};
    for (let w = 0; w < warps; w++) partial[w] = e.subarray(32 * w, 32 * w + 32).reduce((a, b) => a + b);
    const sum = partial.subarray(0, used).reduce((a, b) => a + b);
    answer.set(e.map((v) => v / sum), r * cols);
  }
  return answer;
}`;

describe('a kernel that keeps something from call to call', () => {
  const cwd = makeFolder();
  const run = (...args: string[]): Promise<Outcome> => runHere(args, { cwd });
  const file = 'finding.json';
  let fuzzed: Outcome;
  beforeAll(async () => {
    writeFileSync(join(cwd, 'stale.mjs'), stale(false));
    writeFileSync(join(cwd, 'mended.mjs'), stale(true));
    const options = ['--seed', '1', '--runs', '60', '--in-process'];
    fuzzed = await run('fuzz', './stale.mjs', ...options, '--json', 'run.json');
    const [{ findings }] = JSON.parse(readFileSync(join(cwd, 'run.json'), 'utf8')).targets;
    cpSync(join(cwd, findings[0].file), join(cwd, file));
  });

  it('should be told by the calls that show it, in every report', () => {
    const calls = 'softmax([0 ×33]); softmax([0])';
    expect([fuzzed.code, fuzzed.stderr]).toEqual([1, '']);
    expect(fuzzed.stdout).toContain(`Simplest    ${calls}\n`);
    expect(fuzzed.stdout).toContain('Alone       the last call passes where nothing was called before it\n');
    expect(readFileSync(join(cwd, 'reports/latest/summary.md'), 'utf8')).toContain(`- Input: \`${calls}\``);
    const [{ findings }] = JSON.parse(readFileSync(join(cwd, 'run.json'), 'utf8')).targets;
    expect(findings[0]).toMatchObject({
      cols: 1,
      before: [{ operation: 'softmax', input: { rows: 1, cols: 33 } }],
    });
  });

  it('should be replayed in a process of its own, and pass once it is mended', async () => {
    const failing = await run('replay', file, '--target', './stale.mjs');
    expect([failing.code, failing.stderr]).toEqual([1, '']);
    expect(failing.stdout).toContain('\nsoftmax([0 ×33]); softmax([0])\n');
    expect(failing.stdout).toContain('still fails, bit for bit as recorded');
    const passing = await run('replay', file, '--target', './mended.mjs');
    expect([passing.code, passing.stderr]).toEqual([0, '']);
    const twice = await run('replay', file, file, '--target', './stale.mjs');
    expect(twice.stdout.match(/bit for bit as recorded/g)).toHaveLength(2);
  });

  it('should be minimized in a process of its own, from larger calls too, to what a campaign finds', async () => {
    const large = JSON.parse(readFileSync(join(cwd, file), 'utf8'));
    const [{ operation, input }] = large.before;
    const logits = [...input.logits, '00000000', '3f800000'].with(7, '40000000');
    const larger = { operation, input: { ...input, cols: logits.length, logits } };
    large.before = [{ operation, input: large.input }, larger];
    writeFileSync(join(cwd, 'large.json'), JSON.stringify(large));
    const { code, stdout, stderr } = await run('minimize', 'large.json', '--target', './stale.mjs');
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toContain('\nsoftmax([0 ×33]); softmax([0])\n');
    const mended = await run('minimize', 'large.json', '--target', './mended.mjs');
    expect(mended.code).toBe(0);
    expect(mended.stdout).toContain('nothing to minimize');
  });

  it('should be minimized in one process after the other where another load of the module is not new', async () => {
    writeFileSync(
      join(cwd, 'global.mjs'),
      'export const softmax = (x) => x.map(() => (globalThis.calls = (globalThis.calls ?? 0) + 1) > 2 ? 0 : 1); export const target = { options: {} };',
    );
    const found = JSON.parse(readFileSync(join(cwd, file), 'utf8'));
    const call = { operation: 'softmax', input: found.input };
    const zeroed = { ...found, bucket: 'softmax/zeroed/ordinary', kind: 'zeroed', weight: 1 };
    writeFileSync(join(cwd, 'global.json'), JSON.stringify({ ...zeroed, before: [call, call] }));
    const { code, stdout } = await run('minimize', 'global.json', '--target', './global.mjs');
    expect([code, stdout]).toEqual([1, expect.stringContaining('\nsoftmax([0]) ×2; softmax([0])\n')]);
  });

  it('should be found at once where the finding is saved, and not where it is mended', async () => {
    mkdirSync(join(cwd, 'reports/regressions'));
    cpSync(join(cwd, file), join(cwd, 'reports/regressions', 'stale.json'));
    for (const [kernel, code] of [
      ['stale', 1],
      ['mended', 0],
    ] as const)
      expect((await run('fuzz', `./${kernel}.mjs`, '--runs', '1', '--in-process')).code).toBe(code);
  });

  it('should be refused where a call before is of no operation of the target, or of no batch', async () => {
    const large = JSON.parse(readFileSync(join(cwd, file), 'utf8'));
    const [call] = large.before;
    writeFileSync(
      join(cwd, 'a.json'),
      JSON.stringify({ ...large, before: [{ ...call, operation: 'logSoftmax' }] }),
    );
    const lacking = await run('replay', 'a.json', '--target', './mended.mjs');
    expect([lacking.code, lacking.stderr]).toEqual([
      2,
      expect.stringContaining('mended has no logSoftmax, which this finding calls first'),
    ]);
    const input = { ...call.input, cols: 2 };
    writeFileSync(join(cwd, 'b.json'), JSON.stringify({ ...large, before: [{ ...call, input }] }));
    const broken = await run('replay', 'b.json', '--target', './mended.mjs');
    expect([broken.code, broken.stderr]).toEqual([2, expect.stringContaining('b.json, at before[0]')]);
  });
});
