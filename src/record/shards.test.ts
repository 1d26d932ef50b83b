import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../properties/support/command.ts';
import { type Shard, whole } from '../campaign/explore/shard.ts';
import { type FuzzOptions, fuzz } from '../campaign/fuzz.ts';
import { builtinTarget } from '../targets/builtin.ts';
import { withChecksum } from './checksum.ts';
import { startJournal } from './journal.ts';
import { mergeShards } from './shards.ts';
import { planOf } from './state-file.ts';
import { listJson } from './store.ts';

const makeFolder = temporaryFolders();
const targets = [builtinTarget('naive'), builtinTarget('stable')];
const options: FuzzOptions = {
  seed: 3,
  runs: 2500,
  operations: ['softmax', 'logSumExp'],
  generation: { maxRows: 2, maxCols: 6 },
};

/** Runs one shard in a folder of its own, which it gives with what `fuzz` said. */
async function run(shard: Shard, changes: Partial<FuzzOptions> = {}, judged = targets) {
  const folder = makeFolder();
  const campaign = { ...options, ...changes };
  const journal = startJournal(folder, planOf(judged, campaign), shard);
  return { folder, result: await fuzz(judged, campaign, { shard, journal }) };
}

const shards = await Promise.all([1, 2, 3].map((index) => run({ index, count: 3 })));
const folders = shards.map(({ folder }) => folder);
const all = await run(whole);

describe('mergeShards', () => {
  it('should be the run of one process, in any order', async () => {
    const { result, folder } = all;
    expect(result.targets[0].findings.length).toBeGreaterThan(5);
    for (const order of [folders, folders.toReversed()]) {
      const out = makeFolder();
      expect({ ...mergeShards(order, out), elapsedMs: 0 }).toEqual({ ...result, elapsedMs: 0 });
      const masked = (path: string) =>
        readFileSync(join(path, 'state.json'), 'utf8').replace(/"elapsedMs":\d+|"sha256":"\w+"/g, '');
      expect(masked(out)).toBe(masked(folder));
    }
  });

  it('should have failures without an option that others need, with their weights', async () => {
    const campaign = { seed: 6, runs: 300 };
    const { result } = await run(whole, campaign);
    const parts = await Promise.all([1, 2].map((index) => run({ index, count: 2 }, campaign)));
    const merged = mergeShards(
      parts.map(({ folder }) => folder),
      makeFolder(),
    );
    expect({ ...merged, elapsedMs: 0 }).toEqual({ ...result, elapsedMs: 0 });
    const weights = merged.targets.flatMap(({ findings }) => findings.map((each) => each.weights.size));
    expect(weights).not.toContain(0);
  });

  it('should add up the time, and give a run that is whole', () => {
    const out = makeFolder();
    const merged = mergeShards(folders, out);
    const sum = shards.reduce((total, { result }) => total + result.elapsedMs, 0);
    expect(Math.abs(merged.elapsedMs - sum)).toBeLessThan(10);
    expect(mergeShards([out], makeFolder())).toEqual(merged);
  });

  it('should refuse shards that are missing or there twice', () => {
    const [a, b, c] = folders;
    expect(() => mergeShards([a, c], makeFolder())).toThrow('shard 2 of 3 is missing');
    expect(() => mergeShards([a, b, c, b], makeFolder())).toThrow(
      `shard 2 of 3 is there 2 times: ${b}, ${b}`,
    );
  });

  it('should refuse shards of different campaigns', async () => {
    const other = await run({ index: 3, count: 3 }, { seed: 4 });
    const [a, b] = folders;
    expect(() => mergeShards([a, b, other.folder], makeFolder())).toThrow(
      `${other.folder} is of another campaign than ${a}: its seed is 4, not 3`,
    );
    expect(() => mergeShards([a, all.folder], makeFolder())).toThrow('its count is 1, not 3');
  });

  it('should refuse what is no finished run', () => {
    const empty = makeFolder();
    expect(() => mergeShards([empty], makeFolder())).toThrow(`there is no run in ${empty}`);

    const [a, b, c] = folders.map(copied);
    const path = join(c, 'state.json');
    const { sha256: _, ...state } = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, withChecksum({ ...state, finished: false }));
    expect(() => mergeShards([a, b, c], makeFolder())).toThrow(`the run in ${c} is not finished`);
  });

  it('should refuse a shard that has changed, and say which file', () => {
    const [a, b, c] = folders.map(copied);
    const [shrunk] = listJson(join(b, 'shrunk'));
    const right = readFileSync(shrunk, 'utf8');
    writeFileSync(shrunk, right.replace(/"occurrences": (\d+)/, '"occurrences": 1$1'));
    expect(() => mergeShards([a, b, c], makeFolder())).toThrow(`${shrunk} was changed or damaged`);
    writeFileSync(shrunk, right);
    const path = join(c, 'state.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"elements":(\d+)/, '"elements":1$1'));
    expect(() => mergeShards([a, b, c], makeFolder())).toThrow(`${path} was changed or damaged`);
  });

  it('should merge shards that found nothing, and whose empty folder is lost', async () => {
    const parts = await Promise.all(
      [1, 2].map((index) =>
        run({ index, count: 2 }, { seed: 1, runs: 1, operations: ['softmax'] }, [builtinTarget('stable')]),
      ),
    );
    for (const { folder, result } of parts) {
      expect(result.targets[0].findings).toEqual([]);
      rmSync(join(folder, 'shrunk'), { recursive: true });
    }
    const merged = mergeShards(
      parts.map(({ folder }) => folder),
      makeFolder(),
    );
    expect(merged.targets[0].findings).toEqual([]);
  });

  it('should refuse shards without what they shrank', () => {
    const copies = folders.map(copied);
    for (const folder of copies) rmSync(join(folder, 'shrunk/0-softmax-nan-exp-overflow.json'));
    expect(() => mergeShards(copies, makeFolder())).toThrow('lacks what softmax/nan/exp-overflow shrank to');
  });
});

function copied(folder: string): string {
  const copy = makeFolder();
  cpSync(folder, copy, { recursive: true });
  return copy;
}
