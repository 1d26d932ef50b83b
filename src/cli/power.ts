/** `softmax-fuzz power`: which known faults the batches of a campaign find. */
import { join } from 'node:path';
import { powerOf } from '../campaign/explain/power.ts';
import { casesOf } from '../campaign/explore/cases.ts';
import { sizesFor } from '../campaign/explore/sizes.ts';
import { chosenOperations } from '../campaign/fuzz.ts';
import { drawnFor } from '../campaign/subject.ts';
import { readSaved } from '../record/saved.ts';
import { formatNumberOf } from '../report/numbers.ts';
import { describePower, formatPower } from '../report/power.ts';
import { profileNamed } from '../row/profiles.ts';
import type { PowerFlags } from './commands/power.ts';
import { loadTargets } from './load-targets.ts';

/** Runs the command. */
export async function runPower(given: string | undefined, options: PowerFlags): Promise<void> {
  const [configured = 'stable'] = options.configured?.keys() ?? [];
  const specifier = given ?? configured;
  const { ops, seed, rows, cols, profile, signature, reports } = options;
  if (profile !== undefined) profileNamed(profile);
  const runs = options.configured?.get(specifier)?.budget.runs ?? options.runs;
  const [target] = await loadTargets([specifier], profile, options, signature);
  const subject = { target, operations: chosenOperations(target, { operations: ops }) };
  const cases = casesOf({
    seed,
    saved: readSaved(options.regressions ?? join(reports, 'regressions')),
    generation: { ...sizesFor([target], { rows, cols }), ...drawnFor([subject]) },
  });
  const power = await powerOf(subject, cases, [[-cases.given, runs]]);
  if (power === null) return;
  process.stdout.write(
    `${formatPower(power)}\n\n${target.name}, seed ${seed}, ${formatNumberOf(power.batches, 'batch', 'batches')}: ${describePower(power)}\n`,
  );
}
