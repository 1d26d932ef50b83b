import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/random.ts';
import { batchGenerator } from './generate.ts';
import { drawUpstream } from './upstream.ts';

describe('drawUpstream', () => {
  it('should be finite, so far from overflow that sums of 100,000 values are too', () => {
    const random = createRandom([1, 2, 3, 4]);
    const shown = { zeros: 0, unit: 0, ones: 0, huge: 0, uneven: 0 };
    for (let k = 0; k < 2000; k++) {
      const upstream = drawUpstream(random, 2, 3);
      expect(upstream.every((value) => Math.abs(value) <= 2 ** 110)).toBe(true);
      const [first, second] = [upstream.slice(0, 3), upstream.slice(3)];
      if (first.every((value) => value === 0)) shown.zeros++;
      if (first.filter((value) => value !== 0).length === 1) shown.unit++;
      if (first.every((value) => value === 1)) shown.ones++;
      if (first.some((value) => Math.abs(value) > 2 ** 60)) shown.huge++;
      if (first.some((value, i) => value !== second[i])) shown.uneven++;
    }
    expect(Object.entries(shown).filter(([, count]) => count < 100)).toEqual([]);
  });
});

describe('batchGenerator', () => {
  it('should draw upstream values where they are asked for, and the same logits', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const [bare, full] = [false, true].map(
        (upstream) => batchGenerator({ upstream })(createRandom([seed, 2, 3, 4])).batch,
      );
      expect(bare.upstream).toBe(null);
      expect(full.upstream?.length).toBe(full.logits.length);
      expect({ ...full, upstream: null }).toEqual(bare);
    }
  });
});
