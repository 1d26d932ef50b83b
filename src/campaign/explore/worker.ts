/** What a worker process of a pool runs: the cases that it is given, against targets that it loads itself. */
import type { BatchOptions } from '../../arbitraries/generate.ts';
import type { Operation } from '../../core/operation.ts';
import type { TargetInfo } from '../../core/target.ts';
import type { Reach } from '../../targets/process/reach.ts';
import { resolveTarget } from '../../targets/resolve.ts';
import { drawnFor } from '../subject.ts';
import { casesOf } from './cases.ts';
import { createExplorer, type Explored, type Explorer, type Limit } from './explore.ts';
import type { Range } from './ranges.ts';

/** What a worker has to know of a campaign: plain data. */
export interface WorkerPlan {
  readonly seed: number;
  readonly generation: BatchOptions;
  /** The share of cases in which decimal.js judges every number. */
  readonly audit: number;
  readonly subjects: readonly {
    readonly target: TargetInfo;
    readonly operations: readonly Operation[];
    /** What it is loaded by, and how it is reached. */
    readonly specifier: string;
    readonly reach: Reach;
  }[];
}

/** A piece of work. */
export interface Task {
  readonly plan: WorkerPlan;
  readonly range: Range;
  readonly limit?: Limit | undefined;
}

/** How long a worker explores before it reports, in ms: so much of what it found Ctrl-C may cost. */
const SLICE_MS = 250;

// Ctrl-C reaches every process of a terminal. The campaign's own decides when the workers end.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => process.exit()); // By itself the signal would leave the targets' processes behind.

let explorer: Promise<Explorer> | undefined;

/** Runs the first cases of the range, for a quarter of a second. The plan must be the same for every task of a process. */
export async function explore({ plan, range, limit }: Task): Promise<Explored> {
  explorer ??= prepare(plan);
  return (await explorer)(range, limit);
}

async function prepare({ seed, generation, audit, subjects }: WorkerPlan): Promise<Explorer> {
  const loaded = [];
  for (const { target, operations, specifier, reach } of subjects) {
    loaded.push({ target: { ...(await resolveTarget(specifier, reach)), ...target }, operations });
  }
  const cases = casesOf({ seed, saved: [], generation: { ...generation, ...drawnFor(loaded) } });
  return createExplorer(loaded, cases, SLICE_MS, audit);
}
