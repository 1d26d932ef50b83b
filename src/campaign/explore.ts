/** Runs targets on cases and keeps what went wrong, a discovery for each bucket. */
import { compareSimplicity } from '../arbitraries/simplicity.ts';
import type { Batch } from '../core/batch.ts';
import type { Origin, Worst } from '../core/finding.ts';
import type { Operation } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import { bucketOf, type Violation } from '../core/violation.ts';
import { createOracle } from '../oracle/exact.ts';
import { examine } from '../targets/examine.ts';
import type { Case } from './cases.ts';

/** A bucket before shrinking. */
export interface Discovery {
  readonly violation: Violation;
  /** The simplest batch met so far, and where it came from. */
  readonly batch: Batch;
  readonly origin: Origin;
  readonly worst: Worst;
  readonly occurrences: number;
}

/** What exploring has shown of one target. */
export interface Exploration {
  readonly target: Target;
  readonly operations: readonly Operation[];
  /** Batches judged. */
  cases: number;
  /** Logits given to the kernel, summed over operations. */
  elements: number;
  readonly discoveries: Map<string, Discovery>;
}

/** An exploration of `target` that has seen nothing yet. */
export function startExploration(target: Target, operations: readonly Operation[]): Exploration {
  return { target, operations, cases: 0, elements: 0, discoveries: new Map() };
}

/** Gives one case to every target; all of them are judged by one oracle. */
export async function explore(explorations: readonly Exploration[], { batch, origin }: Case): Promise<void> {
  const oracle = createOracle(batch);
  for (const exploration of explorations) {
    for (const operation of exploration.operations) {
      const { violations } = await examine(exploration.target, operation, oracle);
      for (const violation of violations) note(exploration.discoveries, violation, { batch, origin });
    }
    exploration.cases += 1;
    exploration.elements += batch.logits.length * exploration.operations.length;
  }
}

function note(discoveries: Map<string, Discovery>, violation: Violation, { batch, origin }: Case): void {
  const worst: Worst = { batch, errorUlp: violation.errorUlp, budgetUse: violation.budgetUse };
  const bucket = bucketOf(violation);
  const known = discoveries.get(bucket);
  if (known === undefined) {
    discoveries.set(bucket, { violation, batch, origin, worst, occurrences: 1 });
    return;
  }
  const simpler = compareSimplicity(batch, known.batch) < 0;
  discoveries.set(bucket, {
    ...(simpler ? { violation, batch, origin } : known),
    worst: violation.budgetUse > known.worst.budgetUse ? worst : known.worst,
    occurrences: known.occurrences + 1,
  });
}
