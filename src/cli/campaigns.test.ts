import { describe, expect, it } from 'vitest';
import { campaignsOf } from './campaigns.ts';
import type { Budget, Configured } from './configure.ts';

/** Targets of a configuration, by what they may take. */
function configured(budgets: Readonly<Record<string, Budget>>): ReadonlyMap<string, Configured> {
  return new Map(
    Object.entries(budgets).map(([name, budget]) => [name, { specifier: './a.mjs', reach: {}, budget }]),
  );
}

const options = {
  reports: 'reports',
  maxLogits: 2 ** 24,
  runs: 9,
  configured: configured({ one: { runs: 1 }, two: { runs: 2 }, three: { runs: 2 } }),
};

describe('campaignsOf', () => {
  it('should be one of what is named where there is no configuration', () => {
    const { configured: _, ...flags } = options;
    expect(campaignsOf([], flags)).toEqual([{ names: [], options: flags, folder: 'latest' }]);
    expect(campaignsOf(['./a.mjs', './a.mjs'], flags)).toMatchObject([
      { names: ['./a.mjs'], options: { runs: 9 }, folder: 'latest' },
    ]);
  });

  it('should be one of each budget, of all targets of the configuration', () => {
    expect(campaignsOf([], options)).toMatchObject([
      { names: ['one'], options: { runs: 1 }, folder: 'latest-one' },
      { names: ['two', 'three'], options: { runs: 2 }, folder: 'latest-two' },
    ]);
  });

  it('should be in the usual folder where it is the only one', () => {
    expect(campaignsOf(['three', 'two'], options)).toMatchObject([
      { names: ['three', 'two'], options: { runs: 2 }, folder: 'latest' },
    ]);
    expect(campaignsOf([], { ...options, configured: configured({}) })).toMatchObject([
      { names: [], options: { runs: 9 }, folder: 'latest' },
    ]);
  });

  it('should give others than the configuration has what the command line says', () => {
    expect(campaignsOf(['./b.mjs', 'one'], options)).toMatchObject([
      { names: ['./b.mjs'], options: { runs: 9 }, folder: 'latest-b-mjs' },
      { names: ['one'], options: { runs: 1 }, folder: 'latest-one' },
    ]);
  });

  it('should refuse to write one file of several, or to be the same shard', () => {
    expect(() => campaignsOf([], { ...options, json: '-' })).toThrow(
      '--json is of one campaign, and the targets have 2, by their budgets',
    );
    expect(() => campaignsOf([], { ...options, shard: { index: 1, count: 2 } })).toThrow('--shard is of one');
    expect(campaignsOf(['two'], { ...options, json: '-' })).toHaveLength(1);
  });
});
