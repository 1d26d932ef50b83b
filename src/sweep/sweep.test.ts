import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../properties/support/command.ts';
import { here, sweepHere } from '../../properties/support/sweeps.ts';
import { builtinTarget } from '../targets/builtin.ts';
import { createTarget } from '../targets/create.ts';
import { createPlan } from './plan.ts';
import { openState } from './state.ts';
import { sweep } from './sweep.ts';

const temporaryFolder = temporaryFolders();
const target = builtinTarget('naive');
const plan = createPlan('logSoftmax', 'sequential', { stride: 1_000_003 });
const never = new AbortController().signal;

describe('sweep', () => {
  it('should show the same when it was interrupted and resumed', async () => {
    const folder = temporaryFolder();
    const interrupted = new AbortController();
    let blocks = 0;
    const abort = ({ done }: { readonly done: number }): void => {
      blocks = done;
      if (done === 60) interrupted.abort();
    };
    const first = openState(folder, [], target, plan, false);
    expect(await sweep(target, plan, first, here(target, plan), interrupted.signal, abort)).toBeNull();
    expect([blocks, readdirSync(join(folder, 'blocks')).length]).toEqual([60, 60]);

    const second = openState(folder, [], target, plan, true);
    expect(second.finished).toHaveLength(60);
    const progress: number[] = [];
    const result = await sweep(target, plan, second, here(target, plan), never, ({ done }) =>
      progress.push(done),
    );
    expect(progress).toEqual(Array.from({ length: 195 }, (_, i) => 61 + i));
    expect(result).toEqual(await sweepHere(target, plan));
  });

  it('should refuse an operation that the target does not have', async () => {
    const mine = createTarget('mine', { softmax: (logits) => logits });
    await expect(sweepHere(mine, plan)).rejects.toMatchObject({
      message: 'mine has no logSoftmax',
      hint: 'It offers softmax.',
    });
  });

  it.each([
    ['throws', () => expect.fail('out of memory'), 'AssertionError: out of memory'],
    ['rejects', () => Promise.reject(new RangeError('no')), 'RangeError: no'],
    [
      'answers too little',
      () => new Float32Array(3),
      'returned Float32Array(3): expected Float32Array(8192)',
    ],
  ])('should say so when a kernel %s', async (_, softmax, detail) => {
    await expect(
      sweepHere(createTarget('mine', { softmax }), createPlan('softmax', 'default')),
    ).rejects.toMatchObject({
      name: 'UserError',
      message: `mine gave no answer to softmax of 4096 rows of two logits: ${detail}`,
    });
  });
});

it('should refuse an operation that has fixed an option', async () => {
  const { kernel } = builtinTarget('stable');
  const scaled = createTarget('mine', kernel, { options: { softmax: { scale: 0.125 } } });
  await expect(sweepHere(scaled, createPlan('softmax', 'default'))).rejects.toMatchObject({
    name: 'UserError',
    message: 'mine has fixed scale in its softmax',
  });
});

describe('openState', () => {
  it('should begin anew without resume, and with it where there is nothing', async () => {
    const folder = temporaryFolder();
    await sweep(target, plan, openState(folder, [], target, plan, true), here(target, plan), never);
    expect(openState(folder, [], target, plan, true).finished).toHaveLength(255);
    expect(openState(folder, [], target, plan, false).finished).toEqual([]);
    expect(readdirSync(join(folder, 'blocks'))).toEqual([]);
  });

  it('should not go on with another sweep, or with another version of the kernel', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'mine.mjs');
    const mine = createTarget('mine', {}, {}, `${path}#softmax`);
    writeFileSync(path, 'export const softmax = (x) => x;');
    openState(folder, [], mine, plan, false);
    expect(readFileSync(join(folder, 'sweep.json'), 'utf8')).toMatch('"operation": "logSoftmax"');
    expect(openState(folder, [], mine, plan, true).finished).toEqual([]);
    const refusal = expect.objectContaining({ message: `${folder}/sweep.json is of another sweep` });
    expect(() => openState(folder, [], mine, { ...plan, stride: 7 }, true)).toThrow(refusal);
    writeFileSync(path, 'export const softmax = (x) => x.slice();');
    expect(() => openState(folder, [], mine, plan, true)).toThrow(refusal);
  });

  it('should say which file of a block is damaged', () => {
    const folder = temporaryFolder();
    openState(folder, [], target, plan, false);
    const path = join(folder, 'blocks', '000.json');
    writeFileSync(path, '{"index":0');
    expect(() => openState(folder, [], target, plan, true)).toThrow(
      expect.objectContaining({ name: 'UserError' }),
    );
  });
});
