import { describe, expect, it } from 'vitest';
import { createBatch } from '../../core/batch.ts';
import { createOracle } from '../../oracle/exact.ts';
import { builtinTarget } from '../../targets/builtin.ts';
import { expectedKept } from './expected.ts';

const stable = builtinTarget('stable');

/** A row of equal logits with equal upstream values, whose gradient is 0, which double precision leaves open. */
function oracleOf(cols: number) {
  const upstream = new Float32Array(cols).fill(1);
  return createOracle(createBatch(1, cols, new Float32Array(cols), [0], upstream));
}

describe('expectedKept', () => {
  it('should be the whole answer of a row that is not long', () => {
    expect(expectedKept(oracleOf(8), 'softmaxGrad', stable, 3)).toEqual(new Float32Array(8));
  });

  it('should be one number of a long row, where each may be a sum over the row', () => {
    expect(expectedKept(oracleOf(5000), 'softmaxGrad', stable, 4000)).toEqual({
      length: 5000,
      index: 4000,
      value: 0,
    });
    expect(expectedKept(oracleOf(5000), 'softmax', stable, 4000)).toEqual(
      new Float32Array(5000).fill(1 / 5000),
    );
  });
});
