/** The laws of known ways to be wrong: each is wrong, by the judge, and nowhere but where it says; without its change it is right. */
import { describe, expect, it } from 'vitest';
import { casesOf } from '../src/campaign/cases.ts';
import type { Batch } from '../src/core/batch.ts';
import { type CompleteKernel, callKernel } from '../src/core/kernel.ts';
import { type Operation, operations } from '../src/core/operation.ts';
import { bucketOf } from '../src/core/violation.ts';
import type { Hypothesis } from '../src/hypotheses/hypothesis.ts';
import { hypotheses } from '../src/hypotheses/known.ts';
import { kernelWith } from '../src/hypotheses/steps.ts';
import { estimate, judge } from '../src/judge/judge.ts';
import { createOracle } from '../src/oracle/exact.ts';
import { sequentialProfile } from '../src/row/profile.ts';

function answerOf(kernel: CompleteKernel, operation: Operation, batch: Batch): Float32Array {
  const answer = callKernel(kernel, operation, batch) as number | Float32Array;
  return typeof answer === 'number' ? Float32Array.of(answer) : answer;
}

/** decimal.js takes seconds for longer rows; what double precision says of them is held to it elsewhere. */
const LONG_ROW = 2100;

function bucketsOf(kernel: CompleteKernel, batch: Batch): string[] {
  const oracle = createOracle(batch);
  const verdict = batch.cols > LONG_ROW ? estimate : judge;
  return operations.flatMap((operation) =>
    verdict(oracle, operation, answerOf(kernel, operation, batch), sequentialProfile).map(bucketOf),
  );
}

const rightKernel = kernelWith({});

describe('hypotheses', () => {
  it.each(hypotheses)(
    '$words: should be wrong on its witness, and right without the change',
    (hypothesis) => {
      const batch = hypothesis.witness();
      expect(hypothesis.needs?.isMet(batch) ?? true).toBe(true);
      expect(bucketsOf(rightKernel, batch)).toEqual([]);
      expect(bucketsOf(kernelWith(hypothesis.changes), batch)).not.toEqual([]);
    },
  );

  it('should differ in their words', () => {
    expect(new Set(hypotheses.map(({ words }) => words)).size).toBe(hypotheses.length);
  });

  it('should answer as a right kernel, bit for bit, where they need another shape', () => {
    const cases = casesOf({ seed: 3, saved: [], generation: { upstream: true, maxCols: 300, maxRows: 20 } });
    const needing = hypotheses.filter((each): each is Required<Hypothesis> => each.needs !== undefined);
    for (let number = 0; number < 60; number++) {
      const { batch } = cases.at(number);
      for (const { words, changes, needs } of needing) {
        if (needs.isMet(batch)) continue;
        const kernel = kernelWith(changes);
        for (const operation of operations)
          expect(answerOf(kernel, operation, batch), `${words}, case ${number}, ${operation}`).toEqual(
            answerOf(rightKernel, operation, batch),
          );
      }
    }
  });
});
