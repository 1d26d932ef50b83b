/** The laws of weights: what is known covers no heavier error, and shrinking goes to no lighter one. */
import { describe, expect, it } from 'vitest';
import { fuzz } from '../src/campaign/fuzz.ts';
import { leastWeight } from '../src/campaign/minimize/starts.ts';
import type { Kernel } from '../src/core/kernel.ts';
import type { DeclaredKnown } from '../src/core/known.ts';
import { batchOf, createTarget } from '../src/index.ts';
import { stable } from '../src/kernels/stable.ts';
import { minimizeGiven } from '../src/record/minimize.ts';

const BUCKET = 'crossEntropy/inaccurate/ordinary';

/** A mean of losses of at least 1e-7, times `factor`. */
function floored(factor: number): Kernel {
  return {
    crossEntropy(logits, targets, rows, cols) {
      const logarithms = stable.logSoftmax(logits, rows, cols);
      const losses = Array.from(targets, (t, r) => Math.max(-logarithms[r * cols + t], 1e-7));
      return (factor * losses.reduce((a, b) => a + b, 0)) / rows;
    },
  };
}

/** The loss of a probability that is clipped to 1e-7 and 1 - 1e-7, as Keras does it: 16.118 at most. */
const clipped: Kernel = {
  crossEntropy(logits, targets, rows, cols) {
    const p = stable.softmax(logits, rows, cols);
    const kept = Array.from(targets, (t, r) => Math.min(Math.max(p[r * cols + t], 1e-7), 1 - 1e-7));
    return kept.reduce((sum, each) => sum - Math.log(each), 0) / rows;
  },
};

const told = async (kernel: Kernel, known: readonly DeclaredKnown[]) => {
  const target = createTarget('floored', kernel, { profile: 'sequential', known, nonFinite: false });
  const generation = { maxRows: 4, maxCols: 8, families: ['ordinary', 'ties'] } as const;
  return (await fuzz([target], { seed: 5, runs: 300, generation })).targets[0];
};

describe('a known bucket', () => {
  it('should hide no regression of any size', async () => {
    const first = await told(floored(1), []);
    const weight = Math.max(
      ...first.findings.filter(({ bucket }) => bucket === BUCKET).map(({ worst }) => worst.weight),
    );
    const known = [...first.findings.map(({ bucket }) => bucket).filter((each) => each !== BUCKET)];
    expect(weight).toBeGreaterThan(1e-8);
    expect(weight).toBeLessThan(1e-6);

    const measured = { bucket: BUCKET, weight };
    expect((await told(floored(1), [...known, measured])).verdict).toBe('known');
    expect((await told(floored(1), [...known, `${BUCKET} <= 1e-6`])).verdict).toBe('known');

    for (const declared of [measured, `${BUCKET} <= 1e-6`]) {
      const regressed = await told(floored(2), [...known, declared]);
      expect(regressed.verdict).toBe('falsified');
      const [finding] = regressed.findings;
      expect(finding).toMatchObject({ bucket: BUCKET, known: false });
      expect(finding.exceeds).toBe(typeof declared === 'string' ? 1e-6 : weight);
      expect(finding.worst.weight).toBeGreaterThan(0.5);
      expect(finding.weight).toBeGreaterThanOrEqual(leastWeight(0.5));
    }
  });
});

describe('shrinking', () => {
  it('should not slide from a loss that saturates to one that is off by 1e-7', async () => {
    const target = createTarget('clipped', clipped, { profile: 'sequential' });
    const batch = batchOf([[0, -100]], [1]);
    const given = { batch, operations: ['crossEntropy' as const], finding: null };
    const { findings } = await minimizeGiven(given, target, { source: 'here', keepShape: false });
    const [finding] = findings;
    expect(finding.expected).not.toEqual(Float32Array.of(0));
    // |16.118 - 100| / 100 is what it starts with.
    expect(finding.worst.weight).toBeCloseTo((100 + Math.log(1e-7)) / 100, 6);
    expect(finding.weight).toBeGreaterThanOrEqual(leastWeight(finding.worst.weight));
    expect(finding.batch.logits.length).toBe(2);
  });
});
