/**
 * A campaign's state as a JSON file: which campaign it is, how far it has come, and what was counted. Cases are named by
 * their numbers, so that the file stays small.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import type { BatchOptions } from '../arbitraries/generate.ts';
import type { Accuracy, WorstNumber } from '../campaign/explore/accuracy.ts';
import type { Bands, Places } from '../campaign/explore/bands.ts';
import { chosenOperations, type FuzzOptions, runsOfOptions } from '../campaign/fuzz.ts';
import type { CampaignState } from '../campaign/state.ts';
import { type Histogram, INFINITE_BIN, ZERO_BIN } from '../core/histogram.ts';
import { declarationOf } from '../core/known.ts';
import { laws } from '../core/law.ts';
import { type Operation, operations } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import { triggers } from '../core/trigger.ts';
import { kinds } from '../core/violation.ts';
import { knownSchema } from '../targets/declaration.ts';
import { UserError } from '../text/errors.ts';
import { semanticsSchema, toBatchWords } from './batch-words.ts';
import { withChecksum, withoutChecksum } from './checksum.ts';
import { bucketSchema, finiteOrNull, profileSchema, SCHEMA_VERSION, toSizeWords } from './finding-file.ts';
import { parseJson } from './parse.ts';
import { sizesOf } from './read-finding.ts';
import { fromWords, toWords, wordSchema } from './words.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const caseNumber = v.pipe(v.number(), v.integer());

const sizeEntries = {
  absoluteError: v.nullable(v.number()),
  relativeError: v.nullable(v.number()),
  errorUlp: v.nullable(v.number()),
  budgetUse: v.nullable(v.number()),
  weight: v.nullable(v.number()),
};

const histogramSchema = v.array(
  v.strictTuple([v.pipe(v.number(), v.integer(), v.minValue(ZERO_BIN), v.maxValue(INFINITE_BIN)), count]),
);

const planSchema = v.strictObject({
  version: v.string(),
  seed: v.number(),
  runs: v.nullable(count),
  generation: v.record(v.string(), v.union([v.number(), v.array(v.string())])),
  saved: v.array(v.strictObject({ file: v.string(), hash: v.string() })),
  targets: v.array(
    v.strictObject({
      name: v.string(),
      specifier: v.string(),
      profile: profileSchema,
      semantics: v.optional(semanticsSchema),
      known: v.array(knownSchema),
      laws: v.array(v.picklist(laws)),
      operations: v.array(v.picklist(operations)),
    }),
  ),
});

const discoverySchema = v.strictObject({
  signature: v.strictObject({
    operation: v.picklist(operations),
    kind: v.picklist(kinds),
    law: v.optional(v.picklist(laws)),
    trigger: v.nullable(v.picklist(triggers)),
    severity: v.picklist(['error', 'warning']),
  }),
  simplest: v.strictObject({
    case: caseNumber,
    step: count,
    finite: v.boolean(),
    rows: count,
    cols: count,
    cells: count,
    isOfEarlier: v.optional(v.literal(true)),
    ...sizeEntries,
  }),
  worst: v.strictObject({
    case: caseNumber,
    step: count,
    ...sizeEntries,
  }),
  first: caseNumber,
  occurrences: count,
  weights: histogramSchema,
});

const worstNumberSchema = v.nullable(
  v.strictObject({
    error: v.nullable(v.number()),
    case: caseNumber,
    index: count,
    cols: count,
    logits: v.nullable(v.array(wordSchema)),
  }),
);

const accuracySchema = v.strictObject({
  ulps: histogramSchema,
  uses: histogramSchema,
  worstUlp: worstNumberSchema,
  worstUse: worstNumberSchema,
});

/** Of gaps, of lengths and of both there are far fewer. Reports have a place for each up to the last. */
const MOST_BANDS = 2 ** 12;

/** Band, how many numbers, how many wrong answers, worst error in ULP, what is allowed there, worst error over the budget; null for Infinity. */
const bandsSchema = v.array(
  v.strictTuple([
    v.pipe(count, v.maxValue(MOST_BANDS)),
    count,
    count,
    v.nullable(v.number()),
    v.nullable(v.number()),
    v.nullable(v.number()),
  ]),
);

const placesSchema = v.strictObject({ gaps: bandsSchema, lengths: bandsSchema });

const stateSchema = v.strictObject({
  schemaVersion: v.literal(SCHEMA_VERSION),
  plan: planSchema,
  shard: v.strictObject({ index: count, count }),
  finished: v.boolean(),
  elapsedMs: v.number(),
  done: v.array(v.strictTuple([caseNumber, caseNumber])),
  tallies: v.array(
    v.strictObject({
      cases: count,
      elements: count,
      discoveries: v.record(bucketSchema, discoverySchema),
      accuracies: v.record(v.picklist(operations), accuracySchema),
      places: v.record(v.picklist(operations), placesSchema),
      coverage: bandsSchema,
      repeats: v.strictObject({ asked: count, same: count }),
    }),
  ),
});

/** Which campaign it is: two runs of equal plans, version included, run the same cases against the same targets. */
export type Plan = v.InferOutput<typeof planSchema>;

/** The file, parsed. */
export type StateFile = v.InferOutput<typeof stateSchema>;

/** The version of this package. */
export const packageVersion: string = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
).version;

/** The plan of a campaign. Time is no part of it: it says how much of the campaign is run. */
export function planOf(targets: readonly Target[], options: FuzzOptions): Plan {
  const runs = runsOfOptions(options);
  return {
    version: packageVersion,
    seed: options.seed,
    runs: Number.isFinite(runs) ? runs : null,
    generation: plain(options.generation ?? {}),
    saved: (options.saved ?? []).map(({ file, batch }) => ({ file, hash: hash(toBatchWords(batch)) })),
    targets: targets.map((target) => ({
      name: target.name,
      specifier: target.specifier,
      profile: target.profile,
      ...(target.semantics && { semantics: target.semantics }),
      known: target.known.map(declarationOf),
      laws: [...target.laws],
      operations: chosenOperations(target, options),
    })),
  };
}

/** The first place where two plans differ, in words, or null. `b` is what is wanted. */
export function differenceOf(a: unknown, b: unknown, path = 'plan'): string | null {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return Object.is(a, b) ? null : `its ${path} is ${JSON.stringify(a)}, not ${JSON.stringify(b)}`;
  }
  const [was, is] = [a, b] as Record<string, unknown>[];
  for (const key of new Set([...Object.keys(was), ...Object.keys(is)])) {
    const difference = differenceOf(was[key], is[key], path === 'plan' ? key : `${path}.${key}`);
    if (difference !== null) return difference;
  }
  return null;
}

/** The text of the file. */
export function formatState(file: Omit<StateFile, 'schemaVersion'>): string {
  return withChecksum({ schemaVersion: SCHEMA_VERSION, ...file });
}

/**
 * The state in JSON `text`; `source` says in errors where the text is from.
 * @throws UserError when it is not JSON, does not fit its checksum, or is not a state of this version of softmax-fuzz.
 */
export function parseState(text: string, source: string): StateFile {
  const checked = withoutChecksum(text, source, 'Run it anew without --resume, or restore the file.');
  const file = parseJson(stateSchema, checked, source);
  if (file.plan.version !== packageVersion) {
    throw new UserError(
      `${source} is of softmax-fuzz ${file.plan.version}, and this is ${packageVersion}`,
      'Use the same version for every part of a campaign.',
    );
  }
  if (file.tallies.length !== file.plan.targets.length)
    throw new UserError(
      `${source}: there are ${file.tallies.length} tallies for ${file.plan.targets.length} targets`,
    );
  return file;
}

/** The file's form of a state. */
export function fromState({
  done,
  tallies,
  elapsedMs,
  finished,
}: CampaignState): Pick<StateFile, 'done' | 'tallies' | 'elapsedMs' | 'finished'> {
  return {
    finished,
    elapsedMs,
    done: done.map(([from, to]) => [from, to]),
    tallies: tallies.map(({ cases, elements, discoveries, accuracies, places, coverage, repeats }) => ({
      cases,
      elements,
      accuracies: Object.fromEntries(
        operations
          .filter((operation) => accuracies.has(operation))
          .map((operation) => [operation, toAccuracyWords(accuracies.get(operation) as Accuracy)]),
      ),
      places: Object.fromEntries(
        operations
          .filter((operation) => places.has(operation))
          .map((operation) => [operation, toPlacesWords(places.get(operation) as Places)]),
      ),
      coverage: toBandsWords(coverage),
      repeats,
      discoveries: Object.fromEntries(
        [...discoveries]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([bucket, { simplest, worst, weights, ...rest }]) => [
            bucket,
            {
              ...rest,
              simplest: { ...simplest, ...toSizeWords(simplest) },
              worst: { ...worst, ...toSizeWords(worst) },
              weights: toBins(weights),
            },
          ]),
      ),
    })),
  };
}

/** The state of a file. */
export function toState({ done, tallies, elapsedMs, finished }: StateFile): CampaignState {
  return {
    finished,
    elapsedMs,
    done,
    tallies: tallies.map(({ cases, elements, discoveries, accuracies, places, coverage, repeats }) => ({
      cases,
      elements,
      accuracies: new Map(
        Object.entries(accuracies).map(([operation, words]) => [
          operation as Operation,
          fromAccuracyWords(words),
        ]),
      ),
      places: new Map(
        Object.entries(places).map(([operation, words]) => [operation as Operation, fromPlacesWords(words)]),
      ),
      coverage: fromBandsWords(coverage),
      repeats,
      discoveries: new Map(
        Object.entries(discoveries).map(([bucket, { simplest, worst, weights, ...rest }]) => [
          bucket,
          {
            ...rest,
            simplest: { ...simplest, ...sizesOf(simplest) },
            worst: { ...worst, ...sizesOf(worst) },
            weights: new Map(weights),
          },
        ]),
      ),
    })),
  };
}

type AccuracyWords = v.InferOutput<typeof accuracySchema>;

function toAccuracyWords({ ulps, uses, worstUlp, worstUse }: Accuracy): AccuracyWords {
  const toWorst = (worst: WorstNumber | null) =>
    worst && { ...worst, error: finiteOrNull(worst.error), logits: worst.logits && toWords(worst.logits) };
  return { ulps: toBins(ulps), uses: toBins(uses), worstUlp: toWorst(worstUlp), worstUse: toWorst(worstUse) };
}

function fromAccuracyWords({ ulps, uses, worstUlp, worstUse }: AccuracyWords): Accuracy {
  const fromWorst = (worst: AccuracyWords['worstUlp']): WorstNumber | null =>
    worst && {
      ...worst,
      error: worst.error ?? Number.POSITIVE_INFINITY,
      logits: worst.logits && fromWords(worst.logits),
    };
  return {
    ulps: new Map(ulps),
    uses: new Map(uses),
    worstUlp: fromWorst(worstUlp),
    worstUse: fromWorst(worstUse),
  };
}

type PlacesWords = v.InferOutput<typeof placesSchema>;

function toPlacesWords({ gaps, lengths }: Places): PlacesWords {
  return { gaps: toBandsWords(gaps), lengths: toBandsWords(lengths) };
}

function fromPlacesWords({ gaps, lengths }: PlacesWords): Places {
  return { gaps: fromBandsWords(gaps), lengths: fromBandsWords(lengths) };
}

function toBandsWords(bands: Bands): PlacesWords['gaps'] {
  return [...bands]
    .sort(([a], [b]) => a - b)
    .map(([k, { numbers, wrong, worstUlp, allowedUlp, worstUse }]) => [
      k,
      numbers,
      wrong,
      finiteOrNull(worstUlp),
      finiteOrNull(allowedUlp),
      finiteOrNull(worstUse),
    ]);
}

function fromBandsWords(words: PlacesWords['gaps']): Bands {
  return new Map(
    words.map(([k, numbers, wrong, worstUlp, allowedUlp, worstUse]) => [
      k,
      {
        numbers,
        wrong,
        worstUlp: worstUlp ?? Number.POSITIVE_INFINITY,
        allowedUlp: allowedUlp ?? Number.POSITIVE_INFINITY,
        worstUse: worstUse ?? Number.POSITIVE_INFINITY,
      },
    ]),
  );
}

function toBins(histogram: Histogram): [bin: number, count: number][] {
  return [...histogram].sort(([a], [b]) => a - b);
}

function plain(generation: BatchOptions): Plan['generation'] {
  return JSON.parse(JSON.stringify(generation));
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
