import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { createOracle } from '../oracle/exact.ts';
import { audit } from './audit.ts';
import { surmise } from './judge.ts';
import { defaultProfile } from './profile.ts';

const oracle = () => createOracle(batchOf([[0, 1, 2]]));
const off = Float32Array.of(0.09, 0.24, 0.67);

describe('audit', () => {
  it('should say what surmise says', () => {
    const right = oracle().answer('softmax').rounded;
    expect(audit(oracle(), 'softmax', right, defaultProfile)).toEqual([]);
    expect(audit(oracle(), 'softmax', off, defaultProfile)).toEqual(
      surmise(oracle(), 'softmax', off, defaultProfile),
    );
  });

  it('should call it a bug when the filter acquits what decimal.js does not', () => {
    const blind = oracle();
    const elsewhere = createOracle(batchOf([[Math.log(0.09), Math.log(0.24), Math.log(0.67)]])).approximate;
    const deceived = { ...blind, approximate: elsewhere, rows: blind.rows };
    expect(() => audit(deceived, 'softmax', off, defaultProfile)).toThrow(
      /the float64 filter finds nothing, surmises nothing, where decimal\.js finds softmax\/inaccurate\/ordinary at \d: softmax of 1 x 3/,
    );
  });
});
