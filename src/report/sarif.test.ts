import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { noLimits, recordedOf, resultWith } from '../../properties/support/findings.ts';
import { hostileRun } from '../../properties/support/hostile.ts';
import { inertRun } from './inert.ts';
import { toSarif } from './sarif.ts';

const context = { date: new Date(0), strict: false };
const text = v.pipe(v.string(), v.regex(/^[^\p{Cc}\p{Cf}]*(?:\n[^\p{Cc}\p{Cf}]*)*$/u));

/** What version 2.1.0 of the schema asks of the parts that we write; nothing else is in them. */
const logSchema = v.strictObject({
  $schema: v.pipe(v.string(), v.url()),
  version: v.literal('2.1.0'),
  runs: v.array(
    v.strictObject({
      tool: v.strictObject({
        driver: v.strictObject({
          name: text,
          semanticVersion: v.pipe(v.string(), v.regex(/^\d+\.\d+\.\d+/)),
          rules: v.array(
            v.strictObject({
              id: text,
              shortDescription: v.strictObject({ text }),
              defaultConfiguration: v.strictObject({
                level: v.picklist(['none', 'note', 'warning', 'error']),
              }),
            }),
          ),
        }),
      }),
      automationDetails: v.strictObject({ id: text }),
      columnKind: v.picklist(['utf16CodeUnits', 'unicodeCodePoints']),
      invocations: v.array(
        v.strictObject({
          executionSuccessful: v.boolean(),
          endTimeUtc: v.pipe(v.string(), v.isoTimestamp()),
        }),
      ),
      properties: v.object({}),
      results: v.array(
        v.strictObject({
          ruleId: text,
          ruleIndex: v.pipe(v.number(), v.integer(), v.minValue(0)),
          level: v.picklist(['none', 'note', 'warning', 'error']),
          message: v.strictObject({ text }),
          locations: v.array(
            v.strictObject({
              physicalLocation: v.strictObject({
                artifactLocation: v.strictObject({
                  uri: v.pipe(v.string(), v.regex(/^(?:[\w!'()*.~/:-]|%[0-9A-F]{2})+$/)),
                }),
                region: v.strictObject({ startLine: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
              }),
              logicalLocations: v.array(v.strictObject({ fullyQualifiedName: text, kind: text })),
            }),
          ),
          partialFingerprints: v.record(v.string(), text),
          suppressions: v.optional(
            v.array(v.strictObject({ kind: v.picklist(['inSource', 'external']), justification: text })),
          ),
          properties: v.object({}),
        }),
      ),
    }),
  ),
});

function parse(sarif: string): v.InferOutput<typeof logSchema> {
  return v.parse(logSchema, JSON.parse(sarif));
}

describe('toSarif', () => {
  it('should be the log under snapshot', async () => {
    const targets = [resultWith({ verdict: 'falsified', findings: [recordedOf()] })];
    const log = toSarif(
      { seed: 42, limits: noLimits, elapsedMs: 61_000, interrupted: true, targets },
      context,
    );
    parse(log);
    await expect(log.replace(/"semanticVersion": "[^"]+"/, '"semanticVersion": "x"')).toMatchFileSnapshot(
      'snapshots/results.sarif',
    );
  });

  it('should keep to version 2.1.0 whatever the texts are, and tell errors, warnings and what is known apart', () => {
    const [{ results, tool }] = parse(toSarif(inertRun(hostileRun()), context)).runs;
    expect(results.map(({ level, suppressions }) => [level, suppressions?.length ?? 0])).toEqual([
      ['error', 0],
      ['error', 0],
      ['warning', 0],
      ['note', 1],
    ]);
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
    expect(results[1].message.text.length).toBeLessThan(1500);
  });

  it('should be at the file of the target, or at that of the finding where it has none', () => {
    const uriOf = (specifier: string): string => {
      const target = { name: 'mine', specifier, profile: 'default', known: [] };
      const targets = [resultWith({ target, findings: [recordedOf({ target })] })];
      const run = { seed: 1, limits: noLimits, elapsedMs: 1, interrupted: false, targets };
      return parse(toSarif(run, context)).runs[0].results[0].locations[0].physicalLocation.artifactLocation
        .uri;
    };
    expect(uriOf('./a folder/k.mjs#softmax')).toBe('a%20folder/k.mjs');
    expect(uriOf('/a folder/k.mjs')).toBe('file:///a%20folder/k.mjs');
    expect(uriOf('npm:some-package')).toBe('reports/latest/findings/7c1e0400.json');
  });
});
