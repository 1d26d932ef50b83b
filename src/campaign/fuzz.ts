/** A whole campaign: explore, then minimise what was found. */
import type { BatchOptions } from '../arbitraries/generate.ts';
import type { Batch } from '../core/batch.ts';
import { UserError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import { operationsOf } from '../core/kernel.ts';
import type { Operation } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import { matchesBucket } from '../core/violation.ts';
import { type CasePlan, generatedCase, givenCases } from './cases.ts';
import { type Exploration, explore, startExploration } from './explore.ts';
import { merge } from './merge.ts';
import { minimise } from './minimise.ts';

/** How far a campaign has come. */
export interface Progress {
  readonly phase: 'exploring' | 'shrinking';
  /** Cases done, or buckets shrunk. */
  readonly done: number;
  /** Cases or buckets to do; null when only the time limits them. */
  readonly total: number | null;
  /** Buckets found so far, over all targets. */
  readonly buckets: number;
  readonly elapsedMs: number;
}

/** Which campaign to run. */
export interface FuzzOptions {
  /** Any integer; the same seed and options give the same findings. */
  readonly seed: number;
  /** Generated cases, on top of the given ones. @defaultValue 1000, or without limit where maxTimeMs is given */
  readonly runs?: number | undefined;
  /** When to stop exploring; shrinking comes on top. */
  readonly maxTimeMs?: number | undefined;
  /** Only these operations. @defaultValue all that a target has */
  readonly operations?: readonly Operation[] | undefined;
  /** Shapes and families of the generated batches. */
  readonly generation?: BatchOptions | undefined;
  /** Batches to try before the generated ones. */
  readonly saved?: readonly { readonly batch: Batch; readonly file: string }[] | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Once aborted, exploring ends and findings stay as simple as they are. */
  readonly signal?: AbortSignal | undefined;
}

/** What a campaign has shown of one target. */
export interface TargetResult {
  readonly target: Target;
  readonly operations: readonly Operation[];
  /** Batches judged. */
  readonly cases: number;
  /** Logits given to the kernel, summed over operations. */
  readonly elements: number;
  /** `held`: no finding; `known`: only findings that the target declares; `falsified`: a new one. */
  readonly verdict: 'held' | 'known' | 'falsified';
  /** One a bucket, new ones first, then by operation and kind. */
  readonly findings: readonly Finding[];
  /** Buckets that the target declares as known and that were not found. */
  readonly notFound: readonly string[];
}

/** What a campaign has shown. */
export interface Run {
  readonly seed: number;
  readonly elapsedMs: number;
  readonly interrupted: boolean;
  readonly targets: readonly TargetResult[];
}

const DEFAULT_RUNS = 1000;

/**
 * Judges every target on the same cases and minimises what goes wrong.
 * @throws UserError when there is nothing to run: no target, or a target without any of the operations.
 */
export async function fuzz(targets: readonly Target[], options: FuzzOptions): Promise<Run> {
  const start = performance.now();
  const { seed, generation = {}, saved = [], signal, maxTimeMs = Number.POSITIVE_INFINITY } = options;
  const runs = options.runs ?? (options.maxTimeMs === undefined ? DEFAULT_RUNS : Number.POSITIVE_INFINITY);
  const explorations = targets.map((target) => startExploration(target, chosenOperations(target, options)));
  const elapsed = (): number => performance.now() - start;
  const report = (phase: Progress['phase'], done: number, total: number): void =>
    options.onProgress?.({
      phase,
      done,
      total: Number.isFinite(total) ? total : null,
      buckets: explorations.reduce((sum, { discoveries }) => sum + discoveries.size, 0),
      elapsedMs: elapsed(),
    });

  const plan: CasePlan = { seed, saved, generation };
  for (const given of givenCases(plan)) await explore(explorations, given);
  for (let index = 0; index < runs && elapsed() < maxTimeMs && !signal?.aborted; index++) {
    await explore(explorations, generatedCase(plan, index));
    report('exploring', index + 1, runs);
  }
  if (explorations.every(({ cases }) => cases === 0))
    throw new UserError('nothing was run', 'Give --runs or --max-time.');

  const total = explorations.reduce((sum, { discoveries }) => sum + discoveries.size, 0);
  let shrunk = 0;
  const results: TargetResult[] = [];
  for (const exploration of explorations) {
    const findings: Finding[] = [];
    for (const discovery of exploration.discoveries.values()) {
      findings.push(await minimise(exploration.target, discovery, { generation, signal }));
      report('shrinking', ++shrunk, total);
    }
    results.push(resultOf(exploration, merge(findings)));
  }
  return { seed, elapsedMs: elapsed(), interrupted: signal?.aborted ?? false, targets: results };
}

function chosenOperations(target: Target, { operations }: FuzzOptions): Operation[] {
  const offered = operationsOf(target.kernel);
  const chosen =
    operations === undefined ? offered : offered.filter((operation) => operations.includes(operation));
  if (chosen.length === 0) {
    throw new UserError(
      `${target.name} has no ${operations?.join(', ')}`,
      `It offers ${offered.join(', ')}.`,
    );
  }
  return chosen;
}

function resultOf(
  { target, operations, cases, elements }: Exploration,
  findings: readonly Finding[],
): TargetResult {
  const wasFound = (pattern: string): boolean =>
    findings.some(({ bucket }) => matchesBucket(pattern, bucket));
  const isNew = findings.some(({ known }) => !known);
  return {
    target,
    operations,
    cases,
    elements,
    verdict: isNew ? 'falsified' : findings.length > 0 ? 'known' : 'held',
    findings,
    notFound: target.known.filter(
      (pattern) => operations.some((operation) => pattern.startsWith(`${operation}/`)) && !wasFound(pattern),
    ),
  };
}
