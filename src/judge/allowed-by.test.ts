import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { createOracle } from '../oracle/exact.ts';
import { profileNamed } from '../row/profiles.ts';
import { allowedBy } from './allowed-by.ts';

describe('allowedBy', () => {
  it('should name the profiles whose budget holds the error', () => {
    const oracle = createOracle(batchOf([new Array(1000).fill(0)]));
    const exact = Math.fround(0.001);
    const off = (u: number) =>
      allowedBy(oracle, 'softmax', 0, exact * (1 + u * 2 ** -24), profileNamed('default'));
    expect(off(0)).toContain('strict');
    expect(off(500)).toEqual(['sequential', 'online', 'lse', 'wgsl']);
    expect(off(1e6)).toEqual([]);
  });

  it("should name the target's own profile where flushing is all that is wrong", () => {
    const oracle = createOracle(batchOf([[0, -90]]));
    expect(allowedBy(oracle, 'softmax', 1, 0, profileNamed('default'))).toContain('default+ftz');
    const flushing = allowedBy(oracle, 'softmax', 1, 0, profileNamed('strict+ftz'));
    expect(flushing.filter((name) => name.endsWith('+ftz'))).toEqual([]);
  });
});
