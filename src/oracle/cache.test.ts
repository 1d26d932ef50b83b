import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { createCache } from './cache.ts';
import { createOracle } from './exact.ts';

describe('createCache', () => {
  it('should make the oldest forget once there is too much, but never the newest', () => {
    const forgotten: string[] = [];
    const put = createCache(10);
    const item = (name: string) => ({ forget: () => void forgotten.push(name) });
    put(item('a'), 4);
    put(item('b'), 6);
    expect(forgotten).toEqual([]);
    put(item('c'), 1);
    expect(forgotten).toEqual(['a']);
    put(item('d'), 1000);
    expect(forgotten).toEqual(['a', 'b', 'c']);
  });

  it('should not change answers', () => {
    const row = new Array<number>(150_000).fill(-1);
    const oracle = createOracle(batchOf([row.with(0, 0), row, row.with(1, 0)]));
    const first = oracle.entry('softmax', 0);
    oracle.entry('softmax', 150_000);
    expect(oracle.entry('softmax', 300_001)).toEqual(first);
    expect(oracle.entry('softmax', 0)).toEqual(first);
  });
});
