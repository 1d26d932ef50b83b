import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { createOracle } from '../oracle/exact.ts';
import { defaultProfile } from '../row/profiles.ts';
import { audit } from './audit.ts';
import { estimate } from './judge.ts';

const oracle = () => createOracle(batchOf([[0, 1, 2]]));
const off = Float32Array.of(0.09, 0.24, 0.67);

describe('audit', () => {
  it('should say what estimate says', () => {
    const right = oracle().answer('softmax').rounded;
    expect(audit(oracle(), 'softmax', right, defaultProfile)).toEqual([]);
    expect(audit(oracle(), 'softmax', off, defaultProfile)).toEqual(
      estimate(oracle(), 'softmax', off, defaultProfile),
    );
  });

  it('should call it a bug when the filter acquits what decimal.js does not', () => {
    const blind = oracle();
    const elsewhere = createOracle(batchOf([[Math.log(0.09), Math.log(0.24), Math.log(0.67)]])).approximate;
    const deceived = { ...blind, approximate: elsewhere, rows: blind.rows };
    expect(() => audit(deceived, 'softmax', off, defaultProfile)).toThrow(
      /the float64 filter finds nothing, estimates nothing, where decimal\.js finds softmax\/inaccurate\/ordinary at \d: softmax of 1 x 3/,
    );
  });

  it('should call it a bug when the estimate is another one, and say all that shows it', () => {
    const batch = batchOf(
      [
        [0, 0],
        [0, 0],
      ],
      [1, 0],
    );
    const right = createOracle(batch);
    const low = { ...right.approximate[0], probabilities: Float64Array.of(0.5 - 2 ** -20, 0.5) };
    const deceived = { ...right, rows: right.rows, approximate: [low, low] };
    const said = (...output: number[]) => {
      try {
        audit(deceived, 'softmax', Float32Array.from(output), defaultProfile);
      } catch (error) {
        return error instanceof Error ? error.message : error;
      }
      return null;
    };
    expect(said(0.5, 0.5, 0.5, Number.NaN)).toBe(
      'the float64 filter finds softmax/nan/ordinary at 3, ' +
        'estimates softmax/inaccurate/ordinary, softmax/nan/ordinary, ' +
        'where decimal.js finds softmax/nan/ordinary at 3: ' +
        'softmax of 2 x 2, profile default, logits 00000000 00000000 00000000 00000000, ' +
        'targets 1 0, answer 3f000000 3f000000 3f000000 7fc00000',
    );
    expect(said(0.5, 0.5, 0.5, 0.5)).toMatch(
      /finds nothing, estimates softmax\/inaccurate\/ordinary, where decimal\.js finds nothing:/,
    );
    // Both at once: the filter and the estimate are right, or not, about different numbers.
    expect(said(0.5 - 2 ** -20, 0.5, Number.NaN, 0)).toMatch(
      /finds softmax\/nan\/ordinary at 2, softmax\/zeroed\/ordinary at 3, estimates .*, where decimal\.js finds softmax\/inaccurate/,
    );
  });
});
