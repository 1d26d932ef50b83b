import type { RecordedRun } from '../../src/record/run.ts';
import { noLimits, recordedOf, resultWith } from './findings.ts';

/** Text that would do something in each of the formats of a report. */
export const hostile = '::error::\u001b[31m</failure>]]><script>&"\' `|\n##[error]\u202e%0A,';

/** A run of two targets, of which one holds. The other has two faults of the user's kernel, a warning and a known one, whose texts are as hostile as they can be. */
export function hostileRun(): RecordedRun {
  const target = { name: hostile, specifier: `./${hostile}.mjs`, profile: 'default', known: [] };
  const thrown = {
    kind: 'threw',
    bucket: 'softmax/threw',
    output: null,
    index: null,
    boundary: null,
  } as const;
  const findings = [
    recordedOf({ target }),
    recordedOf({ target, ...thrown, detail: hostile.repeat(20) }, '00000002'),
    recordedOf(
      {
        target,
        operation: 'logSumExp',
        bucket: 'logSumExp/inaccurate/ordinary/warning',
        kind: 'inaccurate',
        severity: 'warning',
      },
      '00000003',
    ),
    recordedOf(
      { target, operation: 'logSumExp', bucket: 'logSumExp/zeroed/ordinary', known: true },
      '00000004',
    ),
  ];
  return {
    seed: 1,
    limits: noLimits,
    elapsedMs: 1500,
    interrupted: false,
    targets: [
      resultWith({
        target: { ...target, notes: [hostile] },
        operations: ['softmax', 'logSumExp'],
        verdict: 'falsified',
        findings,
        notFound: [hostile],
      }),
      resultWith({ target: { ...target, name: 'right', specifier: 'stable' } }),
    ],
  };
}
