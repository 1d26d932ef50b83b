/** Baselines: what an earlier run found and how accurate it was, so that a later one fails on what is new or worse only. */
import * as v from 'valibot';
import type { BenchmarkedOperation } from '../campaign/compare/accuracy-benchmark.ts';
import { accuracyChanges } from '../campaign/compare/accuracy-changes.ts';
import type { TargetResult } from '../campaign/result.ts';
import { type Known, knownOf } from '../core/known.ts';
import type { TargetInfo } from '../core/target.ts';
import { UserError } from '../text/errors.ts';
import { fromBenchmarkJson } from './benchmark-file.ts';
import { SCHEMA_VERSION } from './finding-file.ts';
import { parseJson } from './parse.ts';
import { readFile } from './read-file.ts';
import { benchmarkSchema } from './run-file.ts';

/** What is read of the object that `fuzz --json` writes. */
const baselineSchema = v.object({
  schemaVersion: v.literal(SCHEMA_VERSION),
  targets: v.array(
    v.object({
      name: v.string(),
      findings: v.array(
        v.object({
          bucket: v.string(),
          worstWeight: v.optional(v.nullable(v.number())),
          occurrences: v.optional(v.number()),
        }),
      ),
      profile: v.optional(v.string()),
      benchmark: v.optional(benchmarkSchema),
    }),
  ),
});

const howToMake = 'Make one: softmax-fuzz fuzz ./kernel.mjs --baseline baseline.json --update-baseline';

/** What is known of a target. */
interface Earlier {
  readonly known: readonly Known[];
  readonly profile: string | undefined;
  /** How accurate it was; undefined where that was not measured. */
  readonly benchmark: readonly BenchmarkedOperation[] | undefined;
}

/** What is known of each target, by its name. */
export type Baseline = ReadonlyMap<string, Earlier>;

/**
 * Which buckets each target, by its name, fell into in the run whose JSON is at `path`, and how heavy their errors were: of any
 * weight where that is not told, or the error has none.
 * @throws UserError when the file cannot be read, or is no such JSON.
 */
export function readBaseline(path: string): Baseline {
  try {
    return parseBaseline(readFile(path), path);
  } catch (error) {
    if (error instanceof UserError) throw new UserError(error.message, howToMake);
    throw error;
  }
}

/**
 * The same of JSON `text`; `source` says in errors where the text is from.
 * @throws UserError when it is no such JSON.
 */
export function parseBaseline(text: string, source: string): Baseline {
  const { targets } = parseJson(baselineSchema, text, source);
  return new Map(
    targets.map(({ name, findings, profile, benchmark }) => [
      name,
      {
        known: findings.map(({ bucket, worstWeight, occurrences = 0 }) =>
          knownOf(worstWeight == null ? bucket : { bucket, weight: worstWeight, occurrences }),
        ),
        profile,
        benchmark: benchmark && fromBenchmarkJson(benchmark),
      },
    ]),
  );
}

/**
 * What to say of targets that the baseline at `path` does not have, or whose accuracy it does not tell: nothing where it has them all.
 */
export function missingFromBaseline(
  targets: readonly TargetInfo[],
  baseline: Baseline,
  path: string,
): string[] {
  const names = [...baseline.keys()].join(', ') || 'no target';
  return targets.flatMap(({ name, profile }) => {
    const earlier = baseline.get(name);
    if (earlier === undefined)
      return [`${path} has nothing of ${name}, and everything found in it is new: it is of ${names}`];
    if (earlier.benchmark === undefined)
      return [`${path} does not tell how accurate ${name} was: --update-baseline writes one that does`];
    if (earlier.profile !== profile)
      return [
        `${path} tells how accurate ${name} was by the profile ${earlier.profile}, and not by ${profile}: accuracy is not compared`,
      ];
    return [];
  });
}

/** The target with what the baseline has of it among what is known. */
export function withBaseline<T extends TargetInfo>(target: T, baseline: Baseline): T {
  return { ...target, known: [...target.known, ...(baseline.get(target.name)?.known ?? [])] };
}

/**
 * The result with how accurate the target is now, and with what has become of that since the baseline. Of another profile, whose budgets are others,
 * and of a baseline that has no accuracy, nothing is said.
 */
export function sinceBaseline(
  result: TargetResult,
  benchmark: readonly BenchmarkedOperation[],
  baseline: Baseline,
): TargetResult {
  const earlier = baseline.get(result.target.name);
  if (earlier?.benchmark === undefined || earlier.profile !== result.target.profile)
    return { ...result, benchmark };
  const changes = accuracyChanges(earlier.benchmark, benchmark);
  const isWorse = changes.some(({ isLoss }) => isLoss);
  const verdict = isWorse && result.verdict !== 'falsified' ? 'regressed' : result.verdict;
  return { ...result, verdict, benchmark, changes };
}
