import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../core/batch.ts';
import type { Options } from '../core/options.ts';
import { createRandom } from '../core/random.ts';
import { optionNames, optionSpecs, withOptions } from '../options/index.ts';
import type { Domain } from '../options/stage.ts';
import { candidates } from './candidates.ts';
import { compareOptions, countOptions } from './option-order.ts';
import { compareSimplicity } from './simplicity.ts';

const ROWS = 2;
const COLS = 3;
const plain = batchOf([
  [1, 2, 3],
  [4, 5, 6],
]);

/** Values of each option as a campaign draws them, and all that is simpler by their own account. */
const values = fc.tuple(fc.nat(), fc.nat(), fc.nat(6)).map(([a, b, steps]) => {
  const random = createRandom([a, b, 1, 2]);
  const options: Record<string, unknown> = {};
  for (const name of optionNames) {
    if (random.chance(0.4)) continue;
    const { draw, simpler } = optionSpecs[name] as Domain<unknown>;
    let value = draw(random, ROWS, COLS);
    for (let k = 0; k < steps; k++) value = random.pick([...simpler(value), value]);
    options[name] = value;
  }
  return withOptions(plain, options as Options);
});

describe('compareOptions', () => {
  it('should be a strict order: of any three batches', () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        expect(compareOptions(a, a)).toBe(0);
        expect(Math.sign(compareOptions(a, b))).toBe(-Math.sign(compareOptions(b, a)) + 0);
        if (compareOptions(a, b) < 0 && compareOptions(b, c) < 0)
          expect(compareOptions(a, c)).toBeLessThan(0);
        if (compareOptions(a, b) === 0) expect(a.options).toEqual(b.options);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  it.each<[simpler: Options, other: Options]>([
    [{}, { scale: 2 }],
    [{ scale: 2 }, { scale: 3 }],
    [{ scale: 2 }, { scale: -2 }],
    [{ sink: 1000 }, { sink: Float32Array.of(0, 0) }],
    [{ bias: new Float32Array(3) }, { bias: new Float32Array(6) }],
    [{ bias: Float32Array.of(0, 0, 100) }, { bias: Float32Array.of(0, 1, 1) }],
    [{ bias: Float32Array.of(0, 0, 1) }, { bias: Float32Array.of(0, 1, 0) }],
    [{ mask: Uint8Array.of(1, 1, 0) }, { mask: Uint8Array.of(0, 0, 1) }],
    [{ mask: Uint8Array.of(0, 1, 1) }, { mask: Uint8Array.of(1, 1, 0) }],
  ])('should have %j before %j', (simpler, other) => {
    expect(compareOptions({ ...plain, options: simpler }, { ...plain, options: other })).toBeLessThan(0);
  });

  it('should come after the number of options, which comes first', () => {
    const one = { ...plain, options: { bias: Float32Array.of(0.1234, 0, 0) } };
    const two = { ...plain, options: { scale: 2, sink: 0 } };
    expect(countOptions(one)).toBe(1);
    expect(compareSimplicity(one, two)).toBeLessThan(0);
  });
});

describe('a descent through candidates', () => {
  it('should end, from any options, whatever fails', () => {
    fc.assert(
      fc.property(values, fc.nat(), (start, seed) => {
        const random = createRandom([seed, 3, 4, 5]);
        let best: Batch = start;
        let before: Batch;
        let asked = 0;
        do {
          before = best;
          const sweep = candidates(best);
          for (let next = sweep.next(); !next.done; ) {
            expect(compareSimplicity(next.value, best)).toBeLessThan(0);
            expect(++asked).toBeLessThan(20_000);
            const failed = random.chance(0.2);
            if (failed) best = next.value;
            next = sweep.next(failed);
          }
        } while (best !== before);
      }),
      { seed: 2, numRuns: 60 },
    );
  });
});
