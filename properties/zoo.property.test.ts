/**
 * The zoo: every faulty kernel is found out, by its recorded counterexample and by the generator, and no correct design is
 * blamed. How soon each is found, over ten seeds, is measured by `npm run test:zoo`; the designs go through a million rows
 * in `npm run test:designs`.
 */
import { describe, expect, it } from 'vitest';
import { type Cases, casesOf } from '../src/campaign/explore/cases.ts';
import { createExplorer } from '../src/campaign/explore/explore.ts';
import type { Range } from '../src/campaign/explore/ranges.ts';
import { operationsOf } from '../src/core/kernel.ts';
import type { Target } from '../src/core/target.ts';
import { bucketOf, matchesBucket } from '../src/core/violation.ts';
import { zeroBelow } from '../src/hypotheses/known/exponentials.ts';
import { hypotheses } from '../src/hypotheses/known.ts';
import { judge } from '../src/judge/judge.ts';
import { causes } from '../src/kernels/zoo/causes.ts';
import { correctDesigns } from '../src/kernels/zoo/correct/index.ts';
import { faultClasses, type ZooEntry } from '../src/kernels/zoo/entry.ts';
import { zoo } from '../src/kernels/zoo/index.ts';
import { examineByAllLaws } from '../src/laws/examine-law.ts';
import { optionNames } from '../src/options/index.ts';
import { createOracle } from '../src/oracle/exact.ts';
import { profileOf } from '../src/row/profile-formats.ts';
import { createTarget } from '../src/targets/create.ts';
import { byEffort } from './support/effort.ts';

const targetOf = ({ id, kernel, declaration }: ZooEntry): Target => createTarget(id, kernel, declaration);
const designs = correctDesigns.map(({ name, kernel, declaration }) =>
  createTarget(name, kernel, declaration),
);
const entries = zoo.map((entry): [string, ZooEntry] => [`${entry.id} ${entry.name}`, entry]);
const generated = (seed: number): Cases =>
  casesOf({ seed, saved: [], generation: { upstream: true, options: optionNames } });

/** What is wrong with a finite answer: which of these it is hangs on the numbers at hand. */
const ofNumbers = ['nan', 'infinite', 'zeroed', 'inaccurate', 'out-of-range'];

/** Whether buckets are of one operation and severity, and of one kind or both of finite answers: a special value does not stand for a fault of these. */
function isLike(met: string, bucket: string): boolean {
  const [a, b] = [met, bucket].map((each) => {
    const [operation, kind] = each.split('/');
    return [operation, ofNumbers.includes(kind) ? 'of numbers' : kind, each.endsWith('/warning')].join();
  });
  return a === b;
}

/** The entries that are not found by these cases of a campaign. */
async function missedBy(cases: Cases, range: Range, hunted: readonly ZooEntry[]): Promise<ZooEntry[]> {
  const subjects = hunted.map((entry) => ({ target: targetOf(entry), operations: [entry.operation] }));
  const { tallies } = await createExplorer(subjects, cases, Number.POSITIVE_INFINITY)(range);
  return hunted.filter(
    ({ bucket }, k) => ![...tallies[k].discoveries.keys()].some((met) => isLike(met, bucket)),
  );
}

describe('the zoo', () => {
  it('should name each entry once', () => {
    expect(new Set(zoo.map(({ id }) => id)).size).toBe(zoo.length);
    expect(new Set([...zoo, ...correctDesigns].map(({ name }) => name)).size).toBe(
      zoo.length + correctDesigns.length,
    );
  });

  it('should tell the known mistakes of its entries in the words of hypotheses, but for those with a number of their own', () => {
    const ids = new Set(zoo.map(({ id }) => id));
    const known = new Set(hypotheses.map(({ words }) => words));
    for (const [id, words] of Object.entries(causes)) {
      expect(ids).toContain(id);
      if (!known.has(words)) expect(words).toBe(zeroBelow(-51.98).words);
    }
  });

  it('should have faults of each class, and of each difficulty at least 15', () => {
    expect(new Set(zoo.map((entry) => entry.class))).toEqual(new Set(faultClasses));
    for (const difficulty of ['easy', 'medium', 'hard', 'very hard']) {
      expect(zoo.filter((entry) => entry.difficulty === difficulty).length).toBeGreaterThanOrEqual(15);
    }
  });

  it('should hold kernels of the one operation that is said', () => {
    for (const { kernel, operation } of zoo) expect(operationsOf(kernel)).toEqual([operation]);
  });

  it.each(entries)(
    '%s should fail in its bucket on its counterexample, and the exact answer not',
    async (_, entry) => {
      const { operation, counterexample, bucket } = entry;
      const target = targetOf(entry);
      const oracle = createOracle(counterexample);
      const { violations } = await examineByAllLaws(target, operation, oracle);
      expect(violations.map(bucketOf)).toContain(bucket);
      const profile = profileOf(target);
      expect(judge(oracle, operation, oracle.rounded(operation, profile.answer), profile)).toEqual([]);
    },
  );

  // In little time one in six of them.
  it.each(byEffort([1], [1, 2]))(
    'should be found out by the first 500 cases of seed %i, unless hard',
    async (seed) => {
      const cases = generated(seed);
      let missed = zoo
        .filter(({ difficulty }) => difficulty === 'easy' || difficulty === 'medium')
        .filter((_, k) => k % byEffort(6, 1) === 0);
      for (let from = 0; from < 500 && missed.length > 0; from += 10)
        missed = await missedBy(cases, [from, from + 10], missed);
      expect(missed.map(({ id, name }) => `${id} ${name}`)).toEqual([]);
    },
  );
});

describe('correct designs', () => {
  const subjects = designs.map((target) => ({ target, operations: operationsOf(target.kernel) }));

  /** Who is blamed in a campaign of these cases, and for what. */
  async function blames(cases: Cases, range: Range): Promise<string[]> {
    const { tallies } = await createExplorer(subjects, cases, Number.POSITIVE_INFINITY)(range);
    return tallies.flatMap(({ discoveries }, k) =>
      [...discoveries]
        .filter(([bucket]) => !designs[k].known.some((known) => matchesBucket(known.bucket, bucket)))
        .map(([bucket, { simplest }]) => `${designs[k].name}: ${bucket}, case ${simplest.case}`),
    );
  }

  // Longer ones, and those of most faults, are left to `npm run test:designs`, which has all.
  it('should not be blamed for the counterexample of a fault, of up to 16 logits', async () => {
    const short = zoo
      .filter(({ counterexample }) => counterexample.logits.length <= 16)
      .filter((_, k) => k % byEffort(30, 3) === 0);
    const saved = short.map(({ id, counterexample }) => ({ batch: counterexample, file: id }));
    const cases = casesOf({ seed: 0, saved, generation: {} });
    expect(await blames(cases, [-cases.given, 0])).toEqual([]);
  });

  it('should not be blamed for what the generator draws', async () => {
    expect(await blames(generated(20260101), [0, byEffort(3, 20)])).toEqual([]);
  });
});
