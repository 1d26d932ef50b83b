import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { noLimits, recordedOf, resultWith } from '../../properties/support/findings.ts';
import { runSchema } from '../record/run-file.ts';
import { packageVersion } from '../record/state-file.ts';
import { toJson } from './json.ts';

describe('toJson', () => {
  it('should have the fields that the README names, with floats as words', () => {
    const targets = [resultWith({ verdict: 'falsified', findings: [recordedOf()] })];
    const limits = { ...noLimits, runs: 400, cols: 1 };
    const run = { seed: -7, limits, elapsedMs: 12.7, interrupted: false, targets };
    expect(toJson(run, new Date(0))).toEqual({
      schemaVersion: 1,
      version: packageVersion,
      date: '1970-01-01T00:00:00.000Z',
      seed: -7,
      shard: null,
      options: { runs: 400, maxTimeMs: null, shrinkTimeMs: null, rows: null, cols: 1 },
      elapsedMs: 13,
      interrupted: false,
      targets: [
        {
          name: 'mine',
          specifier: './mine.mjs',
          profile: 'default',
          operations: ['softmax'],
          cases: 401,
          elements: 12345,
          verdict: 'falsified',
          accuracy: [],
          errors: [],
          coverage: [],
          notes: [],
          notFound: [],
          unshrunk: 0,
          faults: [{ lead: '7c1e0400', cause: null, findings: ['7c1e0400'] }],
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
              shrink: { minimal: true, cut: false, next: null },
              file: 'reports/latest/findings/7c1e0400.json',
            },
          ],
        },
      ],
    });
  });

  it('should say what was left unshrunk and how to go on, and satisfy its schema', () => {
    const shrink = { evaluations: 3, improvements: 1, minimal: false, cut: true };
    const findings = [recordedOf(), recordedOf({ shrink, output: null }, '00000001')];
    const targets = [resultWith({ verdict: 'falsified', findings, notFound: ['softmax/threw'] })];
    const shard = { index: 2, count: 3 };
    const file = toJson(
      { seed: 1, limits: noLimits, shard, elapsedMs: 1, interrupted: true, targets },
      new Date(),
    );
    expect(v.parse(runSchema, file)).toEqual(file);
    expect(file).toMatchObject({
      interrupted: true,
      shard,
      targets: [{ unshrunk: 1, notFound: ['softmax/threw'] }],
    });
    expect(file.targets[0].findings[1].shrink).toEqual({
      minimal: false,
      cut: true,
      next: 'npx softmax-fuzz minimize reports/latest/findings/00000001.json --target ./mine.mjs',
    });
  });
});
