import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import type { Call } from '../core/call.ts';
import type { Target } from '../core/target.ts';
import { createTarget } from './create.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'softmax-fuzz-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const callOf = (...logits: number[]): Call => ({ operation: 'softmax', batch: batchOf([logits]) });

/** A softmax of one number that answers how often it has been called; it crashes where that is not in this process. */
const counting = (crash: string) => `
let calls = 0;
export function softmax(logits) {
  if (logits[0] === -1) ${crash};
  return logits.map(() => ++calls);
}
export const target = { options: { softmax: ['scale'] } };`; // Declared, it is not probed.

describe('startOver', () => {
  it.each([
    ['in this process', true],
    ['in its own', false],
  ])('should make a module new that is loaded %s, and call it', async (_where, inProcess) => {
    const specifier = join(folder, `${inProcess}.mjs`);
    writeFileSync(specifier, counting('process.exit(3)'));
    const { observe } = await import(resolve('dist/targets/observe.js'));
    const { startOver } = await import(resolve('dist/targets/start-over.js'));
    const { resolveTarget } = await import(resolve('dist/targets/resolve.js'));
    const target: Target = await resolveTarget(specifier, { inProcess });
    const ask = async () => {
      const observed = await observe(target, 'softmax', batchOf([[0]]));
      return observed.status === 'answered' ? observed.output[0] : observed.status;
    };
    expect([await ask(), await ask()]).toEqual([1, 2]);
    expect(target.history?.calls()).toHaveLength(2);
    await startOver(target, []);
    expect(target.history?.calls()).toEqual([]);
    expect(await ask()).toBe(1);
    const calls = [callOf(5), callOf(6), callOf(7)];
    await startOver(target, calls);
    expect(target.history?.calls()).toEqual(calls);
    expect(await ask()).toBe(4);
    await startOver(target, calls, true);
    expect([target.history?.calls(), await ask()]).toEqual([calls, 4]);
    if (inProcess) return;
    await startOver(target, [callOf(0), callOf(-1), callOf(1)]); // What comes after a crash is asked of another process.
    expect(target.history?.calls()).toEqual([callOf(1)]);
    expect(await ask()).toBe(2);
  });

  it('should call what cannot be made new', async () => {
    const { startOver } = await import(resolve('dist/targets/start-over.js'));
    let calls = 0;
    const target = createTarget('counting', { softmax: (logits) => logits.map(() => ++calls) });
    await startOver(target, [callOf(0), callOf(1)]);
    expect(calls).toBe(2);
  });
});
