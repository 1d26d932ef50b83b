/** Puts the shards of a campaign together. No target is run: what is needed of it is in the shards' folders. */
import { resolve } from 'node:path';
import { unite } from '../campaign/explore/ranges.ts';
import { whole } from '../campaign/explore/shard.ts';
import { type Discovery, fold } from '../campaign/explore/tally.ts';
import { heaviestOf } from '../campaign/minimize/findings.ts';
import { startsOf } from '../campaign/minimize/starts.ts';
import { isAnother, optionsNeeded, withoutOption } from '../campaign/minimize/without-options.ts';
import { type Run, resultOf } from '../campaign/result.ts';
import type { CampaignState } from '../campaign/state.ts';
import type { Finding } from '../core/finding.ts';
import { binOf, medianOf } from '../core/histogram.ts';
import { knownOf } from '../core/known.ts';
import type { OptionName } from '../core/options.ts';
import { UserError } from '../text/errors.ts';
import { readShrunk, readShrunkWithout, readState, startJournal } from './journal.ts';
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
  const findings = state.tallies.map(({ discoveries }, t) => {
    const buckets = [...discoveries.keys()].sort();
    const all = buckets.flatMap((bucket) =>
      findingsIn(parts, t, bucket, discoveries.get(bucket) as Discovery),
    );
    return [...all, ...withoutOptionsBeside(all, parts, t)];
  });
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
    targets: plan.targets.map(({ operations, known, ...target }, t) =>
      resultOf(
        { ...target, known: known.map(knownOf) },
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

/**
 * What the shards with the simplest case of all, and with the heaviest, shrank these to, as {@link startsOf} has it; each by
 * its name in the journal.
 */
function findingsIn(
  parts: readonly Part[],
  t: number,
  bucket: string,
  merged: Discovery,
): [name: string, Finding][] {
  const shrunkBy = (name: string, holds: (discovery: Discovery) => boolean): Finding => {
    for (const { folder, plan, state } of parts) {
      const discovery = state.tallies[t].discoveries.get(bucket);
      if (discovery === undefined || !holds(discovery)) continue;
      const finding = readShrunk(folder, plan, t, name) ?? readShrunk(folder, plan, t, bucket);
      if (finding === null) throw new UserError(`the run in ${folder} lacks what ${bucket} shrank to`);
      return finding;
    }
    throw new Error(`no shard has ${bucket}`);
  };
  const heaviest = shrunkBy(heaviestOf(bucket), ({ worst }) => worst.case === merged.worst.case);
  const firstMet = shrunkBy(bucket, ({ first }) => first === merged.first);
  const starts = startsOf(merged);
  return starts.map(({ at, isHeaviest, weights, occurrences }): [string, Finding] => {
    const first = merged.first === at.case ? undefined : (firstMet.first ?? firstMet.origin);
    const rest = { first, weights, typicalWeight: medianOf(weights), occurrences };
    if (isHeaviest) return [heaviestOf(bucket), { ...heaviest, ...rest }];
    const simplest = shrunkBy(bucket, (discovery) => discovery.simplest.case === merged.simplest.case);
    const isAlone = starts.length === 1;
    return [bucket, { ...simplest, ...rest, ...(isAlone && { worst: heaviest.worst }) }];
  });
}

/** A finding, and its name in the journal. */
type Entry = readonly [name: string, Finding];

/** A failure that does not need an option. */
interface Without {
  readonly name: string;
  readonly option: OptionName;
  readonly finding: Finding;
}

/** Of the failures that do not need an option, those that the campaign as a whole has beside the findings. */
function withoutOptionsBeside(findings: readonly Entry[], parts: readonly Part[], t: number): Entry[] {
  const found = findings.map(([, finding]) => finding);
  const added: Entry[] = [];
  const all = withoutOptionsIn(parts, t);
  for (const operation of parts[0].plan.targets[t].operations) {
    for (const option of optionsNeeded(operation, found)) {
      const its = all.filter((each) => each.option === option && each.finding.operation === operation);
      for (const { name, finding } of its) {
        if (!isAnother(finding, found)) continue;
        found.push(finding);
        added.push([name, finding]);
      }
    }
  }
  return added;
}

/** The weights of a finding that was met once: a finding's file does not have them. */
function weightsOfOne({ worst }: Finding): Finding['weights'] {
  return new Map([[binOf(worst.weight), 1]]);
}

/**
 * What failures that do not need an option which others need shrank to, in the first shard that has one; each by its name in the journal. Their buckets may be
 * those of no discovery.
 */
function withoutOptionsIn(parts: readonly Part[], t: number): readonly Without[] {
  const found = new Map<string, Without>();
  for (const { folder, plan } of parts) {
    for (const { option, finding } of readShrunkWithout(folder, plan, t)) {
      const name = withoutOption(finding.bucket, option);
      if (!found.has(name))
        found.set(name, { name, option, finding: { ...finding, weights: weightsOfOne(finding) } });
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
