/** What single cases of a campaign were and whether they passed, for tools that show how inputs are distributed: a campaign itself only counts. */
import type { Batch } from '../../core/batch.ts';
import type { Operation } from '../../core/operation.ts';
import type { Target } from '../../core/target.ts';
import type { Violation } from '../../core/violation.ts';
import { estimate } from '../../judge/judge.ts';
import { createOracle } from '../../oracle/exact.ts';
import { examine } from '../../targets/examine.ts';
import { chosenOperations, type FuzzOptions, runsOfOptions } from '../fuzz.ts';
import { drawnFor, logitsOf, takes } from '../subject.ts';
import { batchFor, casesOf } from './cases.ts';
import { sizesFor } from './sizes.ts';

/** One operation of one target on one generated case. */
export interface CaseObservation {
  /** The target's name. */
  readonly target: string;
  readonly operation: Operation;
  readonly case: number;
  readonly families: readonly string[];
  /** As it was given to the operation. */
  readonly batch: Batch;
  /** What was wrong; empty where the answer was right. */
  readonly wrong: readonly Violation[];
}

/** So many of the first cases are observed. */
const MOST_CASES = 500;

/**
 * Asks the targets the first generated cases of the campaign once more, until it is over. Laws and climbs are left out, as is what a target
 * does not take.
 */
export async function observeCases(
  targets: readonly Target[],
  options: Pick<FuzzOptions, 'seed' | 'runs' | 'maxTimeMs' | 'operations' | 'generation'>,
  isOver: () => boolean = () => false,
): Promise<CaseObservation[]> {
  const subjects = targets.map((target) => ({ target, operations: chosenOperations(target, options) }));
  const generation = { ...sizesFor(targets, options.generation ?? {}), ...drawnFor(subjects) };
  const cases = casesOf({ seed: options.seed, saved: [], generation });
  const most = Math.min(MOST_CASES, runsOfOptions(options));
  const all: CaseObservation[] = [];
  for (let number = 0; number < most; number++) {
    for (const { target, operations } of subjects) {
      const its = cases.at(number, logitsOf(target));
      if (!takes(target, its.batch)) continue;
      const families = its.origin.by === 'generated' ? its.origin.families : [];
      for (const operation of operations) {
        if (isOver()) return all;
        const batch = batchFor(its, target, operation);
        const { violations } = await examine(target, operation, createOracle(batch), estimate);
        all.push({
          target: target.name,
          operation,
          case: number,
          families,
          batch,
          wrong: violations,
        });
      }
    }
  }
  return all;
}
