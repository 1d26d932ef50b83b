/**
 * A run as observations, a JSON object a line, as Hypothesis writes them and Tyche reads them: a property is an operation of a target. Of each finding there is
 * a test case, its smallest input, which failed unless it is a mere warning; of the first cases of the campaign, where they were observed, one each.
 */
import type { CaseObservation } from '../campaign/explore/observations.ts';
import type { Batch } from '../core/batch.ts';
import type { Finding } from '../core/finding.ts';
import type { Operation } from '../core/operation.ts';
import { bucketOf } from '../core/violation.ts';
import type { RecordedFinding, RecordedRun } from '../record/run.ts';
import { inert } from '../text/inert.ts';
import { formatAccuracies } from './accuracy.ts';
import { headline } from './brief.ts';
import { formatCall, formatCalls } from './call.ts';
import { formatNumberOf } from './numbers.ts';
import { replayLine } from './replay-line.ts';
import type { ReportContext } from './reporter.ts';
import { describeVerdict } from './why.ts';

/** A line about one input. */
interface TestCase {
  readonly type: 'test_case';
  readonly property: string;
  /** In seconds since 1970, the same of all lines of a run. */
  readonly run_start: number;
  readonly status: 'passed' | 'failed';
  readonly status_reason: string;
  readonly representation: string;
  readonly arguments: object;
  readonly how_generated: string;
  readonly features: Readonly<Record<string, number | string>>;
  readonly coverage: null;
  readonly timing: object;
  readonly metadata: object;
}

/** A line for people, about a property. */
interface Info {
  readonly type: 'info';
  readonly property: string;
  readonly run_start: number;
  readonly title: string;
  readonly content: string;
}

/** The lines of an {@link inertRun}. */
export function toObservations(run: RecordedRun, { date, strict, observations = [] }: ReportContext): string {
  const run_start = Math.round(date.getTime() - run.elapsedMs) / 1000;
  const lines = run.targets.flatMap((result): (TestCase | Info)[] => {
    const { target, operations, findings } = result;
    return operations.flatMap((operation) => {
      const property = `${target.name} ${operation}`;
      const mine = findings.filter(({ finding }) => finding.operation === operation);
      const content = [
        `${target.name}: ${describeVerdict(result)}, ${formatNumberOf(result.cases, 'batch', 'batches')}, seed ${run.seed}`,
        ...mine.map(
          ({ finding }) =>
            `${finding.known ? 'known' : finding.severity}: ${finding.bucket}, met ${formatNumberOf(finding.occurrences, 'time', 'times')}`,
        ),
        ...formatAccuracies(result.accuracies.filter((each) => each.operation === operation)),
      ].join('\n\n');
      return [
        { type: 'info', property, run_start, title: 'The whole campaign', content },
        ...mine.map((each) => ({ property, run_start, ...ofFinding(each, strict) })),
      ];
    });
  });
  const cases = observations.map((each) => ({
    property: `${inert(each.target)} ${each.operation}`,
    run_start,
    ...ofCase(each, strict),
  }));
  return [...lines, ...cases].map((line) => `${JSON.stringify(line)}\n`).join('');
}

type Told = Omit<TestCase, 'property' | 'run_start'>;

function ofFinding(recorded: RecordedFinding, strict: boolean): Told {
  const { finding, id, file } = recorded;
  const { operation, batch, bucket, known, severity } = finding;
  return {
    type: 'test_case',
    status: strict || severity === 'error' ? 'failed' : 'passed',
    status_reason: headline(finding),
    representation: formatCalls(finding),
    arguments: argumentsOf(batch),
    how_generated: `shrunk from ${sourceOf(finding)}`,
    features: {
      ...featuresOf(operation, batch),
      bucket,
      severity: known ? 'known' : severity,
      ...(Number.isFinite(finding.errorUlp) && { 'error in ULP': finding.errorUlp }),
      ...(Number.isFinite(finding.budgetUse) && { 'error over budget': finding.budgetUse }),
    },
    coverage: null,
    timing: {},
    metadata: { finding: id, file, replay: replayLine(recorded) },
  };
}

function sourceOf({ origin }: Finding): string {
  if (origin.by === 'saved') return `saved ${origin.file}`;
  return origin.by === 'article' ? "the article's batch" : `seed ${origin.seed}, case ${origin.case}`;
}

function ofCase({ operation, batch, families, wrong, case: number }: CaseObservation, strict: boolean): Told {
  return {
    type: 'test_case',
    status: wrong.some(({ severity }) => strict || severity === 'error') ? 'failed' : 'passed',
    status_reason: wrong.map(bucketOf).join(', '),
    representation: formatCall(operation, batch),
    arguments: argumentsOf(batch),
    how_generated: `generated: ${families.join(', ')}`,
    features: { ...featuresOf(operation, batch), families: [...new Set(families)].sort().join(', ') },
    coverage: null,
    timing: {},
    metadata: { case: number },
  };
}

function argumentsOf({ rows, cols, options }: Batch): object {
  return { rows, cols, ...(options && { options: Object.keys(options) }) };
}

/** What there is to see of an input. JSON has no infinities: what is infinite is a word. */
function featuresOf(
  operation: Operation,
  { rows, cols, logits, options }: Batch,
): Record<string, number | string> {
  let [least, largest, special] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 'none'];
  for (const x of logits) {
    if (!Number.isFinite(x)) special = Number.isNaN(x) ? 'NaN' : special === 'NaN' ? special : 'infinite';
    else {
      least = Math.min(least, x);
      largest = Math.max(largest, x);
    }
  }
  return {
    operation,
    rows,
    cols,
    'special logits': special,
    ...(largest >= least && { 'largest logit': largest, 'least logit': least, spread: largest - least }),
    options: Object.keys(options ?? {}).join(', ') || 'none',
  };
}
