/** Diagnosis of losses with options: a known fault is told by its name, and one that is not known by none. */
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../src/campaign/explain/faults.ts';
import { fuzz } from '../src/campaign/fuzz.ts';
import { zoo } from '../src/kernels/zoo/index.ts';
import { createTarget } from '../src/targets/create.ts';
import { byEffort } from './support/effort.ts';

async function causesOf(id: string): Promise<(string | null)[]> {
  const entry = zoo.find((each) => each.id === id) ?? expect.fail(id);
  const target = createTarget(id, entry.kernel, entry.declaration);
  const { targets } = await fuzz([target], { seed: 1, runs: 200 });
  expect(targets[0].findings.length).toBeGreaterThan(0);
  return faultsOf(targets[0].findings, (finding) => finding).map(({ cause }) => cause?.words ?? null);
}

describe('diagnosis of losses with options', () => {
  const named = [
    ['C01', 'divides the mean by all rows, ignored ones too'],
    ['B06', 'gives ignored rows their softmax for a gradient'],
    ['Y310', 'smooths labels over the classes but the target, e / (C - 1)'],
    ['Y383', 'leaves out what is upstream of the loss'],
    ['Y327', 'answers the sum for a mean that is asked for'],
    ['Y339', 'leaves out zLoss'],
    ['Y275', 'divides logits by the scale'],
    ['Y263', 'caps what the mask hides, and has -softcap of it'],
    ['Y307', 'multiplies by the weight of a class twice'],
    ['Y322', 'divides probabilities by their sum'],
  ];

  it.each(named.slice(0, byEffort(2, named.length)))('should name the fault of %s: %s', async (id, words) => {
    expect(await causesOf(id)).toContain(words);
  });

  it.each(['Y326'])('should claim nothing of %s, a fault that it does not know', async (id) => {
    expect((await causesOf(id)).filter((cause) => cause !== null)).toEqual([]);
  });
});
