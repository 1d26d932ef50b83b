import { describe, expect, it } from 'vitest';
import { articleBatch } from '../arbitraries/article.ts';
import { batchOf } from '../core/batch.ts';
import { generatedCase, givenCases } from './cases.ts';

const plan = { seed: 7, saved: [{ batch: batchOf([[89]]), file: 'a.json' }], generation: {} };

describe('givenCases', () => {
  it("should begin with the article's batch, then the saved ones", () => {
    expect(givenCases(plan)).toEqual([
      { batch: articleBatch, origin: { by: 'article' } },
      { batch: batchOf([[89]]), origin: { by: 'saved', file: 'a.json' } },
    ]);
  });

  it('should leave out those of another shape than the fixed one', () => {
    expect(givenCases({ ...plan, generation: { cols: 3 } }).map(({ origin }) => origin.by)).toEqual([
      'article',
    ]);
    expect(givenCases({ ...plan, generation: { rows: 2 } })).toEqual([]);
  });
});

describe('generatedCase', () => {
  it('should depend on the seed and the index alone', () => {
    expect(generatedCase(plan, 41)).toEqual(generatedCase({ ...plan, saved: [] }, 41));
    expect(generatedCase(plan, 41)).not.toEqual(generatedCase(plan, 42));
    expect(generatedCase(plan, 41).batch).not.toEqual(generatedCase({ ...plan, seed: 8 }, 41).batch);
  });

  it('should take a negative seed for the one 2^32 above it', () => {
    expect(generatedCase({ ...plan, seed: -5 }, 3).batch).toEqual(
      generatedCase({ ...plan, seed: 2 ** 32 - 5 }, 3).batch,
    );
  });

  it('should not repeat itself from seed to seed', () => {
    const first = (seed: number) =>
      [...generatedCase({ ...plan, seed, generation: { rows: 1, cols: 16 } }, 0).batch.logits].join();
    expect(new Set(Array.from({ length: 500 }, (_, seed) => first(seed))).size).toBeGreaterThan(450);
  });
});
