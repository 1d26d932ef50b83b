/** What a campaign has shown, from what it counted and what it shrank. */
import { heavierFirst, sizeOf } from '../core/error-size.ts';
import type { Finding } from '../core/finding.ts';
import { sketchOf } from '../core/kept.ts';
import { knownness } from '../core/known.ts';
import type { Operation } from '../core/operation.ts';
import type { TargetInfo } from '../core/target.ts';
import { matchesBucket, type Severity } from '../core/violation.ts';
import type { BenchmarkedOperation } from './compare/accuracy-benchmark.ts';
import type { AccuracyChange } from './compare/accuracy-changes.ts';
import type { Power } from './explain/power.ts';
import { type AccuracySummary, summarize } from './explore/accuracy.ts';
import type { Bands, Places } from './explore/bands.ts';
import type { Shard } from './explore/shard.ts';
import type { Repeats, Tally } from './explore/tally.ts';
import { compareFindings, merge } from './merge.ts';

/** What a campaign has shown of one target. */
export interface TargetResult {
  readonly target: TargetInfo;
  /** Those that were judged. */
  readonly operations: readonly Operation[];
  /** Batches judged. */
  readonly cases: number;
  /** Logits given to the kernel, summed over operations. */
  readonly elements: number;
  /** What was measured of the operations that have no error. */
  readonly accuracies: readonly AccuracySummary[];
  /** Where the errors of each operation are, right or wrong. */
  readonly places: ReadonlyMap<Operation, Places>;
  /** The same of all operations together, by the exponents of gap and length. */
  readonly coverage: Bands;
  /** Calls that were made again: how much that it is repeatable weighs. */
  readonly repeats?: Repeats;
  /**
   * `held`: no finding; `known`: only findings that the target declares; `warnings`: new warnings and no new error; `falsified`:
   * a new error; `regressed`: no new error, but less accurate than a baseline.
   */
  readonly verdict: 'held' | 'known' | 'warnings' | 'falsified' | 'regressed';
  /** One a bucket, or two of different weights; new ones first, then by operation and kind. */
  readonly findings: readonly Finding[];
  /** Buckets that the target declares as known and that were not found. */
  readonly notFound: readonly string[];
  /** Where it holds and that was asked: what its batches find of known faults. */
  readonly power?: Power;
  /** How accurate it is on the same batches as ever, where that was measured for a baseline. */
  readonly benchmark?: readonly BenchmarkedOperation[];
  /** What has become of its accuracy since the baseline. */
  readonly changes?: readonly AccuracyChange[];
}

/** What limited a campaign; null where nothing did. */
export interface RunLimits {
  readonly runs: number | null;
  readonly maxTimeMs: number | null;
  readonly shrinkTimeMs: number | null;
  readonly rows: number | null;
  readonly cols: number | null;
}

/** What a campaign has shown. */
export interface Run {
  readonly seed: number;
  readonly limits: RunLimits;
  /** In all processes that worked on it. */
  readonly elapsedMs: number;
  /** Whether its signal was aborted. */
  readonly interrupted: boolean;
  /** The part of a campaign that it was, if only a part. */
  readonly shard?: Shard | undefined;
  /** In the order of the targets. */
  readonly targets: readonly TargetResult[];
}

/** The result for one target. `findings` are what its discoveries shrank to, in the order of their buckets' names. */
export function resultOf(
  { name, specifier, profile, formats, known, notes }: TargetInfo,
  operations: readonly Operation[],
  { cases, elements, accuracies, places, coverage, repeats }: Tally,
  discovered: readonly Finding[],
): TargetResult {
  const findings = merge(discovered.map(withWorst))
    .map((finding) => ({
      ...finding,
      ...knownness(known, finding.bucket, finding.worst.weight, finding.weights),
    }))
    .sort(compareFindings);
  const wasFound = (pattern: string): boolean =>
    findings.some(({ bucket }) => matchesBucket(pattern, bucket));
  return {
    target: {
      name,
      specifier,
      profile,
      ...(formats && { formats }),
      known,
      ...(notes?.length && { notes }),
    },
    operations,
    cases,
    elements,
    accuracies: operations
      .filter((operation) =>
        findings.every((each) => each.operation !== operation || each.severity === 'warning'),
      )
      .map((operation) => summarize(operation, accuracies.get(operation)))
      .filter((summary) => summary !== null),
    places,
    coverage,
    repeats,
    verdict: verdictOf(findings),
    findings,
    notFound: [...new Set(known.map(({ bucket }) => bucket))].filter(
      (bucket) => operations.some((operation) => bucket.startsWith(`${operation}/`)) && !wasFound(bucket),
    ),
  };
}

function verdictOf(findings: readonly Finding[]): TargetResult['verdict'] {
  const isNew = (wanted: Severity): boolean =>
    findings.some(({ severity, known }) => severity === wanted && !known);
  if (isNew('error')) return 'falsified';
  if (isNew('warning')) return 'warnings';
  return findings.length > 0 ? 'known' : 'held';
}

/** Shrinking may have come upon a heavier error than the campaign has. */
function withWorst(finding: Finding): Finding {
  return heavierFirst(finding, finding.worst) < 0
    ? { ...finding, worst: { batch: sketchOf(finding.batch), ...sizeOf(finding) } }
    : finding;
}
