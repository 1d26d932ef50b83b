/** Puts the shards of a campaign together. No target is run: what is needed of it is in the shards' folders. */
import { resolve } from 'node:path';
import { unite } from '../campaign/ranges.ts';
import { type Run, resultOf } from '../campaign/result.ts';
import { whole } from '../campaign/shard.ts';
import type { CampaignState } from '../campaign/state.ts';
import { type Discovery, fold } from '../campaign/tally.ts';
import { UserError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import { readShrunk, readState, startJournal } from './journal.ts';
import { differenceOf, type Plan, toState } from './state-file.ts';

/** What one shard left. */
interface Part {
  readonly folder: string;
  readonly plan: Plan;
  readonly shard: { readonly index: number; readonly count: number };
  readonly state: CampaignState;
}

/**
 * The run that the shards in `folders` make up together, as one process would have run it; its journal goes to `folder`,
 * unless it comes from there. One folder of an unsharded run gives that run again.
 * @throws UserError when a folder is no finished run, runs are of different campaigns, or a shard is missing or there
 * twice.
 */
export function mergeShards(folders: readonly string[], folder: string): Run {
  const parts = folders.map(readPart);
  checkParts(parts);
  const [{ plan }] = parts;
  const state: CampaignState = {
    done: parts.map((part) => part.state.done).reduce(unite),
    tallies: plan.targets.map((_, t) => parts.map((part) => part.state.tallies[t]).reduce(fold)),
    elapsedMs: parts.reduce((sum, part) => sum + part.state.elapsedMs, 0),
    finished: true,
  };
  const findings = state.tallies.map(({ discoveries }, t) =>
    [...discoveries.keys()].sort().map((bucket): [string, Finding] => {
      return [bucket, findingOf(parts, t, bucket, discoveries.get(bucket) as Discovery)];
    }),
  );
  if (!folders.some((each) => resolve(each) === resolve(folder))) {
    const journal = startJournal(folder, plan, whole);
    for (const [t, entries] of findings.entries())
      for (const [bucket, finding] of entries) journal.keep(t, bucket, finding);
    journal.save(state);
  }
  const size = (name: 'rows' | 'cols'): number | null =>
    (plan.generation[name] as number | undefined) ?? null;
  return {
    seed: plan.seed,
    limits: {
      runs: plan.runs,
      maxTimeMs: null,
      shrinkTimeMs: null,
      rows: size('rows'),
      cols: size('cols'),
    },
    elapsedMs: state.elapsedMs,
    interrupted: false,
    shard: undefined,
    targets: plan.targets.map(({ operations, ...target }, t) =>
      resultOf(
        target,
        operations,
        state.tallies[t],
        findings[t].map(([, finding]) => finding),
      ),
    ),
  };
}

function readPart(folder: string): Part {
  const file = readState(folder);
  if (file === null)
    throw new UserError(`there is no run in ${folder}`, 'A run is a folder with a state.json.');
  if (!file.finished)
    throw new UserError(
      `the run in ${folder} is not finished`,
      'Let it end with `softmax-fuzz fuzz … --resume`.',
    );
  return { folder, plan: file.plan, shard: file.shard, state: toState(file) };
}

function checkParts(parts: readonly Part[]): void {
  const [first] = parts;
  const { count } = first.shard;
  for (const part of parts) {
    const difference = differenceOf({ ...part.plan, count: part.shard.count }, { ...first.plan, count });
    if (difference === null) continue;
    throw new UserError(`${part.folder} is of another campaign than ${first.folder}: ${difference}`);
  }
  for (let index = 1; index <= count; index++) {
    const same = parts.filter((part) => part.shard.index === index);
    if (same.length === 0) throw new UserError(`shard ${index} of ${count} is missing`);
    if (same.length > 1) {
      throw new UserError(
        `shard ${index} of ${count} is there ${same.length} times: ${same.map((part) => part.folder).join(', ')}`,
      );
    }
  }
}

/** What the shard with the simplest case of all shrank, with the worst case of all. */
function findingOf(
  parts: readonly Part[],
  t: number,
  bucket: string,
  { simplest, worst, first, occurrences }: Discovery,
): Finding {
  const shrunkBy = (holds: (discovery: Discovery) => boolean): Finding => {
    for (const { folder, state } of parts) {
      const discovery = state.tallies[t].discoveries.get(bucket);
      if (discovery === undefined || !holds(discovery)) continue;
      const finding = readShrunk(folder, t, bucket);
      if (finding === null) throw new UserError(`the run in ${folder} lacks what ${bucket} shrank to`);
      return finding;
    }
    throw new Error(`no shard has ${bucket}`);
  };
  const simplestOf = shrunkBy((discovery) => discovery.simplest.case === simplest.case);
  const worstOf = shrunkBy((discovery) => discovery.worst.case === worst.case);
  const firstOf = shrunkBy((discovery) => discovery.first === first);
  return {
    ...simplestOf,
    worst: worstOf.worst,
    first: first === simplest.case ? undefined : (firstOf.first ?? firstOf.origin),
    occurrences,
  };
}
