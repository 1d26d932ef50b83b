/** The laws beyond the oracle: whoever abides by the contract is not blamed, and each fault is found as what it is. */
import { describe, expect, it } from 'vitest';
import { casesOf } from '../src/campaign/explore/cases.ts';
import { operationsOf } from '../src/core/kernel.ts';
import { laws } from '../src/core/law.ts';
import type { Target } from '../src/core/target.ts';
import { bucketOf } from '../src/core/violation.ts';
import { examineLaw } from '../src/laws/examine-law.ts';
import { createOracle } from '../src/oracle/exact.ts';
import { parseFindingFile, toFindingFile } from '../src/record/finding-file.ts';
import { replay } from '../src/record/replay.ts';
import { builtinTarget } from '../src/targets/builtin.ts';
import { resultOf } from './support/campaigns.ts';
import { countComparisons } from './support/comparisons.ts';
import { correctDesigns, lawBreakers, moreLawBreakers } from './support/designs.ts';
import { byEffort } from './support/effort.ts';

const stable = builtinTarget('stable');
const { at } = casesOf({ seed: 20260101, saved: [], generation: { maxCols: 200, maxRows: 4 } });
const small = { maxCols: 80, maxRows: 4 };

describe.each([stable, ...correctDesigns].map((target) => [target.name, target] as const))(
  'of a kernel that is right (%s)',
  (_name, target) => {
    it('should ask nothing that it does not hold', async () => {
      const asked = countComparisons();
      for (let number = 0; number < byEffort(8, 40); number++) {
        const oracle = createOracle(at(number).batch);
        for (const operation of operationsOf(target.kernel)) {
          for (const law of target.laws) {
            const { violations } = await examineLaw(target, operation, oracle, law);
            const buckets = violations.filter((violation) => violation.law !== undefined).map(bucketOf);
            expect(buckets).toEqual([]);
            if (violations.length === 0) asked.add(`${operation}, ${law}`);
          }
        }
      }
      const all = operationsOf(target.kernel).flatMap((operation) =>
        target.laws.map((law) => `${operation}, ${law}`),
      );
      asked.expectOfEach(all, 1);
    });
  },
);

const faults = [...Object.entries(lawBreakers), ...moreLawBreakers].map(
  ([bucket, target]) => [bucket, target.name, target] as const,
);

describe.each(faults)('%s (%s)', (bucket, _name, target) => {
  it('should be found by a campaign, and by nothing else; replayed; and gone with the fault', async () => {
    // Where NaN is drawn beside other rows, the oracle sees it spread as well.
    const tried = bucket.endsWith('nan-isolation') ? { ...target, nonFinite: false } : target;
    const ofOrder = bucket.endsWith('order');
    const { findings, verdict } = await resultOf(tried, {
      seed: 4,
      runs: ofOrder ? 2000 : 500, // Of some twenty rows that are asked for their order, few have a logit on either side.
      generation: ofOrder ? { rows: 1, cols: 300 } : small,
    });
    // By its simplest and by its heaviest error, where these differ.
    expect([verdict, ...new Set(findings.map((finding) => finding.bucket))]).toEqual(['falsified', bucket]);
    const [finding] = findings;
    expect(laws).toContain(finding.property);
    expect(finding.shrink.minimal).toBe(true);

    const file = parseFindingFile(JSON.stringify(toFindingFile(finding)), 'finding');
    expect(file.property).toBe(finding.property);
    expect((await replay(file, target)).outcome).toBe('same-bucket');
    expect((await replay(file, stable)).outcome).toBe('passes');
  });
});

describe('a campaign', () => {
  it('should break each law with one of these kernels', () => {
    const broken = new Set(faults.map(([bucket]) => bucket));
    const expected = laws.map((law) =>
      bucketOf({
        operation: 'softmax',
        kind: law === 'repeatable' ? 'nondeterministic' : 'invariance',
        law,
        trigger: null,
        severity: 'error',
      }),
    );
    expect(expected.filter((bucket) => !broken.has(bucket))).toEqual([]);
  });

  it('should not ask a target what it declares that it does not hold', async () => {
    const declared = async (bucket: string, declaration: Partial<Pick<Target, 'laws'>>) =>
      (await resultOf({ ...lawBreakers[bucket], ...declaration }, { seed: 4, runs: 100, generation: small }))
        .findings;
    expect(await declared('softmax/invariance/view', { laws: ['order'] })).toEqual([]);
    expect(await declared('softmax/invariance/batch-invariant', { laws: ['view'] })).toEqual([]);
  });
});
