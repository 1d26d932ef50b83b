import { expect, it } from 'vitest';
import { batchOf } from '../../core/batch.ts';
import { estimate, judge } from '../../judge/judge.ts';
import { createTarget } from '../../targets/create.ts';
import type { Discovered } from './discovered.ts';
import { createInquiry } from './inquiry.ts';

it('an inquiry should count what decimal.js evaluates of large batches as a hundred logits each', async () => {
  const target = createTarget('zeros', { softmax: (logits) => new Float32Array(logits.length) });
  const ofZeros = { signature: { operation: 'softmax' }, weight: 1 } as unknown as Discovered;
  const spentOn = async (cols: number, verdict = estimate) => {
    const { violations, spent } = createInquiry(target, ofZeros, { generation: {} });
    expect(await violations(batchOf([new Array(cols).fill(0)]), { verdict })).not.toEqual([]);
    return spent().logits;
  };
  expect(await spentOn(65)).toBe(65);
  expect(await spentOn(65, judge)).toBe(65 + 6500);
  expect(await spentOn(64, judge)).toBe(64);
});
