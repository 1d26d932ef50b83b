import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { hostileRun } from '../../properties/support/hostile.ts';
import type { CaseObservation } from '../campaign/explore/observations.ts';
import { batchOf } from '../core/batch.ts';
import { inertRun } from './inert.ts';
import { toObservations } from './tyche.ts';

const text = v.pipe(v.string(), v.regex(/^[^\p{Cf}]*$/u));

/** As Hypothesis publishes it, and what Tyche's own schema asks beyond that: features that are numbers or texts. */
const lineSchema = v.variant('type', [
  v.strictObject({
    type: v.literal('test_case'),
    status: v.picklist(['passed', 'failed', 'gave_up']),
    status_reason: text,
    representation: text,
    arguments: v.record(v.string(), v.unknown()),
    how_generated: text,
    features: v.record(v.string(), v.union([v.pipe(v.number(), v.finite()), text])),
    coverage: v.null(),
    timing: v.record(v.string(), v.number()),
    metadata: v.record(v.string(), v.unknown()),
    property: text,
    run_start: v.number(),
  }),
  v.strictObject({
    type: v.literal('info'),
    title: text,
    content: text,
    property: text,
    run_start: v.number(),
  }),
]);

function parse(jsonLines: string): v.InferOutput<typeof lineSchema>[] {
  expect(jsonLines.endsWith('\n')).toBe(true);
  return jsonLines
    .trimEnd()
    .split('\n')
    .map((line) => v.parse(lineSchema, JSON.parse(line)));
}

const context = { date: new Date(61_500), strict: false };

function observed(rows: number[][], changes: Partial<CaseObservation> = {}): CaseObservation {
  const batch = batchOf(rows);
  return {
    target: 'right',
    operation: 'softmax',
    case: 3,
    families: ['spikes', 'ties'],
    batch,
    wrong: [],
    ...changes,
  };
}

describe('toObservations', () => {
  it('should be lines as Hypothesis writes them, whatever the texts are', () => {
    const lines = parse(toObservations(inertRun(hostileRun()), context));
    expect(lines.map(({ type, run_start }) => [type, run_start])).toEqual([
      ['info', 60],
      ['test_case', 60],
      ['test_case', 60],
      ['info', 60],
      ['test_case', 60],
      ['test_case', 60],
      ['info', 60],
    ]);
    expect(lines.map((line) => line.type === 'test_case' && line.status)).toEqual([
      false,
      'failed',
      'failed',
      false,
      'passed', // A warning.
      'failed',
      false,
    ]);
    expect(lines[1]).toMatchObject({
      representation: 'softmax([89])',
      how_generated: 'shrunk from seed -7, case 12',
      features: { rows: 1, cols: 1, 'largest logit': 89, bucket: 'softmax/nan/exp-overflow' },
    });
  });

  it('should have what was observed of single cases', () => {
    const { POSITIVE_INFINITY: infinity, NaN: nan } = Number;
    const observations = [
      observed([[1, -2]]),
      observed([[infinity], [infinity]]),
      observed([[nan, infinity, 3]]),
    ];
    const lines = parse(toObservations(inertRun(hostileRun()), { ...context, observations })).slice(-3);
    expect(lines[0]).toEqual({
      type: 'test_case',
      property: 'right softmax',
      run_start: 60,
      status: 'passed',
      status_reason: '',
      representation: 'softmax([1, -2])',
      arguments: { rows: 1, cols: 2 },
      how_generated: 'generated: spikes, ties',
      features: {
        operation: 'softmax',
        rows: 1,
        cols: 2,
        'special logits': 'none',
        'largest logit': 1,
        'least logit': -2,
        spread: 3,
        options: 'none',
        families: 'spikes, ties',
      },
      coverage: null,
      timing: {},
      metadata: { case: 3 },
    });
    const special = lines.map((line) => line.type === 'test_case' && line.features['special logits']);
    expect(special).toEqual(['none', 'infinite', 'NaN']);
  });
});
