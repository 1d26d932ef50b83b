import { describe, expect, it } from 'vitest';
import type { AccuracySummary } from '../campaign/explore/accuracy.ts';
import { formatAccuracies } from './accuracy.ts';

const worst = { error: 5160.2, case: 13_481, index: 75, cols: 70, logits: null };
const softmax: AccuracySummary = {
  operation: 'softmax',
  numbers: 100,
  typicalUlp: 0.2573,
  highUlp: 12.3,
  ulps: new Map(),
  worstUlp: worst,
  typicalUse: 0.1,
  worstUse: { ...worst, error: 0.4123 },
};
const loss: AccuracySummary = {
  ...softmax,
  operation: 'crossEntropy',
  worstUse: { error: 0.9, case: -1, index: 0, cols: 2, logits: Float32Array.of(0, -16.5) },
};

describe('formatAccuracies', () => {
  it('should be a table of what was measured', () => {
    expect(`\n${formatAccuracies([softmax, loss]).join('\n')}\n`).toMatchInlineSnapshot(`
      "
        accuracy, in ULP  typical  99.9 %  worst  of the budget  most of it at
        softmax           0.257    12.3    5160   0.412          a row of 70, output[5] (case 13,481)
        crossEntropy      0.257    12.3    5160   0.9            [0, -16.5] (a given case)
      "
    `);
  });

  it('should be nothing where nothing was', () => {
    expect(formatAccuracies([])).toEqual([]);
  });
});
