import { describe, expect, it } from 'vitest';
import { noLimits, recordedOf, resultWith } from '../../properties/support/findings.ts';
import { formatComparison } from './comparison.ts';

describe('formatComparison', () => {
  it('should be two tables, with the buckets of the run, or lists where those are too wide', () => {
    const recorded = recordedOf();
    const { operation } = recorded.finding;
    const result = resultWith({ findings: [recorded] });
    const { name } = result.target;
    const measured = [
      { target: name, operation, errorUlp: 2.5, budgetUse: 0.125, notFinite: 0, unanswered: 0 },
      {
        target: 'other',
        operation,
        errorUlp: 0,
        budgetUse: Number.POSITIVE_INFINITY,
        notFinite: 7,
        unanswered: 3,
      },
    ];
    const comparison = {
      targets: [name, 'other'],
      batches: 9,
      measured,
      semantics: [{ question: 'softmax([5])', answers: ['1', 'threw'] }],
      accuracy: [],
    };
    const run = { seed: 1, limits: noLimits, elapsedMs: 1, interrupted: false, targets: [result] };
    const lines = formatComparison(comparison, run)
      .split('\n')
      .map((line) => line.replace(/ +/g, ' '));
    expect(lines[0]).toBe('errors on 9 small batches, and buckets of the whole campaign');
    expect(lines[4]).toBe(`| ${operation} | ${name} | 2.5 ULP | 0.125 | 0 | 1 |`);
    expect(lines[5]).toBe(`| ${operation} | other | 0 ULP | none allowed | 3 unanswered | 0 |`);
    expect(lines[9]).toBe('| softmax([5]) | 1 | threw |');
    expect(formatComparison(comparison, run, 120)).toMatch('| operation');
    expect(formatComparison(comparison, run, 60).split('\n').slice(2)).toEqual([
      operation,
      `  ${name.padEnd(5)}  2.5 ULP, 0.125 of its budget, buckets: 1`,
      `  ${'other'.padEnd(name.length)}  0 ULP, where none is allowed, 3 unanswered`,
      'softmax([5])',
      `  1: ${name}`,
      '  threw: other',
    ]);
    const change = { operation: 'softmax', from: 0, to: 1, cols: 12, of: 'worst' } as const;
    const lost = { ...change, before: [0.1, 0.2], after: [0.3, 0.4], isLoss: true } as const;
    const accuracy = [{ target: 'other', against: name, changes: [lost] }];
    expect(
      formatComparison({ ...comparison, accuracy }, run)
        .split('\n')
        .slice(-2),
    ).toEqual([
      '',
      `- other, against ${name}: less accurate: softmax, gaps up to 1, rows of 12: worst 0.3 to 0.4 of the budget, was 0.1 to 0.2`,
    ]);
  });
});
