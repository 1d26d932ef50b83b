import { describe, expect, it } from 'vitest';
import { answerOf } from '../../core/kernel.ts';
import { operations } from '../../core/operation.ts';
import { hypotheses } from '../../hypotheses/known.ts';
import { kernelWith } from '../../hypotheses/steps.ts';
import { estimate } from '../../judge/judge.ts';
import { optionNames } from '../../options/index.ts';
import { createOracle } from '../../oracle/exact.ts';
import { profileNamed } from '../../row/profiles.ts';
import { builtinTarget } from '../../targets/builtin.ts';
import { batchFor, casesOf } from '../explore/cases.ts';
import { isWrong } from './is-wrong.ts';

describe('isWrong', () => {
  it('should say whether the judge finds anything, with options and without', () => {
    const kernels = [{}, ...hypotheses.map(({ changes }) => changes)].map((changes) => kernelWith(changes));
    const target = builtinTarget('stable');
    const generation = { upstream: true, options: optionNames, maxRows: 5, maxCols: 40 };
    const { at } = casesOf({ seed: 5, saved: [], generation });
    const said = { wrong: 0, right: 0, withOptions: 0 };
    for (let number = 0; number < 30; number++) {
      for (const operation of operations) {
        const oracle = createOracle(batchFor(at(number), target, operation));
        for (let k = number % 8; k < kernels.length; k += 8) {
          const answer = answerOf(kernels[k], operation, oracle.batch);
          for (const profile of ['strict', 'sequential'].map(profileNamed)) {
            const wrong = estimate(oracle, operation, answer, profile).length > 0;
            expect(isWrong(oracle, operation, answer, profile)).toBe(wrong);
            said[wrong ? 'wrong' : 'right']++;
            if (wrong && oracle.batch.options !== undefined) said.withOptions++;
          }
        }
      }
    }
    expect(Math.min(said.wrong, said.right, said.withOptions)).toBeGreaterThan(500);
  });
});
