import { describe, expect, it } from 'vitest';
import { type Batch, batchOf, createBatch } from '../../core/batch.ts';
import type { Options } from '../../core/options.ts';
import { createRandom } from '../../core/random.ts';
import { drawOptions, optionNames, optionSpecs, withOptions } from '../../options/index.ts';
import type { Domain } from '../../options/stage.ts';
import { candidates } from '../candidates.ts';
import { compareSimplicity } from '../simplicity.ts';
import { MOST_CANDIDATES, tinyWithOptions } from './tiny-options.ts';

const columns = Array.from({ length: 9 }, (_, k) => k / 3);
const large = createBatch(2, 9, [...columns, ...columns], [3, 4]);

/** What is offered for the batch while everything passes. */
const offered = (batch: Batch): Batch[] => [...tinyWithOptions(batch)];

/** The first of what is offered that fails. */
function firstOf(batch: Batch, fails: (candidate: Batch) => boolean): Batch | undefined {
  return offered(batch).find(fails);
}

describe('tinyWithOptions', () => {
  it('should offer simple values of the options that the batch has, the simplest batch first', () => {
    const all = offered(withOptions(large, { classWeights: columns.map((x) => 1 + x), labelSmoothing: 0.3 }));
    const names = new Set(all.map(({ options = {} }) => Object.keys(options).join()));
    expect(names).toEqual(new Set(['classWeights,labelSmoothing']));
    for (const [k, each] of all.slice(1).entries()) expect(compareSimplicity(all[k], each)).toBeLessThan(0);
  });

  it('should offer the mean in the place of another reduction, where there are other options', () => {
    const reductions = (options: Options) =>
      new Set(offered(withOptions(large, options)).map((each) => each.options?.reduction));
    expect(reductions({ reduction: 'sum', zLoss: 3 })).toEqual(new Set([undefined, 'sum', 'none']));
    expect(reductions({ reduction: 'sum' })).toEqual(new Set(['sum', 'none']));
  });

  it('should offer a bounded number, whatever the options are', () => {
    const random = createRandom([1, 2, 3, 4]);
    const upstream = Float32Array.from([...columns, ...columns]);
    let most = 0;
    for (const [j, a] of optionNames.entries())
      for (const [k, b] of optionNames.entries())
        for (const c of optionNames.slice(k)) {
          if (j > k) continue; // Each three once.
          const drawn = drawOptions(random, [a, b, c], large);
          most = Math.max(most, offered({ ...withOptions(large, drawn), upstream }).length);
        }
    expect(most).toBe(MOST_CANDIDATES);
  });

  it('should leave the budget to other moves where nothing tiny fails', () => {
    const needed = withOptions(large, {
      scale: 0.7,
      softcap: 5,
      mask: new Uint8Array(9).fill(1).fill(0, 2, 4),
    });
    const fails = ({ cols, options = {} }: Batch) => cols > 2 && Object.keys(options).length === 3;
    let best = needed;
    let asked = 0;
    const sweep = candidates(needed);
    for (let next = sweep.next(); !next.done; asked++) {
      const failed = fails(next.value);
      if (failed) best = next.value;
      next = sweep.next(failed);
    }
    expect([best.rows, best.cols]).toEqual([1, 3]);
    expect(asked).toBeLessThan(1000);
  });

  it('should end at one batch whatever the weights were', () => {
    const isHeavy = ({ targets, options = {} }: Batch) => {
      const weights = options.classWeights ?? [];
      return weights[targets[0]] >= 2 * weights[1 - targets[0]];
    };
    for (const scale of [1, 0.37, 100]) {
      const batch = withOptions(large, { classWeights: columns.map((x) => scale * x) });
      expect(firstOf(batch, isHeavy)).toEqual(withOptions(batchOf([[0, 0]], [0]), { classWeights: [1, 0] }));
    }
  });

  it('should keep a number that may be fixed among the values', () => {
    const batch = withOptions(large, { scale: 0.7 });
    expect(firstOf(batch, ({ options }) => options?.scale === Math.fround(0.7))?.logits).toEqual(
      Float32Array.of(0, 0),
    );
  });

  it('should have two rows where the batch has, or a row may be ignored, and upstream values where it has some', () => {
    const rows = (batch: Batch) => new Set(offered(batch).map((each) => each.rows));
    const one = batchOf([columns], [2]);
    expect(rows(withOptions(one, { scale: 3 }))).toEqual(new Set([1]));
    expect(rows(withOptions(large, { scale: 3 }))).toEqual(new Set([1, 2]));
    expect(rows(withOptions(one, { reduction: 'sum', ignoreIndex: 7 }))).toEqual(new Set([1, 2]));
    const upstream = Float32Array.from(columns);
    const ofGradient = offered(withOptions({ ...one, upstream }, { scale: 3 })).map((each) => each.upstream);
    expect(new Set(ofGradient.map(String))).toEqual(new Set(['0,1', '1,0']));
  });

  it('should offer nothing without options', () => {
    expect(offered(large)).toEqual([]);
  });

  it.each(optionNames)('should know values of %s that it takes', (name) => {
    const { checked, tiny } = optionSpecs[name] as Domain<unknown>;
    for (const rows of [1, 2] as const)
      for (const value of tiny(rows)) expect(checked(value, rows, 2)).toEqual(value);
  });
});
