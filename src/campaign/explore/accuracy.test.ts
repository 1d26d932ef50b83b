import { describe, expect, it } from 'vitest';
import { batchOf } from '../../core/batch.ts';
import { createOracle } from '../../oracle/exact.ts';
import { defaultProfile } from '../../row/profiles.ts';
import { accuracyOf, addAccuracies, noAccuracy, summarize } from './accuracy.ts';

/** The accuracy of softmax([0, 0]) with `ulps` added to its second number, as case `number`. */
function halfOff(number: number, ulps: number) {
  const oracle = createOracle(batchOf([[0, 0]]));
  return accuracyOf('softmax', number, oracle, Float32Array.of(0.5, 0.5 + ulps * 2 ** -24), defaultProfile);
}

describe('summarize', () => {
  it('should tell the worst number, where it was, and the medians', () => {
    const all = [halfOff(3, 0), halfOff(5, 3), halfOff(9, 3), halfOff(11, 1)].reduce(
      addAccuracies,
      noAccuracy,
    );
    const summary = summarize('softmax', all);
    expect(summary).toMatchObject({
      operation: 'softmax',
      numbers: 8,
      worstUlp: { error: expect.closeTo(3, 6), case: 5, index: 1, cols: 2, logits: Float32Array.of(0, 0) },
      worstUse: { error: expect.closeTo(3 / 3.5, 5), case: 5 },
    });
    expect(summary?.typicalUlp).toBeLessThan(1e-6); // Five of eight are exact.
    expect(summary?.highUlp).toBeGreaterThan(2.7);
    expect(summary?.highUlp).toBeLessThanOrEqual(summary?.worstUlp.error ?? 0); // The middle of 3's bin is 3.08.
  });

  it('should not depend on the order', () => {
    const parts = [halfOff(9, 3), halfOff(5, 3), halfOff(2, 1)];
    expect(parts.reduce(addAccuracies)).toEqual(parts.reduceRight((sum, each) => addAccuracies(sum, each)));
  });

  it('should be null where nothing was measured, and name no logits of long rows', () => {
    expect(summarize('softmax', undefined)).toBeNull();
    expect(summarize('softmax', noAccuracy)).toBeNull();
    const wide = createOracle(batchOf([new Array(64).fill(0)]));
    const exact = new Float32Array(64).fill(1 / 64);
    expect(accuracyOf('softmax', 0, wide, exact, defaultProfile).worstUse).toMatchObject({
      cols: 64,
      logits: null,
    });
  });
});
