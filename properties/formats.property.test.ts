/** The laws of formats: batches are on the grid, right designs are never blamed, faulty ones are, and the filter agrees with decimal.js. */
import { describe, expect, it } from 'vitest';
import { families } from '../src/arbitraries/families.ts';
import { batchGenerator } from '../src/arbitraries/generate.ts';
import { logitsOf } from '../src/campaign/subject.ts';
import type { Batch } from '../src/core/batch.ts';
import { isInFormat } from '../src/core/grid.ts';
import { operationsOf } from '../src/core/kernel.ts';
import type { Operation } from '../src/core/operation.ts';
import { createRandom } from '../src/core/random.ts';
import type { Target } from '../src/core/target.ts';
import { bucketOf } from '../src/core/violation.ts';
import { judge, judgeExactly } from '../src/judge/judge.ts';
import { createOracle } from '../src/oracle/exact.ts';
import { profileOf } from '../src/row/profile-formats.ts';
import { examine } from '../src/targets/examine.ts';
import { observe } from '../src/targets/observe.ts';
import { byEffort } from './support/effort.ts';
import { halves, rightInFormats, wrongInFormats } from './support/format-designs.ts';

const draw = batchGenerator({
  families: families.map(({ name }) => name),
  maxRows: 3,
  maxCols: 300,
  maxCells: 400,
  upstream: true,
});

function batchesFor(target: Target, count: number, seed: number): Batch[] {
  const random = createRandom([seed, 7, 11, 13]);
  return Array.from({ length: count }, () => draw(random, undefined, logitsOf(target)).batch);
}

async function bucketsOf(target: Target, operation: Operation, batch: Batch): Promise<string[]> {
  const { violations } = await examine(target, operation, createOracle(batch), judge);
  return violations.map(bucketOf);
}

describe.each(halves)('batches in $name', (format) => {
  const name = format.name as 'fp16' | 'bf16';
  const random = createRandom([1, 2, 3, 4]);
  const drawn = Array.from({ length: 800 }, () => draw(random, undefined, name).batch);

  it('should be on the grid', () => {
    expect(drawn.filter((batch) => batch.format !== name || !isInFormat(batch, name))).toEqual([]);
  });

  it('should hold its ends, its subnormals, neighbors, and gaps at which its exps end', () => {
    const values = new Set(drawn.flatMap(({ logits }) => [...logits].map(Math.abs)));
    const ends = [format.maxFinite, format.minSubnormal, format.minNormal, 0];
    expect(ends.filter((value) => !values.has(value))).toEqual([]);
    const thresholds = [format.minNormal, format.minSubnormal, 2 ** -format.precision].map((x) =>
      format.round(-Math.log(x)),
    );
    expect(thresholds.filter((value) => !values.has(value))).toEqual([]);
    const areNeighbors = drawn.filter(({ logits }) =>
      logits.some((x, k) => k > 0 && format.toOrdinal(x) - format.toOrdinal(logits[k - 1]) === 1),
    );
    expect(areNeighbors.length).toBeGreaterThan(40);
  });
});

describe('a design that is right in its formats', () => {
  it.each(rightInFormats)('should never be blamed: $name', async (target) => {
    const wrong: string[] = [];
    for (const batch of batchesFor(target, byEffort(60, 250), 5))
      for (const operation of operationsOf(target.kernel))
        for (const bucket of await bucketsOf(target, operation, batch))
          wrong.push(`${bucket}: ${batch.logits}`);
    expect(wrong).toEqual([]);
  });
});

describe('a design that is wrong in its formats', () => {
  it.each(wrongInFormats.map(([bucket, target]) => ({ bucket, target, name: target.name })))(
    'should be found in $bucket: $name',
    async ({ bucket, target }) => {
      const [operation] = bucket.split('/') as [Operation];
      let found = 0;
      for (const batch of batchesFor(target, 120, 6))
        if ((await bucketsOf(target, operation, batch)).includes(bucket)) found++;
      expect(found).toBeGreaterThan(0);
    },
  );
});

describe('the filter', () => {
  it('should say of every answer in another format what decimal.js says', async () => {
    const targets = [...rightInFormats, ...wrongInFormats.map(([, target]) => target)];
    for (const [seed, target] of targets.entries()) {
      const profile = profileOf(target);
      for (const batch of batchesFor(target, byEffort(8, 25), 100 + seed)) {
        for (const operation of operationsOf(target.kernel)) {
          const observed = await observe(target, operation, batch);
          if (observed.status !== 'answered') expect.fail(observed.detail);
          const oracle = createOracle(batch);
          const fast = judge(oracle, operation, observed.output, profile).map(bucketOf);
          const exact = judgeExactly(oracle, operation, observed.output, profile).map(bucketOf);
          expect(fast.sort(), `${target.name}: ${operation} of ${batch.logits}`).toEqual(exact.sort());
        }
      }
    }
  });
});
