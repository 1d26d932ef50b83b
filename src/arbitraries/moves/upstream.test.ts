import { describe, expect, it } from 'vitest';
import { batchOf } from '../../core/batch.ts';
import { compareSimplicity } from '../simplicity.ts';
import { sortCells, swapRows } from './arrange.ts';
import { withoutColumns, withoutRows } from './edit.ts';
import { onUpstream, plainUpstream } from './upstream.ts';
import { roundAll, simplifyValues } from './values.ts';
import { keepOneValue } from './zeros.ts';

const batch = batchOf(
  [
    [3, 1],
    [0, 2],
  ],
  [0, 1],
  [0.3, 7, -2, 5],
);
const upstreams = (move: typeof plainUpstream, start = batch) =>
  [...move(start)].map((candidate) => {
    expect(compareSimplicity(candidate, start)).toBeLessThan(0);
    expect({ ...candidate, upstream: null }).toEqual({ ...start, upstream: null });
    return [...(candidate.upstream ?? [])];
  });

describe('plainUpstream', () => {
  it('should try zeros, one class and all', () => {
    expect(upstreams(plainUpstream)).toEqual([
      [0, 0, 0, 0],
      [0, 1, 0, 1],
      [1, 0, 1, 0],
      [1, 1, 1, 1],
    ]);
  });
});

describe('onUpstream', () => {
  it('should do to the upstream values what the move does to logits', () => {
    expect(upstreams(onUpstream(keepOneValue))).toEqual([
      [0, 0, 0, 0],
      [0, 7, 0, 0],
      [0, 0, -2, 0],
    ]);
    expect(upstreams(onUpstream(roundAll))).toContainEqual([1, 7, -2, 5]);
  });

  it('should go on from what fails, and return it', () => {
    const search = onUpstream(keepOneValue)(batch);
    let next = search.next();
    while (!next.done) next = search.next(next.value.upstream?.includes(7));
    expect(next.value).toEqual({ ...batch, upstream: Float32Array.of(0, 7, 0, 0) });
  });

  it('should offer finite values only', () => {
    const largest = { ...batch, upstream: Float32Array.of(0, 3.4e38, -3.4028234663852886e38, 0) };
    const offered = upstreams(onUpstream(simplifyValues('early')), largest).flat();
    expect(offered.length).toBeGreaterThan(0);
    expect(offered.filter((value) => !Number.isFinite(value))).toEqual([]);
  });

  it('should do nothing where there are none', () => {
    const bare = { ...batch, upstream: null };
    for (const move of [plainUpstream, onUpstream(keepOneValue)]) expect([...move(bare)]).toEqual([]);
  });
});

describe('an upstream value', () => {
  it('should follow its logit', () => {
    expect(withoutRows(batch, 0, 1).upstream).toEqual(Float32Array.of(-2, 5));
    expect(withoutColumns(batch, 0, 1).upstream).toEqual(Float32Array.of(7, 5));
    expect([...sortCells(batch)][0].upstream).toEqual(Float32Array.of(7, Math.fround(0.3), -2, 5));
    expect([...swapRows(batch)][0].upstream).toEqual(Float32Array.of(-2, 5, Math.fround(0.3), 7));
  });
});
