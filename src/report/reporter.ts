/** The formats of a run for machines, by the names that `--reporter` takes. What one needs is loaded where it is used. */
import type { CaseObservation } from '../campaign/explore/observations.ts';
import type { RecordedRun } from '../record/run.ts';
import { inertRun } from './inert.ts';

/** What a report has to know beside the run. */
export interface ReportContext {
  readonly date: Date;
  /** Whether new warnings fail. */
  readonly strict: boolean;
  /** The first cases, where they were observed. */
  readonly observations?: readonly CaseObservation[] | undefined;
}

/** A format. */
export interface Reporter {
  /** Its file in the run's folder, where no other is named; null for one that is printed. */
  readonly file: string | null;
  /** The run as text. */
  readonly render: (run: RecordedRun, context: ReportContext) => Promise<string>;
}

/** Every format. */
export const reporters = {
  junit: {
    file: 'junit.xml',
    render: async (run, context) => (await import('./junit.ts')).toJunit(inertRun(run), context),
  },
  sarif: {
    file: 'results.sarif',
    render: async (run, context) => (await import('./sarif.ts')).toSarif(inertRun(run), context),
  },
  github: {
    file: null,
    render: async (run, context) => (await import('./github.ts')).toAnnotations(inertRun(run), context),
  },
  markdown: {
    file: 'summary.md',
    render: async (run) => (await import('./markdown.ts')).toMarkdown(inertRun(run)),
  },
  json: {
    file: 'run.json',
    render: async (run, { date }) => (await import('./json.ts')).toJsonText(run, date),
  },
  tyche: {
    file: 'observations.jsonl',
    render: async (run, context) => (await import('./tyche.ts')).toObservations(inertRun(run), context),
  },
} as const satisfies Readonly<Record<string, Reporter>>;

/** The name of a format. */
export type ReporterName = keyof typeof reporters;

/** The names, in the order in which people are told of them. */
export const reporterNames = Object.keys(reporters) as readonly ReporterName[];
