import { describe, expect, it } from 'vitest';
import { naive } from '../../kernels/naive.ts';
import { stable } from '../../kernels/stable.ts';
import { createTarget } from '../../targets/create.ts';
import { fuzz } from '../fuzz.ts';
import { observeCases } from './observations.ts';

const options = { seed: 1, runs: 60, operations: ['softmax', 'crossEntropy'] as const };
const declared = { profile: 'sequential', options: { softmax: ['scale'] } } as const;
const targets = [
  createTarget('stable', stable, declared),
  createTarget('naive', { softmax: naive.softmax }, { ...declared, nonFinite: false }),
];

describe('observeCases', () => {
  it('should see the cases that the campaign has, and what goes wrong in them', async () => {
    const observed = await observeCases(targets, options);
    const run = await fuzz(targets, { ...options, shrinkTimeMs: 0 });
    for (const { target, cases, findings, operations } of run.targets) {
      const mine = observed.filter((each) => each.target === target.name);
      // The campaign has the article's batch too.
      expect(mine).toHaveLength((cases - 1) * operations.length);
      for (const { origin, operation } of findings) {
        if (origin.by !== 'generated' || origin.step !== undefined) continue;
        const itself = mine.find((each) => each.case === origin.case && each.operation === operation);
        expect(itself?.wrong).not.toEqual([]);
      }
    }
    expect(observed.some(({ batch }) => batch.options?.scale !== undefined)).toBe(true);
    expect(observed.some(({ target, wrong }) => target === 'naive' && wrong.length > 0)).toBe(true);
  });

  it('should end where it is over, and after 500 cases', async () => {
    let calls = 0;
    expect(await observeCases(targets, options, () => ++calls > 5)).toHaveLength(5);
    const [, small] = targets;
    const generation = { rows: 1, cols: 2, families: ['ordinary'] };
    const all = await observeCases([small], { seed: 1, runs: 1e6, generation });
    expect(all.at(-1)?.case).toBe(499);
  });
});
