import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import type { Finding } from '../core/finding.ts';
import { binOf } from '../core/histogram.ts';
import { compareFindings, merge } from './merge.ts';

const size = { absoluteError: 1, relativeError: 1, errorUlp: 1, budgetUse: 1, weight: 1 };

function finding(bucket: string, logit: number, more: Partial<Finding> = {}): Finding {
  const [operation, kind] = bucket.split('/') as [Finding['operation'], Finding['kind']];
  const batch = batchOf([[logit]]);
  const severity = bucket.endsWith('/warning') ? 'warning' : 'error';
  return {
    target: { name: 'mine', specifier: './mine.mjs' },
    profile: 'default',
    operation,
    property: 'accuracy',
    kind,
    severity,
    bucket,
    known: false,
    exceeds: null,
    batch,
    output: null,
    expected: Float32Array.of(1),
    index: 0,
    ...size,
    detail: null,
    boundary: null,
    worst: { batch, ...size, weight: logit },
    weights: new Map([[binOf(logit), 1]]),
    typicalWeight: 1,
    original: batch,
    origin: { by: 'article' },
    occurrences: 1,
    explanation: null,
    shrink: { evaluations: 0, improvements: 0, minimal: true },
    ...more,
  };
}

describe('merge', () => {
  it('should leave out what is nondeterministic beside an error that needs calls before it, of its operation', () => {
    const before = [{ operation: 'softmax' as const, batch: batchOf([[0]]) }];
    const unsteady = finding('softmax/nondeterministic/warning', 0);
    const other = finding('logSoftmax/nondeterministic/warning', 0);
    const needsCalls = finding('softmax/nan/ordinary', 0, { before });
    expect(merge([unsteady, other, needsCalls])).toEqual([other, needsCalls]);
    const alone = finding('softmax/nan/ordinary', 0);
    expect(merge([unsteady, alone])).toEqual([unsteady, alone]);
  });

  it('should prefer what needs fewer calls before it, whatever its input', () => {
    const call = { operation: 'softmax' as const, batch: batchOf([[0]]) };
    const [alone, two] = [
      finding('softmax/nan/ordinary', 5),
      finding('softmax/nan/ordinary', 0, { before: [call] }),
    ];
    const three = finding('softmax/nan/ordinary', 0, { before: [call, call] });
    expect(merge([three, two]).map(({ before }) => before?.length)).toEqual([1]);
    expect(merge([two, alone, three]).map(({ batch, before }) => [batch, before])).toEqual([
      [alone.batch, undefined],
    ]);
  });

  it('should keep the simpler batch, the worse error and the sum of the occurrences', () => {
    const [merged, ...others] = merge([
      finding('softmax/inaccurate/ordinary', 3),
      finding('softmax/inaccurate/ordinary', 2),
    ]);
    expect(others).toEqual([]);
    expect(merged.batch.logits).toEqual(Float32Array.of(2));
    expect(merged.worst.weight).toBe(3);
    expect(merged.occurrences).toBe(2);
  });

  it('should keep apart what is over 16 times as heavy, and put it first', () => {
    const weighing = (weight: number, logit: number) =>
      finding('crossEntropy/inaccurate/ordinary', logit, { ...size, weight });
    const merged = merge([weighing(1e-7, 1), weighing(0.5, 3), weighing(1.5e-6, 4), weighing(0.04, 2)]);
    expect(merged.map(({ weight, batch }) => [weight, batch.logits[0]])).toEqual([
      [0.04, 2],
      [1e-7, 1],
    ]);
  });

  it('should leave a warning out beside an error of the same operation and kind only', () => {
    const buckets = merge([
      finding('softmax/inaccurate/ordinary/warning', 1),
      finding('softmax/zeroed/underflow/warning', 1),
      finding('softmax/inaccurate/masked', 1),
    ])
      .sort(compareFindings)
      .map(({ bucket }) => bucket);
    expect(buckets).toEqual(['softmax/inaccurate/masked', 'softmax/zeroed/underflow/warning']);
  });

  it('should put new findings first, then errors, then operations in their order', () => {
    const buckets = [
      finding('softmax/nan/exp-overflow', 1, { known: true }),
      finding('logSoftmax/zeroed/underflow/warning', 1),
      finding('logSumExp/nan/exp-overflow', 1),
      finding('softmax/nan/exp-underflow', 1),
    ]
      .sort(compareFindings)
      .map(({ bucket }) => bucket);
    expect(buckets).toEqual([
      'softmax/nan/exp-underflow',
      'logSumExp/nan/exp-overflow',
      'logSoftmax/zeroed/underflow/warning',
      'softmax/nan/exp-overflow',
    ]);
  });
});
