/** What a campaign has shown, from what it counted and what it shrank. */
import type { Finding } from '../core/finding.ts';
import { sketchOf } from '../core/kept.ts';
import type { Operation } from '../core/operation.ts';
import type { TargetInfo } from '../core/target.ts';
import { matchesBucket, type Severity } from '../core/violation.ts';
import { merge } from './merge.ts';
import type { Shard } from './shard.ts';
import type { Tally } from './tally.ts';

/** What a campaign has shown of one target. */
export interface TargetResult {
  readonly target: TargetInfo;
  readonly operations: readonly Operation[];
  /** Batches judged. */
  readonly cases: number;
  /** Logits given to the kernel, summed over operations. */
  readonly elements: number;
  /**
   * `held`: no finding; `known`: only findings that the target declares; `warnings`: new warnings and no new error; `falsified`:
   * a new error.
   */
  readonly verdict: 'held' | 'known' | 'warnings' | 'falsified';
  /** One a bucket, new ones first, then by operation and kind. */
  readonly findings: readonly Finding[];
  /** Buckets that the target declares as known and that were not found. */
  readonly notFound: readonly string[];
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
  readonly elapsedMs: number;
  readonly interrupted: boolean;
  /** The part of a campaign that it was, if only a part. */
  readonly shard?: Shard | undefined;
  readonly targets: readonly TargetResult[];
}

/** The result for one target. `findings` are what its discoveries shrank to, in the order of their buckets' names. */
export function resultOf(
  { name, specifier, profile, known }: TargetInfo,
  operations: readonly Operation[],
  { cases, elements }: Tally,
  discovered: readonly Finding[],
): TargetResult {
  const findings = merge(discovered.map(withWorst));
  const wasFound = (pattern: string): boolean =>
    findings.some(({ bucket }) => matchesBucket(pattern, bucket));
  return {
    target: { name, specifier, profile, known },
    operations,
    cases,
    elements,
    verdict: verdictOf(findings),
    findings,
    notFound: known.filter(
      (pattern) => operations.some((operation) => pattern.startsWith(`${operation}/`)) && !wasFound(pattern),
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

/** Shrinking may have come upon a larger error than the campaign has. */
function withWorst(finding: Finding): Finding {
  const { batch, errorUlp, budgetUse, worst } = finding;
  return budgetUse > worst.budgetUse
    ? { ...finding, worst: { batch: sketchOf(batch), errorUlp, budgetUse } }
    : finding;
}
