import { describe, expect, it } from 'vitest';
import { findingOf } from '../../properties/support/findings.ts';
import { batchOf, createBatch } from '../core/batch.ts';
import { noSize } from '../core/error-size.ts';
import { parseFindingFile, toFindingFile } from './finding-file.ts';
import { toFinding } from './read-finding.ts';

describe('toFinding', () => {
  it.each([
    ['an overflow', findingOf()],
    [
      'an error of some size',
      findingOf({
        errorUlp: 3.25,
        budgetUse: 1.5,
        worst: { batch: batchOf([[-0, 1e-45]]), ...noSize, weight: 9e-8, budgetUse: 8 },
      }),
    ],
    [
      'no answer',
      findingOf({
        output: null,
        index: null,
        boundary: null,
        detail: 'Error: x',
        kind: 'threw',
        property: 'contract',
      }),
    ],
    ['that is not explained', findingOf({ explanation: null })],
    [
      'of a batch too large to be kept twice',
      findingOf({
        batch: createBatch(1, 70_000, new Float32Array(70_000).with(9, 89), [0], null),
        output: { length: 70_000, index: 9, value: Number.NaN },
        expected: { length: 70_000, index: 9, value: 1 },
        index: 9,
        original: { rows: 1, cols: 70_000 },
        worst: { batch: { rows: 1, cols: 70_000 }, ...noSize, errorUlp: 9, budgetUse: 8 },
      }),
    ],
    ['of a saved batch', findingOf({ origin: { by: 'saved', file: 'a.json' } })],
    ["of the article's batch", findingOf({ origin: { by: 'article' } })],
  ])('should give back the finding of a file: %s', (_what, finding) => {
    const text = JSON.stringify(toFindingFile(finding));
    expect(toFinding(parseFindingFile(text, 'f.json'))).toEqual(finding);
  });
});
