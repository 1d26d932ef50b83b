import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBatch } from '../core/batch.ts';
import { createRandom } from '../core/random.ts';
import { drawOptions, optionNames, optionSpecs, selectOptions, withOptions } from './index.ts';
import type { Domain } from './stage.ts';

const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 4 }),
  cols: fc.integer({ min: 1, max: 9 }),
  seed: fc.nat(),
});

describe.each(optionNames)('%s', (name) => {
  const { checked, draw, simpler, select } = optionSpecs[name] as Domain<unknown>;

  it('should draw values that it takes as they are', () => {
    fc.assert(
      fc.property(shapes, ({ rows, cols, seed }) => {
        const value = draw(createRandom([seed, 1, 2, 3]), rows, cols);
        expect(checked(value, rows, cols)).toEqual(value);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('should call nothing simpler that it does not take, or that does not fit', () => {
    fc.assert(
      fc.property(shapes, ({ rows, cols, seed }) => {
        for (const value of simpler(draw(createRandom([seed, 1, 2, 3]), rows, cols)))
          expect(checked(value, rows, cols)).toEqual(value);
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it('should select values that fit what is left, all of them where nothing is left out', () => {
    fc.assert(
      fc.property(shapes, ({ rows, cols, seed }) => {
        const random = createRandom([seed, 1, 2, 3]);
        const value = draw(random, rows, cols);
        const all = { rows: [...new Array(rows).keys()], cols: [...new Array(cols).keys()] };
        expect(select(value, all, cols)).toEqual(value);
        const kept = {
          rows: all.rows.filter((row) => row === 0 || random.chance(0.5)),
          cols: all.cols.filter((col) => col === 0 || random.chance(0.5)),
        };
        const selected = select(value, kept, cols);
        expect(checked(selected, kept.rows.length, kept.cols.length)).toEqual(selected);
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});

describe('selectOptions', () => {
  it('should take what belongs to the rows and columns that are kept, in their order', () => {
    const batch = withOptions(createBatch(2, 3, [0, 0, 0, 0, 0, 0]), {
      scale: 2,
      bias: Float32Array.of(1, 2, 3, 4, 5, 6),
      mask: Uint8Array.of(1, 0, 1),
      sink: Float32Array.of(7, 8),
    });
    expect(selectOptions(batch, { rows: [1, 0], cols: [2, 1] })).toEqual({
      scale: 2,
      bias: Float32Array.of(6, 5, 3, 2),
      mask: Uint8Array.of(1, 0),
      sink: Float32Array.of(8, 7),
    });
  });
});

describe('drawOptions', () => {
  it('should draw each pair of options together, and none that was not asked for', () => {
    const random = createRandom([1, 2, 3, 4]);
    const pairs = new Set<string>();
    for (let k = 0; k < 200; k++) {
      const names = Object.keys(drawOptions(random, ['scale', 'mask', 'sink'], { rows: 2, cols: 3 }));
      for (const a of names) for (const b of names) pairs.add(`${a} ${b}`);
    }
    expect(pairs.size).toBe(9);
    expect([...pairs].join()).not.toMatch(/softcap|bias/);
  });
});
