/** Baselines: what an earlier run found, so that a later one fails on something new only. */
import * as v from 'valibot';
import { UserError } from '../core/errors.ts';
import { type Known, knownOf } from '../core/known.ts';
import type { TargetInfo } from '../core/target.ts';
import { SCHEMA_VERSION } from './finding-file.ts';
import { parseJson } from './parse.ts';
import { readFile } from './store.ts';

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
    }),
  ),
});

const howToMake = 'Make one: softmax-fuzz fuzz ./kernel.mjs --json baseline.json';

/** What is known of each target, by its name. */
export type Baseline = ReadonlyMap<string, readonly Known[]>;

/**
 * Which buckets each target, by its name, fell into in the run whose JSON is at `path`, and how heavy their errors were: of any
 * weight where that is not told, or the error has none.
 * @throws UserError when the file cannot be read, or is no such JSON.
 */
export function readBaseline(path: string): Baseline {
  try {
    const { targets } = parseJson(baselineSchema, readFile(path), path);
    return new Map(
      targets.map(({ name, findings }) => [
        name,
        findings.map(({ bucket, worstWeight, occurrences = 0 }) =>
          knownOf(worstWeight == null ? bucket : { bucket, weight: worstWeight, occurrences }),
        ),
      ]),
    );
  } catch (error) {
    if (error instanceof UserError) throw new UserError(error.message, howToMake);
    throw error;
  }
}

/**
 * What to say of targets that the baseline at `path` does not have: nothing where it has them all.
 */
export function missingFromBaseline(
  targets: readonly TargetInfo[],
  baseline: Baseline,
  path: string,
): string[] {
  const names = [...baseline.keys()].join(', ') || 'no target';
  return targets
    .filter(({ name }) => !baseline.has(name))
    .map(
      ({ name }) => `${path} has nothing of ${name}, and everything found in it is new: it is of ${names}`,
    );
}

/** The target with what the baseline has of it among what is known. */
export function withBaseline<T extends TargetInfo>(target: T, baseline: Baseline): T {
  return { ...target, known: [...target.known, ...(baseline.get(target.name) ?? [])] };
}
