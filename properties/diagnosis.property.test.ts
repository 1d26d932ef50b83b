/** The laws of diagnosis: a known fault is told by its name, and one that is not known by none. */
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../src/campaign/faults.ts';
import { fuzz } from '../src/campaign/fuzz.ts';
import { type Operation, operations } from '../src/core/operation.ts';
import { zoo } from '../src/kernels/zoo/index.ts';
import { builtinTarget } from '../src/targets/builtin.ts';
import { createTarget } from '../src/targets/create.ts';
import { byEffort } from './support/effort.ts';

async function causesOf(id: string): Promise<(string | null)[]> {
  const entry = zoo.find((each) => each.id === id) ?? expect.fail(id);
  const target = createTarget(id, entry.kernel, entry.declaration);
  const { targets } = await fuzz([target], { seed: 1, runs: 150 });
  expect(targets[0].findings.length).toBeGreaterThan(0);
  return faultsOf(targets[0].findings, (finding) => finding).map(({ cause }) => cause?.words ?? null);
}

describe('diagnosis', () => {
  const named = [
    ['Z01', 'subtracts no maximum'],
    ['Z02', 'takes 0 for the maximum where all logits are below it'],
    ['Z09', 'subtracts the maximum of the whole batch'],
    ['Z23', 'adds up in FP16'],
    ['Y11', 'takes -10000 for the maximum where all logits are below it'],
    ['Z03', 'takes 1.1754943508222875e-38 for the maximum where all logits are below it'],
    ['Y01', 'does not reset the maximum before the next row'],
    ['Y73', 'adds up the first 127 logits of a row'],
    ['Y76', 'leaves the last whole 8 out of the sum where the row ends with it'],
    ['Y123', 'looks for the target by its logit, and takes the first that equals it'],
    ['Y03', 'leaves the upper half of 8 lanes out of the maximum'],
    ['Y05', 'subtracts the minimum for the maximum'],
    ['Y103', 'stores the losses of rows in FP16'],
    ['Y122', 'takes the class of the largest logit for the target'],
    ['Z28', 'pads rows to a multiple of 4 with 0, which joins the maximum'],
    ['Y07', 'truncates the maximum to an integer of 32 bits, which wraps'],
  ];

  it.each(named.slice(0, byEffort(4, named.length)))(
    'should name the fault of %s first: %s',
    async (id, words) => {
      expect(await causesOf(id)).toContain(words);
    },
  );

  const unknown = ['Z15', 'Y72', 'Y34', 'Z31'];

  it.each(unknown.slice(0, byEffort(2, unknown.length)))(
    'should claim nothing of %s, a fault that it does not know or cannot tell from others',
    async (id) => {
      expect((await causesOf(id)).filter((cause) => cause !== null)).toEqual([]);
    },
  );

  it('should tell the naive kernel as the article does: one fault, and a row of infinity', async () => {
    const { targets } = await fuzz([builtinTarget('naive')], {
      seed: 1,
      runs: 60,
      operations: byEffort<readonly Operation[]>(['softmax', 'crossEntropy'], operations),
    });
    const faults = faultsOf(targets[0].findings, (finding) => finding);
    expect(faults.length).toBeLessThanOrEqual(6);
    expect(faults[0].cause).toMatchObject({ words: 'subtracts no maximum', isExact: true });
    expect([...faults[0].lead.batch.logits]).toEqual([89]);
  });
});
