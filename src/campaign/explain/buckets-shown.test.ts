import { describe, expect, it } from 'vitest';
import { findingOf, recordedOf } from '../../../properties/support/findings.ts';
import { batchOf } from '../../core/batch.ts';
import { operations } from '../../core/operation.ts';
import { stable } from '../../kernels/stable.ts';
import { builtinTarget } from '../../targets/builtin.ts';
import { createTarget } from '../../targets/create.ts';
import { withShown } from './buckets-shown.ts';

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

  it('should tell what NaN in a row shows, where that spoils other rows', async () => {
    const softmax: typeof stable.softmax = (logits, rows, cols) => {
      const answer = stable.softmax(logits, rows, cols);
      return logits.some(Number.isNaN) ? answer.fill(Number.NaN) : answer;
    };
    const target = createTarget('mine', { softmax });
    const law = findingOf({
      property: 'nan-isolation',
      bucket: 'softmax/invariance/nan-isolation',
      batch: batchOf([[0], [0]]),
    });
    const { shows } = await withShown({ target, operations: ['softmax'] }, law, undefined);
    expect(shows).toEqual(['softmax/invariance/nan-isolation', 'softmax/nan/ordinary']);
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
