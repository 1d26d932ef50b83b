import { describe, expect, it } from 'vitest';
import { findingOf } from '../../properties/support/findings.ts';
import { batchOf } from '../core/batch.ts';
import { triggers } from '../core/trigger.ts';
import { kinds } from '../core/violation.ts';
import { describeAlone, describeCause, describeFactor, describeKind, describeTrigger } from './why.ts';

describe('describeKind and describeTrigger', () => {
  it('should have words of their own for every kind and trigger', () => {
    const words = [
      ...kinds.map((kind) => describeKind(findingOf({ kind }))),
      ...triggers.map((trigger) => describeTrigger(findingOf({ bucket: `softmax/nan/${trigger}/warning` }))),
    ];
    expect(words).not.toContain(null);
    expect(new Set(words).size).toBe(kinds.length + triggers.length);
  });

  it('should have no words where nothing in the row sets it off', () => {
    expect(describeTrigger(findingOf({ bucket: 'softmax/threw' }))).toBeNull();
  });
});

describe('describeCause', () => {
  const batch = batchOf([new Array(1001).fill(0)]);
  const threw = { kind: 'threw', bucket: 'softmax/threw', boundary: null, batch } as const;

  it.each([
    ['cols', 1000, 'it throws from 1,001 columns on, not with 1,000: declare maxCols: 1000 if that is meant'],
    ['rows', 0, 'it throws from 1 rows on, not with 0: declare maxRows: 0 if that is meant'],
    [
      'logits',
      1000,
      'it throws from 1,001 logits (rows times columns) on, not with 1,000: declare maxRows and maxCols, whose product is at most 1000, if that is meant',
    ],
    ['multiple', 4, 'it throws where columns are no multiple of 4: declare multipleOf: 4 if that is meant'],
  ] as const)('should say what to declare where it throws for its %s', (of, passes, words) => {
    const finding = findingOf({ ...threw, sizeBoundary: { of, passes } });
    expect(describeCause(finding)).toEqual({ label: 'Because', words });
  });

  it('should say from which size on another failure is there, and declare nothing', () => {
    const ofSize = { boundary: null, bucket: 'softmax/nan/ordinary', batch };
    const finding = findingOf({ ...ofSize, sizeBoundary: { of: 'cols', passes: 1000 } });
    const words = 'it fails like this from 1,001 columns on, not with 1,000';
    expect(describeCause(finding)).toEqual({ label: 'Because', words });
  });

  it('should say where an offset alone sets it off, and what else the row has', () => {
    const bare = { boundary: null, needs: ['offset'] } as const;
    const wordsOf = (bucket: string) => describeCause(findingOf({ ...bare, bucket }))?.words;
    expect(wordsOf('softmax/nan/ordinary')).toBe(
      'the logits share an offset: moved to a maximum of 0, they pass',
    );
    expect(wordsOf('softmax/nan/exp-underflow')).toMatch(
      /^the logits share an offset \(every logit of .*0\): /,
    );
  });
});

describe('describeAlone and describeFactor', () => {
  it('should say what a row does without others, and a call without those before it', () => {
    expect(describeAlone(findingOf())).toBeNull();
    expect(describeAlone(findingOf({ needs: ['rows'] }))).toBe(
      'no row of it fails like this without the others',
    );
    expect(describeAlone(findingOf({ before: [] }))).toMatch(/^the last call passes/);
  });

  it('should say by what answers are multiplied', () => {
    expect(describeFactor(findingOf())).toBeNull();
    expect(describeFactor(findingOf({ factor: 0.33333334 }))).toBe(
      'every answer is 0.333333 times the exact one, to this input and to two others',
    );
  });
});
