/** What holds for shrinking whatever the failure is: a threshold, a tie, a length, or no rule at all. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batches } from '../src/arbitraries/batches.ts';
import { candidates } from '../src/arbitraries/candidates.ts';
import { compareSimplicity } from '../src/arbitraries/simplicity.ts';
import { type Batch, createBatch } from '../src/core/batch.ts';
import { sameBits } from '../src/float32/bits.ts';
import { nextDown, nextUp } from '../src/float32/ordinal.ts';
import { boundary } from '../src/shrink/boundary.ts';
import { shrink } from '../src/shrink/descend.ts';
import { fingerprint } from '../src/shrink/fingerprint.ts';

/** Few shapes and few values, so that two of them often differ in one respect only. */
const smallBatches: fc.Arbitrary<Batch> = fc
  .record({
    rows: fc.integer({ min: 1, max: 2 }),
    cols: fc.integer({ min: 1, max: 2 }),
    values: fc.array(fc.constantFrom(0, -0, 1, -1, 0.5, 88.1, 3e7, -Infinity, Number.NaN), {
      minLength: 4,
      maxLength: 4,
    }),
    targets: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 2, maxLength: 2 }),
  })
  .map(({ rows, cols, values, targets }) =>
    createBatch(
      rows,
      cols,
      values.slice(0, rows * cols),
      targets.slice(0, rows).map((target) => Math.min(target, cols - 1)),
    ),
  );

/** Ways to fail. The last follows no rule but its salt, so that every shortcut of the search is wrong somewhere. */
const failures = fc.oneof(
  fc.float({ noNaN: true }).map(
    (limit) =>
      ({ logits }: Batch) =>
        logits.some((x) => x > limit),
  ),
  fc.float({ noNaN: true }).map(
    (limit) =>
      ({ logits }: Batch) =>
        logits.every((x) => x <= limit),
  ),
  fc.nat(40).map(
    (count) =>
      ({ logits }: Batch) =>
        logits.filter((x) => x === logits[0]).length > count,
  ),
  fc.nat(40).map(
    (count) =>
      ({ rows, cols }: Batch) =>
        cols >= count && (rows + cols) % 2 === 1,
  ),
  fc.constant(({ targets }: Batch) => targets.some((target) => target > 0)),
  fc.nat().map((salt) => (batch: Batch) => (hashOf(batch) + salt) % (2 + (salt % 7)) === 0),
);

/** A batch and a failure that it shows: a failure that does not happen to be there is made to be. */
const failing = fc
  .record({ batch: batches({ maxCols: 24 }), failure: failures })
  .map(({ batch, failure }) => {
    const start = fingerprint(batch);
    return { batch, fails: (other: Batch) => failure(other) || fingerprint(other) === start };
  });

describe('the order of simplicity', () => {
  it('is total: two batches are equally simple only when they are the same', () => {
    fc.assert(
      fc.property(smallBatches, smallBatches, (a, b) => {
        expect(Math.sign(compareSimplicity(a, b))).toBe(0 - Math.sign(compareSimplicity(b, a)));
        expect(compareSimplicity(a, b) === 0).toBe(isSame(a, b));
      }),
      { seed: 1, numRuns: 3000 },
    );
  });

  it('is transitive', () => {
    fc.assert(
      fc.property(smallBatches, smallBatches, smallBatches, (a, b, c) => {
        const [first, second, third] = [a, b, c].sort(compareSimplicity);
        expect(compareSimplicity(first, second)).toBeLessThanOrEqual(0);
        expect(compareSimplicity(second, third)).toBeLessThanOrEqual(0);
        expect(compareSimplicity(first, third)).toBeLessThanOrEqual(0);
      }),
      { seed: 2, numRuns: 3000 },
    );
  });
});

describe('candidates', () => {
  it('are well formed and strictly simpler than the batch, so that shrinking ends', () => {
    fc.assert(
      fc.property(batches({ maxCols: 24 }), (batch) => {
        const offered = [...candidates(batch)];
        expect(offered.filter((candidate) => !(compareSimplicity(candidate, batch) < 0))).toEqual([]);
        for (const { rows, cols, logits, targets } of offered) createBatch(rows, cols, logits, targets);
      }),
      { seed: 3, numRuns: 40 },
    );
  });

  it('are all those of the shape of the batch, and fewer others, where its shape is to be kept', () => {
    fc.assert(
      fc.property(batches({ maxCols: 24 }), (batch) => {
        const [all, keeping] = [candidates(batch), candidates(batch, true)].map((offered) => [...offered]);
        const ofShape = ({ rows, cols }: Batch) => rows === batch.rows && cols === batch.cols;
        expect(keeping.filter(ofShape)).toEqual(all.filter(ofShape));
        if (batch.rows > 3 || batch.cols > 3) expect(keeping.length).toBeLessThan(all.length);
      }),
      { seed: 3, numRuns: 40 },
    );
  });

  it('stay strictly simpler than every batch that failed before, whatever the answers are', () => {
    fc.assert(
      fc.property(failing, ({ batch, fails }) => {
        let best = batch;
        const search = candidates(batch);
        for (let next = search.next(); !next.done; ) {
          const candidate = next.value;
          expect(compareSimplicity(candidate, best)).toBeLessThan(0);
          const failed = fails(candidate);
          if (failed) best = candidate;
          next = search.next(failed);
        }
      }),
      { seed: 4, numRuns: 60 },
    );
  });
});

describe('shrink', () => {
  it('ends at a batch that fails and is no larger than the start', async () => {
    await fc.assert(
      fc.asyncProperty(failing, fc.nat(300), async ({ batch, fails }, maxEvaluations) => {
        const shrunk = await shrink(batch, fails, { maxEvaluations });
        expect(fails(shrunk.batch)).toBe(true);
        expect(compareSimplicity(shrunk.batch, batch)).toBeLessThanOrEqual(0);
        expect(shrunk.improvements > 0).toBe(shrunk.batch !== batch);
        expect(shrunk.evaluations).toBeLessThanOrEqual(maxEvaluations);
      }),
      { seed: 5, numRuns: 100 },
    );
  });

  it('ends at a fixed point: every candidate of the result passes, and shrinking it again changes nothing', async () => {
    let certified = 0;
    await fc.assert(
      fc.asyncProperty(failing, async ({ batch, fails }) => {
        const shrunk = await shrink(batch, fails);
        if (!shrunk.minimal) return;
        certified++;
        expect([...candidates(shrunk.batch)].filter(fails)).toEqual([]);
        const again = await shrink(shrunk.batch, fails);
        expect(again).toMatchObject({ batch: shrunk.batch, improvements: 0, minimal: true });
      }),
      { seed: 6, numRuns: 100 },
    );
    expect(certified).toBeGreaterThan(90);
  });

  it('gives the same result and the same count every time', async () => {
    await fc.assert(
      fc.asyncProperty(failing, async ({ batch, fails }) => {
        expect(await shrink(batch, fails)).toEqual(await shrink(batch, fails));
      }),
      { seed: 7, numRuns: 20 },
    );
  });
});

describe('boundary', () => {
  it('is a pair of neighboring floats in one cell, of which the first passes and the second fails', async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(failing, async ({ batch, fails }) => {
        const edge = await boundary(batch, fails);
        if (edge === null) return;
        found++;
        const { cell, passes } = edge;
        const withValue = (value: number) => ({ ...batch, logits: batch.logits.with(cell, value) });
        expect(fails(withValue(passes))).toBe(false);
        expect(fails(withValue(edge.fails))).toBe(true);
        expect([nextUp(passes), nextDown(passes)]).toContainEqual(edge.fails + 0);
      }),
      { seed: 8, numRuns: 200 },
    );
    expect(found).toBeGreaterThan(50);
  });
});

/** The part of the fingerprint that depends on the logits. */
function hashOf(batch: Batch): number {
  return Math.abs(Number(fingerprint(batch).split(':')[1]));
}

function isSame(a: Batch, b: Batch): boolean {
  return (
    a.rows === b.rows &&
    a.cols === b.cols &&
    a.logits.every((value, index) => sameBits(value, b.logits[index])) &&
    a.targets.every((target, row) => target === b.targets[row])
  );
}
