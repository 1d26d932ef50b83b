/** A run as one JSON object, as `fuzz --json` and run.json have it. Its JSON Schema is published as schemas/run-1.schema.json. */
import * as v from 'valibot';
import { operations } from '../core/operation.ts';
import { kinds } from '../core/violation.ts';
import { semanticsSchema } from './batch-words.ts';
import { callsSchema, SCHEMA_VERSION, sizeEntries } from './finding-file.ts';
import { optionsSchema } from './option-words.ts';
import { formatSchema, wordSchema } from './words.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const limit = v.nullable(v.number());
const words = v.pipe(
  v.nullable(v.array(wordSchema)),
  v.description('Null where there are too many, or none: the file of the finding has what was kept.'),
);

const worstNumberSchema = v.object({
  error: limit,
  case: v.pipe(v.number(), v.integer(), v.description('Below 0 for one that was given.')),
  index: count,
  cols: count,
  logits: v.pipe(words, v.description('Of its row; null where they are more than a few.')),
});

const accuracySchema = v.object({
  operation: v.picklist(operations),
  numbers: v.pipe(count, v.description('How many numbers were measured.')),
  typicalUlp: v.pipe(limit, v.description('The median error in ULP of the exact value.')),
  highUlp: v.pipe(limit, v.description('The error in ULP that one number of a thousand exceeds.')),
  typicalUse: v.pipe(limit, v.description('The median error over the budget.')),
  worstUlp: worstNumberSchema,
  worstUse: worstNumberSchema,
  ulps: v.pipe(
    v.optional(v.array(v.object({ from: v.number(), numbers: count }))),
    v.description(
      'How many errors in ULP there are from each power of two to the next; the first are all below.',
    ),
  ),
});

const range = v.strictTuple([v.number(), v.number()]);

const cellEntries = {
  from: count,
  to: v.pipe(
    limit,
    v.description('Gaps above `from`, 0 included by the first, and up to `to`; null where it has no end.'),
  ),
  cols: v.pipe(count, v.description('The length of the rows.')),
};

/** How accurate the operations are on the same batches as ever. */
export const benchmarkSchema = v.array(
  v.object({
    operation: v.picklist(operations),
    cells: v.array(
      v.object({
        ...cellEntries,
        mean: v.pipe(
          v.array(v.number()),
          v.description('The mean error over the budget of each of 16 blocks.'),
        ),
        worst: v.pipe(v.array(v.number()), v.description('The largest error over the budget of each.')),
      }),
    ),
  }),
);

const changeSchema = v.object({
  operation: v.picklist(operations),
  ...cellEntries,
  of: v.picklist(['worst', 'mean']),
  before: v.pipe(range, v.description('The smallest and the largest of the blocks.')),
  after: range,
  isLoss: v.boolean(),
});

const bandEntries = {
  from: v.number(),
  to: v.pipe(limit, v.description('Null where it has no end.')),
  numbers: v.pipe(count, v.description('How many were measured.')),
  wrong: v.pipe(count, v.description('Wrong answers, by the number where they are most.')),
  worstUlp: limit,
  allowedUlp: v.pipe(
    limit,
    v.description('What the number with the largest error in ULP is allowed, where that is known.'),
  ),
  worstUse: v.pipe(limit, v.description('The largest error over its budget.')),
};

const errorsSchema = v.object({
  operation: v.picklist(operations),
  gaps: v.pipe(
    v.array(v.object(bandEntries)),
    v.description(
      'By the distance of a logit below its row’s maximum, above `from` and up to `to`; of answers of whole rows the largest.',
    ),
  ),
  lengths: v.pipe(
    v.array(v.object(bandEntries)),
    v.description('By the length of rows, both ends included.'),
  ),
});

const coverageSchema = v.object({
  gap: v.object({ from: v.number(), to: limit }),
  length: v.object({ from: count, to: count }),
  numbers: count,
  wrong: count,
  worstUse: limit,
});

const causeSchema = v.pipe(
  v.nullable(v.object({ words: v.string(), explains: count, of: count, isExact: v.boolean() })),
  v.description(
    'The known way to be wrong that answers so: of how many answers, and whether bit for bit; null where none does.',
  ),
);

const powerSchema = v.pipe(
  v.optional(
    v.object({
      known: v.pipe(
        count,
        v.description('Known ways to be wrong that are any by the operations and the profile.'),
      ),
      found: v.pipe(count, v.description('How many of them the batches find.')),
      missed: v.array(
        v.object({
          words: v.pipe(v.string(), v.description('What a kernel does that is wrong so.')),
          needs: v.pipe(
            v.nullable(v.string()),
            v.description('The shape that shows it, where no batch had it.'),
          ),
          tried: v.pipe(count, v.description('How many batches were tried.')),
        }),
      ),
    }),
  ),
  v.description('Where it holds: what the same batches find of known faults.'),
);

const findingSchema = v.object({
  id: v.string(),
  bucket: v.string(),
  operation: v.picklist(operations),
  property: v.string(),
  kind: v.picklist(kinds),
  severity: v.picklist(['error', 'warning']),
  known: v.boolean(),
  exceeds: v.pipe(
    limit,
    v.description('The heaviest error of the bucket that is known, where this one is heavier.'),
  ),
  ...sizeEntries,
  worstWeight: v.pipe(limit, v.description('The largest weight met; null where an error has no size.')),
  typicalWeight: v.pipe(limit, v.description('The median of the weights met; null where that has no size.')),
  occurrences: v.pipe(count, v.description('Cases that fell into the bucket.')),
  rows: count,
  cols: count,
  logits: words,
  targets: v.array(count),
  upstream: words,
  options: v.optional(optionsSchema),
  before: v.pipe(
    callsSchema,
    v.description('The calls that a new target has to be given first; left out where it needs none.'),
  ),
  output: words,
  expected: words,
  shrink: v.object({
    minimal: v.boolean(),
    cut: v.pipe(v.boolean(), v.description('Whether time or an interrupt ended shrinking.')),
    next: v.pipe(v.nullable(v.string()), v.description('The command that goes on, where it was cut.')),
  }),
  file: v.pipe(v.string(), v.description('Relative to the folder in which the command ran.')),
});

/** The schema of the object. */
export const runSchema = v.object({
  schemaVersion: v.literal(SCHEMA_VERSION),
  version: v.pipe(v.string(), v.description('Of softmax-fuzz.')),
  date: v.pipe(v.string(), v.isoTimestamp(), v.description('When it was written.')),
  seed: v.number(),
  shard: v.pipe(
    v.nullable(v.object({ index: count, count })),
    v.description('The part of a campaign that it was; null where it was all of it.'),
  ),
  options: v.pipe(
    v.object({ runs: limit, maxTimeMs: limit, shrinkTimeMs: limit, rows: limit, cols: limit }),
    v.description('What limited it; null where nothing did. The times of shards put together are not kept.'),
  ),
  elapsedMs: count,
  interrupted: v.boolean(),
  targets: v.array(
    v.object({
      name: v.string(),
      specifier: v.string(),
      profile: v.string(),
      formats: v.pipe(
        v.optional(v.object({ logits: formatSchema, answer: formatSchema, arithmetic: formatSchema })),
        v.description(
          'FP32 throughout where left out. All words here are FP32, whose values those of other formats are.',
        ),
      ),
      semantics: v.pipe(
        v.optional(semanticsSchema),
        v.description("What its loss means with options; PyTorch's where left out."),
      ),
      operations: v.array(v.picklist(operations)),
      cases: count,
      elements: count,
      verdict: v.pipe(
        v.picklist(['held', 'known', 'warnings', 'falsified', 'regressed']),
        v.description(
          'No finding; only known ones; new warnings and no new error; a new error; no new error, but less accurate than the baseline.',
        ),
      ),
      notFound: v.pipe(v.array(v.string()), v.description('What is known of the target and was not found.')),
      power: powerSchema,
      accuracy: v.pipe(v.array(accuracySchema), v.description('Of the operations that have no error.')),
      benchmark: v.pipe(
        v.optional(benchmarkSchema),
        v.description(
          'How accurate it is on the same batches as ever, where that is measured for a baseline.',
        ),
      ),
      changes: v.pipe(
        v.optional(v.array(changeSchema)),
        v.description('Where it is compared with a baseline: what has become of its accuracy.'),
      ),
      errors: v.pipe(
        v.optional(v.array(errorsSchema)),
        v.description('Where the errors of each operation are, of right answers and of wrong ones.'),
      ),
      coverage: v.pipe(
        v.optional(v.array(coverageSchema)),
        v.description('The same by the exponents of gap and length, of all operations.'),
      ),
      repeats: v.pipe(
        v.optional(v.object({ asked: count, same: count })),
        v.description('Calls that were made again, and how many of them gave the same bits.'),
      ),
      notes: v.pipe(
        v.array(v.string()),
        v.description('How its functions are called, and which are not judged.'),
      ),
      unshrunk: v.pipe(count, v.description('Findings whose shrinking was cut.')),
      faults: v.pipe(
        v.optional(
          v.array(v.object({ lead: v.string(), cause: causeSchema, findings: v.array(v.string()) })),
        ),
        v.description('Findings of one cause, as far as inputs tell: ids, the simplest first.'),
      ),
      findings: v.array(findingSchema),
    }),
  ),
});

/** The object. */
export type RunFile = v.InferOutput<typeof runSchema>;
