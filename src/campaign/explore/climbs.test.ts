import { describe, expect, it } from 'vitest';
import type { Batch } from '../../core/batch.ts';
import type { Kernel } from '../../core/kernel.ts';
import { fromOrdinal, toOrdinal } from '../../float32/ordinal.ts';
import { fp32 } from '../../kernels/arithmetic.ts';
import { createStable, stable } from '../../kernels/stable.ts';
import { noneDrawn } from '../../options/taken.ts';
import { createTarget } from '../../targets/create.ts';
import { findingsOf } from '../minimize/findings.ts';
import { casesOf } from './cases.ts';
import { metBatch } from './climbs.ts';
import { createExplorer } from './explore.ts';
import type { Tally } from './tally.ts';

/** A kernel whose exp is 24 places too large between -10 and -10.01: beside many logits within the budget. */
const { softmax } = createStable({
  ...fp32,
  exp: (x) => (x <= -10 && x > -10.01 ? fromOrdinal(toOrdinal(fp32.exp(x)) + 24) : fp32.exp(x)),
});
const faulty = createTarget('faulty', { softmax }, { profile: 'sequential' });
const cases = casesOf({ seed: 3, saved: [], generation: {} });

async function tallyOf(kernel: Kernel, runs: number): Promise<Tally> {
  const target = createTarget('a', kernel, { profile: 'sequential' });
  const explore = createExplorer([{ target, operations: ['softmax'] }], cases, Number.POSITIVE_INFINITY);
  return (await explore([0, runs])).tallies[0];
}

describe('climbs of a campaign', () => {
  it('should meet what no case does, count it once a case, and climb there again', async () => {
    const { discoveries } = await tallyOf({ softmax }, 400);
    const met = [...discoveries.values()].filter(({ simplest }) => simplest.step > 0);
    expect(met.length).toBeGreaterThan(0);
    for (const { signature, simplest, worst, occurrences } of met) {
      const batch = (await metBatch(simplest, faulty, 'softmax', cases)) as Batch;
      expect([batch.rows, batch.cols]).toEqual([simplest.rows, simplest.cols]);
      const seen = [batch, (await metBatch(worst, faulty, 'softmax', cases)) as Batch];
      for (const each of seen) {
        const again = createExplorer(
          [{ target: faulty, operations: ['softmax'] }],
          { ...cases, at: () => ({ batch: each, drawn: noneDrawn, origin: { by: 'article' } }) },
          Number.POSITIVE_INFINITY,
        );
        const [{ discoveries: own }] = (await again([0, 1])).tallies;
        expect([...own.values()].map((discovery) => discovery.signature)).toContainEqual(signature);
      }
      expect(occurrences).toBeLessThanOrEqual(400);
    }
  });

  it('should tell in a finding from which step it is', async () => {
    const tally = await tallyOf({ softmax }, 400);
    const subject = { target: faulty, operations: ['softmax'] as const };
    const findings = await findingsOf(0, subject, tally, { cases, generation: {}, onFinding: () => {} });
    expect(findings.every(({ kind }) => kind === 'inaccurate')).toBe(true);
    expect(findings.some(({ origin }) => (origin.step ?? 0) > 0)).toBe(true);
  });

  it('should climb in the same way with a kernel that answers late', async () => {
    const late: Kernel = { softmax: async (...args) => softmax(...args) };
    expect(await tallyOf(late, 200)).toEqual(await tallyOf({ softmax }, 200));
  });

  it('should find nothing wrong with a kernel that is right', async () => {
    expect((await tallyOf({ softmax: stable.softmax }, 400)).discoveries.size).toBe(0);
  });
});
