import { describe, expect, it } from 'vitest';
import { articleBatch } from '../../arbitraries/article.ts';
import { batchOf } from '../../core/batch.ts';
import { inFormat, isInFormat } from '../../core/grid.ts';
import { noneDrawn } from '../../options/taken.ts';
import { casesOf, givenCases } from './cases.ts';

const plan = { seed: 7, saved: [{ batch: batchOf([[89]]), file: 'a.json' }], generation: {} };

describe('givenCases', () => {
  it("should begin with the article's batch, then the saved ones", () => {
    expect(givenCases(plan)).toEqual([
      { batch: articleBatch, origin: { by: 'article' }, drawn: noneDrawn },
      { batch: batchOf([[89]]), origin: { by: 'saved', file: 'a.json' }, drawn: noneDrawn },
    ]);
  });

  it('should leave out those of another shape than the fixed one', () => {
    expect(givenCases({ ...plan, generation: { cols: 3 } }).map(({ origin }) => origin.by)).toEqual([
      'article',
    ]);
    expect(givenCases({ ...plan, generation: { rows: 2 } })).toEqual([]);
  });
});

describe('casesOf', () => {
  it('should number the given cases up to -1', () => {
    const { given, at } = casesOf(plan);
    expect([given, at(-2), at(-1)]).toEqual([2, ...givenCases(plan)]);
  });

  it('should generate from the seed and the number alone, in any order', () => {
    const { at } = casesOf(plan);
    const [b, a] = [at(42), at(41)];
    expect(a).toEqual(casesOf({ ...plan, saved: [] }).at(41));
    expect(a.origin).toMatchObject({ by: 'generated', seed: 7, case: 41 });
    expect(a.batch).not.toEqual(b.batch);
    expect(a.batch).not.toEqual(casesOf({ ...plan, seed: 8 }).at(41).batch);
  });

  it('should give a saved batch of a narrower format upstream values of that format', () => {
    const batch = inFormat(batchOf([new Array(64).fill(0.5)]), 'bf16');
    const saved = Array.from({ length: 20 }, (_, k) => ({ batch, file: `${k}.json` }));
    const cases = casesOf({ seed: 1, saved, generation: { upstream: true } });
    for (let number = 1 - cases.given; number < 0; number++) {
      const { batch: given } = cases.at(number, 'bf16');
      expect(given.upstream).not.toBeNull();
      expect(isInFormat(given, 'bf16')).toBe(true);
    }
  });

  it('should tell the shape of each without drawing it', () => {
    for (const generation of [{}, { cols: 5 }, { rows: 3 }, { maxCols: 9 }]) {
      const { at, shapeAt } = casesOf({ ...plan, generation });
      for (let number = 0; number < 300; number++)
        expect(shapeAt(number)).toMatchObject({ rows: at(number).batch.rows, cols: at(number).batch.cols });
    }
    expect(casesOf(plan).shapeAt(-1)).toMatchObject({ rows: 1, cols: 1 });
  });

  it('should take a negative seed for the one 2^32 above it', () => {
    const of = (seed: number) => casesOf({ ...plan, seed }).at(3).batch;
    expect(of(-5)).toEqual(of(2 ** 32 - 5));
  });

  it('should not repeat itself from seed to seed', () => {
    const generation = { rows: 1, cols: 16 };
    const first = (seed: number) => [...casesOf({ ...plan, seed, generation }).at(0).batch.logits].join();
    expect(new Set(Array.from({ length: 500 }, (_, seed) => first(seed))).size).toBeGreaterThan(450);
  });

  it('should draw long rows unless told otherwise', () => {
    const lengths = (generation: object) => {
      const { at } = casesOf({ ...plan, generation });
      return Array.from({ length: 300 }, (_, k) => at(k).batch.cols);
    };
    expect(Math.max(...lengths({ maxCols: undefined }))).toBeGreaterThan(1000);
    expect(Math.max(...lengths({ maxCols: 9 }))).toBe(9);
  });
});
