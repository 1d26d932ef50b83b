/** A run as SARIF 2.1.0: a result for each fault, at the file that the target is in, or else at the finding's own. */

import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Log, ReportingDescriptor, Result, Run } from 'sarif';
import type { Fault } from '../campaign/explain/faults.ts';
import type { RecordedFinding, RecordedRun, RecordedTarget } from '../record/run.ts';
import { packageVersion } from '../record/state-file.ts';
import { briefly, failsRun, sourceOf } from './brief.ts';
import { recordedFaults } from './causes.ts';
import { replayLine } from './replay-line.ts';
import type { ReportContext } from './reporter.ts';
import { describeKind } from './why.ts';

/** The log of an {@link inertRun}. */
export function toSarif(run: RecordedRun, { date, strict }: ReportContext): string {
  const told = run.targets.flatMap((result) =>
    recordedFaults(result.findings).map((fault) => ({ result, fault })),
  );
  const rules = [...new Map(told.map(({ fault }) => [fault.lead.finding.bucket, fault.lead])).values()];
  const ids = rules.map(({ finding }) => finding.bucket);
  const all: Run = {
    tool: {
      driver: { name: 'softmax-fuzz', semanticVersion: packageVersion, rules: rules.map(ruleOf) },
    },
    automationDetails: { id: 'softmax-fuzz/' },
    columnKind: 'utf16CodeUnits',
    invocations: [{ executionSuccessful: !run.interrupted, endTimeUtc: date.toISOString() }],
    properties: { seed: run.seed },
    results: told.map(({ result, fault }) =>
      resultOf(result, fault, ids.indexOf(fault.lead.finding.bucket), strict),
    ),
  };
  const log: Log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [all],
  };
  return `${JSON.stringify(log, null, 1)}\n`;
}

function ruleOf({ finding }: RecordedFinding): ReportingDescriptor {
  return {
    id: finding.bucket,
    shortDescription: { text: `${finding.operation}: ${describeKind(finding)}` },
    defaultConfiguration: { level: finding.severity },
  };
}

function resultOf(
  { target }: RecordedTarget,
  fault: Fault<RecordedFinding>,
  ruleIndex: number,
  strict: boolean,
): Result {
  const { lead, others } = fault;
  const { finding, id, file } = lead;
  return {
    ruleId: finding.bucket,
    ruleIndex,
    level: finding.known ? 'note' : failsRun(finding, strict) ? 'error' : 'warning',
    message: { text: `${target.name}: ${briefly(fault).join('\n')}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(sourceOf(target.specifier) ?? file) },
          region: { startLine: 1 },
        },
        logicalLocations: [{ fullyQualifiedName: `${target.name}.${finding.operation}`, kind: 'function' }],
      },
    ],
    partialFingerprints: { 'finding/v1': id },
    ...(finding.known && {
      suppressions: [{ kind: 'external', justification: 'The target declares it as known.' }],
    }),
    properties: {
      finding: id,
      file,
      target: target.specifier,
      findings: [lead, ...others].map((each) => each.id),
      replay: replayLine(lead),
    },
  };
}

/** A relative path as a relative reference, an absolute one as a URL. */
function uriOf(path: string): string {
  if (isAbsolute(path)) return pathToFileURL(path).href;
  return path.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
}
