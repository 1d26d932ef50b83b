import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { builtinTarget } from '../targets/builtin.ts';
import { fuzz } from './fuzz.ts';
import { monotonicMs } from './monotonic.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** The system's clock is set ahead, or back, by a day whenever it is read. */
function clockJumps(ms: number): void {
  let now = Date.parse('2026-06-01');
  vi.spyOn(Date, 'now').mockImplementation(() => {
    now += ms;
    return now;
  });
}

const DAY = 86_400_000;
const options = { seed: 1, operations: ['softmax'] as const, generation: { rows: 1, cols: 2 } };

describe('a campaign', () => {
  it.each([DAY, -DAY])('should take the time that it has, though the clock jumps by %s ms', async (ms) => {
    const targets = [builtinTarget('stable')];
    const plain = await fuzz(targets, { ...options, runs: 40, maxTimeMs: 60_000 });
    clockJumps(ms);
    const { targets: results, elapsedMs } = await fuzz(targets, { ...options, runs: 40, maxTimeMs: 60_000 });
    expect(results).toEqual(plain.targets);
    expect(elapsedMs).toBeLessThan(60_000);
    const start = performance.now();
    const short = await fuzz(targets, { ...options, maxTimeMs: 300 });
    expect(short.targets[0].cases).toBeGreaterThan(0);
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});

describe('monotonicMs', () => {
  it('should be of all processes', () => {
    const before = monotonicMs();
    const script = 'const [s, n] = process.hrtime(); console.log(s * 1e3 + n / 1e6)';
    const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect(Number(stdout)).toBeGreaterThan(before);
    expect(Number(stdout)).toBeLessThan(monotonicMs());
  });
});
