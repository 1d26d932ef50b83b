import { describe, expect, it } from 'vitest';
import { createRandom } from '../../core/random.ts';
import { fp32 } from '../../formats/index.ts';
import { spliced } from './spliced.ts';

describe('spliced', () => {
  it('should fill each logit from one part, cut anywhere and where the last vector ends', () => {
    const random = createRandom([0x9216d5d9, 0x8979fb1b, 0xd1310ba6, 0x98dfb5ac]);
    const fill = spliced([(_, row) => row.fill(1), (_, row) => row.fill(2)]);
    const cuts = new Map<number, number>();
    for (let k = 0; k < 4000; k++) {
      const row = new Float32Array(11);
      fill(random, row, fp32);
      if (!/^(1+2*|2+1*)$/.test(row.join(''))) expect.fail(row.join(''));
      const cut = row.findIndex((x) => x !== row[0]);
      cuts.set(cut, (cuts.get(cut) ?? 0) + 1);
    }
    expect([...cuts.keys()].sort((a, b) => a - b)).toEqual([-1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(cuts.get(8)).toBeGreaterThan(2 * Number(cuts.get(7)));
  });
});
