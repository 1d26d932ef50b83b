/**
 * What is said of FP32 kernels without options stays as it was, however the engine is built: the buckets of fixed seeds, how many cases
 * fall into each, and which are the simplest and the heaviest. `UPDATE_FP32=1` writes what is found now; a change of a
 * verdict says why in its commit.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { casesOf } from '../src/campaign/explore/cases.ts';
import { createExplorer } from '../src/campaign/explore/explore.ts';
import { operationsOf } from '../src/core/kernel.ts';
import type { Target } from '../src/core/target.ts';
import { correctDesigns } from '../src/kernels/zoo/correct/index.ts';
import { zoo } from '../src/kernels/zoo/index.ts';
import { builtinTarget } from '../src/targets/builtin.ts';
import { createTarget } from '../src/targets/create.ts';

const path = join(import.meta.dirname, 'data/fp32-contract.json');
const SEED = 20261128;
const CASES = 250;

/** What was said of both built-in kernels, and of some faulty and some correct ones, by their names. */
const recorded: Record<string, Record<string, string>> = JSON.parse(readFileSync(path, 'utf8'));

/** Those of the zoo by their names, faulty ones by their ids. */
const ofZoo = new Map(
  [...zoo, ...correctDesigns].map((each) => ['id' in each ? each.id : each.name, each] as const),
);

const targets: readonly Target[] = Object.keys(recorded).map((name) => {
  const known = ofZoo.get(name);
  return known === undefined ? builtinTarget(name) : createTarget(name, known.kernel, known.declaration);
});

/** Each bucket with its number of cases, the simplest case and the heaviest. */
async function toldOf(target: Target): Promise<Record<string, string>> {
  const subject = { target, operations: operationsOf(target.kernel) };
  const cases = casesOf({ seed: SEED, saved: [], generation: { upstream: true, maxCols: 80, maxRows: 6 } });
  const { tallies } = await createExplorer([subject], cases, Number.POSITIVE_INFINITY)([-1, CASES]);
  return Object.fromEntries(
    [...tallies[0].discoveries]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([bucket, { occurrences, simplest, worst }]) => [
        bucket,
        `${occurrences} cases, simplest ${simplest.case}, heaviest ${worst.case}`,
      ]),
  );
}

describe('what is said of FP32 kernels', () => {
  it.each(targets.map((target) => [target.name, target] as const))(
    'should be as it was: %s',
    async (name, target) => {
      const told = await toldOf(target);
      if (process.env['UPDATE_FP32'] === '1') recorded[name] = told;
      expect(told).toEqual(recorded[name]);
    },
  );

  it('should be recorded where that is asked for', () => {
    if (process.env['UPDATE_FP32'] === '1') writeFileSync(path, `${JSON.stringify(recorded, null, 1)}\n`);
    expect(targets.length).toBeGreaterThan(20);
  });
});
