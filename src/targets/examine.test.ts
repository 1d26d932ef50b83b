import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { bucketOf } from '../core/violation.ts';
import { createOracle } from '../oracle/exact.ts';
import { createTarget } from './create.ts';
import { examine } from './examine.ts';

const oracle = createOracle(batchOf([[0, 0]]));

describe('examine', () => {
  it('should judge an answer by the profile of the target', async () => {
    const softmax = () => Float32Array.of(0.5, Number.NaN);
    const { output, violations } = await examine(createTarget('test', { softmax }), 'softmax', oracle);
    expect(output).toEqual(Float32Array.of(0.5, Number.NaN));
    expect(violations).toMatchObject([
      { kind: 'nan', severity: 'error', trigger: 'ordinary', index: 1, row: 0 },
    ]);
  });

  it('should make a violation of no answer, in a bucket without a trigger', async () => {
    const softmax = () => Promise.reject(new Error('no device'));
    const { output, violations } = await examine(createTarget('test', { softmax }), 'softmax', oracle);
    expect(output).toBeNull();
    expect(violations.map(bucketOf)).toEqual(['softmax/threw']);
    expect(violations).toMatchObject([{ severity: 'error', index: null, detail: 'Error: no device' }]);
  });
});
