import type { RunLimits } from '../../src/campaign/result.ts';
import { noSize } from '../../src/core/error-size.ts';
import type { Finding } from '../../src/core/finding.ts';
import { batchOf } from '../../src/index.ts';
import type { RecordedFinding, RecordedTarget } from '../../src/record/run.ts';

const simplest = batchOf([[89]]);

/** Of a run of which it does not matter what limited it. */
export const noLimits: RunLimits = {
  runs: null,
  maxTimeMs: null,
  shrinkTimeMs: null,
  rows: null,
  cols: null,
};

/** A finding as a campaign gives it, but for `changes`: a kernel of a user's that forgets the max. */
export function findingOf(changes: Partial<Finding> = {}): Finding {
  return {
    target: { name: 'mine', specifier: './mine.mjs' },
    profile: 'default',
    operation: 'softmax',
    property: 'finite',
    kind: 'nan',
    severity: 'error',
    bucket: 'softmax/nan/exp-overflow',
    known: false,
    exceeds: null,
    batch: simplest,
    output: Float32Array.of(Number.NaN),
    expected: Float32Array.of(1),
    index: 0,
    ...noSize,
    detail: null,
    boundary: { cell: 0, passes: 88.72283172607422, fails: 88.72283935546875 },
    explanation: { values: 16, logits: [], classes: 0, targets: [], upstream: [], together: null },
    worst: { batch: batchOf([[1000, 1, -1000]]), ...noSize },
    weights: new Map(),
    typicalWeight: Number.POSITIVE_INFINITY,
    original: batchOf([[1000, 1, -1000]]),
    origin: { by: 'generated', seed: -7, case: 12, families: ['spikes'] },
    occurrences: 1234,
    shrink: { evaluations: 41, improvements: 6, minimal: true },
    ...changes,
  };
}

/** A finding as it was recorded, with an id and a file of its own. */
export function recordedOf(changes: Partial<Finding> = {}, id = '7c1e0400'): RecordedFinding {
  return { finding: findingOf(changes), id, file: `reports/latest/findings/${id}.json` };
}

/** What a campaign shows of the user's kernel, but for `changes`. */
export function resultWith(changes: Partial<RecordedTarget> = {}): RecordedTarget {
  return {
    target: { name: 'mine', specifier: './mine.mjs', profile: 'default', known: [] },
    operations: ['softmax'],
    cases: 401,
    elements: 12345,
    accuracies: [],
    places: new Map(),
    coverage: new Map(),
    verdict: 'held',
    findings: [],
    notFound: [],
    ...changes,
  };
}
