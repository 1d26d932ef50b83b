import { describe, expect, it } from 'vitest';
import { findingOf } from '../../properties/support/findings.ts';
import { type Batch, batchOf } from '../core/batch.ts';
import { answerOf, type CompleteKernel } from '../core/kernel.ts';
import { bucketOf } from '../core/violation.ts';
import { estimate } from '../judge/judge.ts';
import { stable } from '../kernels/stable.ts';
import { createOracle } from '../oracle/exact.ts';
import { profileOf } from '../row/profile.ts';
import { type Asked, supportedCauses } from './evidence.ts';
import { faultyKernels } from './known.ts';

const WORDS = 'subtracts the minimum for the maximum';
const kernel = faultyKernels.find(({ words }) => words === WORDS)?.kernel ?? expect.fail(WORDS);

/** What a softmax of this kernel shows of a batch. */
function findingWith(batch: Batch) {
  const output = answerOf(kernel, 'softmax', batch);
  const [violation] = estimate(createOracle(batch), 'softmax', output, profileOf({ profile: 'default' }));
  return findingOf({ batch, output, kind: violation.kind, bucket: bucketOf(violation), boundary: null });
}

/** A target that answers as a kernel does, and what it was asked. */
function targetOf(of: CompleteKernel, isTaken = true): Asked & { readonly asked: readonly Batch[] } {
  const asked: Batch[] = [];
  return {
    asked,
    given: (_, batch) => (isTaken ? batch : null),
    answer: async (operation, batch) => {
      asked.push(batch);
      return answerOf(of, operation, batch);
    },
  };
}

const finding = findingWith(batchOf([[0, 89]]));
const wordsOf = (causes: Awaited<ReturnType<typeof supportedCauses>>) => causes?.map(({ words }) => words);

describe('supportedCauses', () => {
  it('should keep a cause where the target answers the same wherever that is wrong', async () => {
    const target = targetOf(kernel);
    const causes = await supportedCauses(finding, target);
    expect(wordsOf(causes)).toContain(WORDS);
    expect(target.asked.length).toBeGreaterThan(2);
  });

  it('should drop all whose wrong answers the target does not give', async () => {
    expect(await supportedCauses(finding, targetOf(stable))).toEqual([]);
  });

  it('should keep with no confirmation what cannot be asked', async () => {
    const causes = await supportedCauses(finding, targetOf(stable, false));
    expect(causes).toContainEqual({ words: WORDS, confirmed: 0 });
  });

  it('should know no cause where a right kernel answers rows of nothing by zeros', async () => {
    const batch = { ...batchOf([[0]]), options: { mask: Uint8Array.of(0) } };
    const bucket = 'softmax/special-value/all-masked/warning';
    const zeros = findingOf({
      batch,
      output: Float32Array.of(0),
      severity: 'warning',
      kind: 'special-value',
      bucket,
      boundary: null,
    });
    expect(await supportedCauses(zeros, targetOf(stable, false))).toEqual([]);
  });

  it('should refute an inverted mask by a product with upstream values', async () => {
    const words = 'hides what takes part, and shows what is hidden';
    const batch = {
      ...batchOf([[0, Number.NaN]], [0], [0, 0]),
      options: { mask: Uint8Array.of(1, 0) },
    };
    const finding = findingOf({
      batch,
      operation: 'softmaxGrad',
      output: Float32Array.of(0, Number.NaN),
      kind: 'nan',
      bucket: 'softmaxGrad/nan/masked',
      boundary: null,
    });
    expect(wordsOf(await supportedCauses(finding, targetOf(stable, false)))).toContain(words);
    expect(wordsOf(await supportedCauses(finding, targetOf(stable)))).not.toContain(words);
  });

  it('should say nothing of what hypotheses do not speak of', async () => {
    const target = targetOf(kernel);
    expect(await supportedCauses({ ...finding, output: null }, target)).toBeUndefined();
    expect(target.asked).toEqual([]);
  });
});
