/** A run as JUnit XML: a suite for each target, a case for each operation, which fails with all of its faults. */

import type { Operation } from '../core/operation.ts';
import type { RecordedFinding, RecordedRun, RecordedTarget } from '../record/run.ts';
import { visible } from '../text/inert.ts';
import { failsRun, headline } from './brief.ts';
import { recordedFaults } from './causes.ts';
import type { ReportContext } from './reporter.ts';
import { formatFinding } from './text.ts';

/** The document of an {@link inertRun}. */
export function toJunit(run: RecordedRun, { date, strict }: ReportContext): string {
  const suites = run.targets.map((result) => suiteOf(run, result, date, strict));
  const total = totalOf(suites);
  const time = (run.elapsedMs / 1000).toFixed(3);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    element(
      'testsuites',
      { name: 'softmax-fuzz', ...total, time },
      suites.map(({ xml }) => xml),
    ),
    '',
  ].join('\n');
}

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
}

interface Suite extends Counts {
  readonly xml: string;
}

function totalOf(suites: readonly Suite[]): Counts {
  const sum = (count: (suite: Suite) => number): number =>
    suites.reduce((total, each) => total + count(each), 0);
  return { tests: sum(({ tests }) => tests), failures: sum(({ failures }) => failures), errors: 0 };
}

function suiteOf(
  { seed, interrupted }: RecordedRun,
  result: RecordedTarget,
  date: Date,
  strict: boolean,
): Suite {
  const { target, operations, cases, verdict } = result;
  const properties = { seed, profile: target.profile, batches: cases, verdict, interrupted };
  const all = operations.map((operation) => caseOf(result, operation, strict));
  const counts = { tests: all.length, failures: all.filter(({ isFailed }) => isFailed).length, errors: 0 };
  const xml = element(
    'testsuite',
    { name: target.name, ...counts, skipped: 0, timestamp: date.toISOString() },
    [
      element(
        'properties',
        {},
        Object.entries(properties).map(([name, value]) => element('property', { name, value })),
      ),
      ...all.map((each) => each.xml),
    ],
  );
  return { ...counts, xml };
}

function caseOf(
  { target, findings }: RecordedTarget,
  operation: Operation,
  strict: boolean,
): { readonly xml: string; readonly isFailed: boolean } {
  const mine = findings.filter(({ finding }) => finding.operation === operation);
  const failing = mine.filter(({ finding }) => failsRun(finding, strict));
  const others = mine.filter((each) => !failing.includes(each));
  const [first] = failing;
  const faults = recordedFaults(findings);
  const block = (each: RecordedFinding): string =>
    formatFinding(each, findings, faults.find(({ lead }) => lead === each) ?? null);
  const parts = [
    ...(first === undefined
      ? []
      : [
          element('failure', { type: first.finding.bucket, message: headline(first.finding) }, [
            text(failing.map(block).join('\n\n')),
          ]),
        ]),
    ...(others.length === 0
      ? []
      : [element('system-out', {}, [text(others.map(({ finding }) => lineOf(finding)).join('\n'))])]),
  ];
  const xml = element('testcase', { classname: target.name, name: operation }, parts);
  return { xml, isFailed: first !== undefined };
}

function lineOf(finding: RecordedFinding['finding']): string {
  return `${finding.known ? 'known' : finding.severity} ${finding.bucket}: ${headline(finding)}`;
}

function element(
  name: string,
  attributes: Readonly<Record<string, string | number | boolean>>,
  contents: readonly string[] = [],
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${text(String(value))}"`);
  const start = `<${name}${written.join('')}`;
  return contents.length === 0 ? `${start}/>` : `${start}>${contents.join('\n')}</${name}>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** The text with nothing in it that XML 1.0 forbids, or takes for markup. */
function text(plain: string): string {
  return visible(plain).replace(/[&<>"]/g, (character) => entities[character]);
}
