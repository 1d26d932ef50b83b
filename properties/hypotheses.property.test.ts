/** The laws of known ways to be wrong: each is wrong, by the judge, and nowhere but where it says; without its change it is right. */
import { describe, expect, it } from 'vitest';
import { isWrong } from '../src/campaign/explain/is-wrong.ts';
import { casesOf } from '../src/campaign/explore/cases.ts';
import type { Batch } from '../src/core/batch.ts';
import { answerOf, type CompleteKernel } from '../src/core/kernel.ts';
import { type Operation, operations, usesTargets } from '../src/core/operation.ts';
import { bucketOf } from '../src/core/violation.ts';
import { supportedCauses } from '../src/hypotheses/evidence.ts';
import type { Hypothesis } from '../src/hypotheses/hypothesis.ts';
import { hypotheses } from '../src/hypotheses/known.ts';
import { kernelWith } from '../src/hypotheses/steps.ts';
import { changedBy, kernelOf } from '../src/hypotheses/wrong.ts';
import { judge } from '../src/judge/judge.ts';
import { lossNames, takesScores } from '../src/options/index.ts';
import { createOracle } from '../src/oracle/exact.ts';
import { sequentialProfile } from '../src/row/profiles.ts';
import { byEffort } from './support/effort.ts';
import { findingOf } from './support/findings.ts';

/** decimal.js takes seconds for more logits, and so does all that is wrong with them: is-wrong.test.ts holds to the judge what is asked then. */
const MANY_LOGITS = 2100;

function bucketsOf(kernel: CompleteKernel, batch: Batch, asked: readonly Operation[]): string[] {
  const oracle = createOracle(batch);
  const isWrongBy = (operation: Operation): boolean =>
    isWrong(oracle, operation, answerOf(kernel, operation, batch), sequentialProfile);
  if (batch.logits.length > MANY_LOGITS)
    return [asked.filter((each) => each !== 'crossEntropy').find(isWrongBy)].flatMap((each) => each ?? []);
  return asked.flatMap((operation) => {
    const answer = answerOf(kernel, operation, batch);
    return judge(oracle, operation, answer, sequentialProfile).map(bucketOf);
  });
}

const rightKernel = kernelWith({});

const hasLossOptions = ({ options = {} }: Batch): boolean =>
  lossNames.some((name) => options[name] !== undefined);

/** The operations that it changes and that take the options of the batch. */
const askedOf = (hypothesis: Hypothesis, batch: Batch): readonly Operation[] =>
  changedBy(hypothesis).filter(
    (each) => takesScores(each, batch.options) && (usesTargets(each) || !hasLossOptions(batch)),
  );

describe('hypotheses', () => {
  it.each(hypotheses)(
    '$words: should be wrong on its witness, and right without the change',
    (hypothesis) => {
      const batch = hypothesis.witness();
      expect(hypothesis.needs?.isMet(batch) ?? true).toBe(true);
      const asked = askedOf(hypothesis, batch);
      const buckets = bucketsOf(kernelOf(hypothesis), batch, asked);
      expect(buckets).not.toEqual([]);
      const shown = operations.filter((each) => buckets.some((bucket) => bucket.split('/')[0] === each));
      expect(bucketsOf(rightKernel, batch, shown)).toEqual([]);
    },
  );

  it('should show what is wrong with the options of scores by every operation that is asked for a cause, but for what changes nothing there', () => {
    const unshown = hypotheses
      .filter(({ ofOptions, isBackward }) => ofOptions?.scores !== undefined && !isBackward)
      .flatMap((hypothesis) => {
        const batch = hypothesis.witness();
        const { words } = hypothesis;
        const isShown = (each: Operation): boolean =>
          bucketsOf(kernelOf(hypothesis), batch, [each]).length > 0;
        const asked = askedOf(hypothesis, batch);
        return asked.filter((each) => !isShown(each)).map((each) => `${words}: ${each}`);
      });
    // ln 2 + -3.4e38 and ln 3 + -3.4e38 are one number.
    expect(unshown).toEqual(['has -3.4028235e+38 for the score of what the mask hides: logSumExp']);
  });

  const told = hypotheses.filter(
    ({ witness }, k) => k % byEffort(8, 1) === 0 && witness().logits.length <= MANY_LOGITS,
  );
  it.each(told)('$words: should be told of a target that has this mistake', async (hypothesis) => {
    const batch = hypothesis.witness();
    const kernel = kernelOf(hypothesis);
    const operation = askedOf(hypothesis, batch).find((each) => bucketsOf(kernel, batch, [each]).length > 0);
    const output = answerOf(kernel, operation as Operation, batch);
    const [violation] = judge(createOracle(batch), operation as Operation, output, sequentialProfile);
    const bucket = bucketOf(violation);
    const finding = findingOf({ ...violation, batch, output, bucket, profile: 'sequential', boundary: null });
    const causes = await supportedCauses(finding, {
      given: (_, asked) => asked,
      answer: async (by, asked) => answerOf(kernel, by, asked),
    });
    const words = causes?.map((cause) => cause.words) ?? [];
    expect(words).toContain(hypothesis.words);
    // What answers alike by this operation.
    expect(words.length).toBeLessThanOrEqual(2);
  });

  it('should differ in their words', () => {
    expect(new Set(hypotheses.map(({ words }) => words)).size).toBe(hypotheses.length);
  });

  it('should answer as a right kernel, bit for bit, where they need another shape or options, and by operations that they do not change', () => {
    const cases = casesOf({ seed: 3, saved: [], generation: { upstream: true, maxCols: 300, maxRows: 20 } });
    const kernels = hypotheses.map((hypothesis) => ({
      ...hypothesis,
      changed: hypothesis.ofOptions?.scores === undefined ? changedBy(hypothesis) : [],
      kernel: kernelOf(hypothesis),
    }));
    for (let number = 0; number < byEffort(8, 30); number++) {
      const { batch } = cases.at(number);
      for (const operation of operations) {
        const right = answerOf(rightKernel, operation, batch);
        for (const { words, needs, changed, kernel } of kernels) {
          if (changed.includes(operation) && (needs?.isMet(batch) ?? true)) continue;
          const isSame = answerOf(kernel, operation, batch).every((each, k) => Object.is(each, right[k]));
          expect(isSame, `${words}, case ${number}, ${operation}`).toBe(true);
        }
      }
    }
  });
});
