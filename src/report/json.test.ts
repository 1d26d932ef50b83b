import { describe, expect, it } from 'vitest';
import { recordedOf, resultWith } from '../../properties/support/findings.ts';
import { toJson } from './json.ts';

describe('toJson', () => {
  it('should have the fields that the README names, with floats as words', () => {
    const targets = [resultWith({ verdict: 'falsified', findings: [recordedOf()] })];
    expect(toJson({ seed: -7, elapsedMs: 12.7, interrupted: false, targets })).toEqual({
      schemaVersion: 1,
      seed: -7,
      elapsedMs: 13,
      targets: [
        {
          name: 'mine',
          operations: ['softmax'],
          cases: 401,
          elements: 12345,
          verdict: 'falsified',
          accuracy: [],
          findings: [
            {
              id: '7c1e0400',
              bucket: 'softmax/nan/exp-overflow',
              operation: 'softmax',
              property: 'finite',
              kind: 'nan',
              severity: 'error',
              known: false,
              exceeds: null,
              errorUlp: null,
              budgetUse: null,
              absoluteError: null,
              relativeError: null,
              weight: null,
              worstWeight: null,
              typicalWeight: null,
              occurrences: 1234,
              rows: 1,
              cols: 1,
              logits: ['42b20000'],
              targets: [0],
              upstream: null,
              output: ['7fc00000'],
              expected: ['3f800000'],
              file: 'reports/latest/findings/7c1e0400.json',
            },
          ],
        },
      ],
    });
  });
});
