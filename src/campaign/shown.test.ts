import { describe, expect, it } from 'vitest';
import { recordedOf } from '../../properties/support/findings.ts';
import { batchOf } from '../core/batch.ts';
import { operations } from '../core/operation.ts';
import { builtinTarget } from '../targets/builtin.ts';
import { withShown } from './shown.ts';

const naive = { target: builtinTarget('naive'), operations };
const overflow = recordedOf({ bucket: 'softmax/nan/exp-overflow', batch: batchOf([[89]]) }).finding;

describe('withShown', () => {
  it('should tell the buckets that the input falls into by every operation', async () => {
    const { shows } = await withShown(naive, overflow, undefined);
    expect(shows).toEqual([
      'crossEntropy/nan/exp-overflow',
      'crossEntropyGrad/nan/exp-overflow',
      'logSoftmax/nan/exp-overflow',
      'logSoftmaxGrad/nan/exp-overflow',
      'logSumExp/infinite/exp-overflow',
      'softmax/nan/exp-overflow',
      'softmaxGrad/nan/exp-overflow',
    ]);
  });

  it('should ask nothing of what ended its process, broke a law or was not shrunk', async () => {
    const { shrink } = overflow;
    const findings = [
      { ...overflow, kind: 'crashed' as const },
      { ...overflow, property: 'view' as const },
      { ...overflow, shrink: { ...shrink, cut: true } },
    ];
    for (const finding of findings) expect(await withShown(naive, finding, undefined)).toBe(finding);
    expect(await withShown(naive, overflow, AbortSignal.abort())).toBe(overflow);
  });
});
