/** Baselines: what an earlier run found, so that a later one fails on something new only. */
import * as v from 'valibot';
import { UserError } from '../core/errors.ts';
import type { TargetInfo } from '../core/target.ts';
import { SCHEMA_VERSION } from './finding-file.ts';
import { parseJson } from './parse.ts';
import { readFile } from './store.ts';

/** What is read of the object that `fuzz --json` writes. */
const baselineSchema = v.object({
  schemaVersion: v.literal(SCHEMA_VERSION),
  targets: v.array(v.object({ name: v.string(), findings: v.array(v.object({ bucket: v.string() })) })),
});

const howToMake = 'Make one: softmax-fuzz fuzz ./kernel.mjs --json baseline.json';

/**
 * Which buckets each target, by its name, fell into in the run whose JSON is at `path`.
 * @throws UserError when the file cannot be read, or is no such JSON.
 */
export function readBaseline(path: string): ReadonlyMap<string, readonly string[]> {
  try {
    const { targets } = parseJson(baselineSchema, readFile(path), path);
    return new Map(targets.map(({ name, findings }) => [name, findings.map(({ bucket }) => bucket)]));
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
  baseline: ReadonlyMap<string, readonly string[]>,
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
export function withBaseline<T extends TargetInfo>(
  target: T,
  baseline: ReadonlyMap<string, readonly string[]>,
): T {
  const buckets = baseline.get(target.name) ?? [];
  return { ...target, known: [...new Set([...target.known, ...buckets])] };
}
