import { describe, expect, it } from 'vitest';
import type { AccuracyChange } from '../campaign/compare/accuracy-changes.ts';
import { describeChanges } from './accuracy-changes.ts';

const change: AccuracyChange = {
  operation: 'softmax',
  from: 16,
  to: 87,
  cols: 2050,
  of: 'worst',
  before: [0.19, 0.24],
  after: [0.38, 0.41],
  isLoss: true,
};

describe('describeChanges', () => {
  it('should be a line for each operation that has lost, and for each that has gained', () => {
    const mean = { ...change, of: 'mean', before: [0.01, 0.01], after: [0.02, 0.03] } as const;
    const loss = {
      ...change,
      operation: 'crossEntropy',
      before: change.after,
      after: [0, 0],
      isLoss: false,
    } as const;
    expect(
      describeChanges([mean, change, loss, { ...mean, from: 87, to: Number.POSITIVE_INFINITY }]),
    ).toEqual([
      'less accurate: softmax, gaps of 16 to 87, rows of 2,050: worst 0.38 to 0.41 of the budget, was 0.19 to 0.24, and 2 more changes',
      'more accurate: crossEntropy, rows of 2,050: worst 0 of the budget, was 0.38 to 0.41',
    ]);
  });

  it('should say where gaps end', () => {
    const of = (from: number, to: number) => describeChanges([{ ...change, from, to }])[0];
    expect(of(0, 1)).toMatch('gaps up to 1,');
    expect(of(87, Number.POSITIVE_INFINITY)).toMatch('gaps over 87,');
  });
});
