/** Reads what a target says of itself: `export const target = { name, profile, … }`. */
import * as v from 'valibot';
import { MOST_LOGITS } from '../core/batch.ts';
import { layoutNames } from '../core/layout.ts';
import { operations } from '../core/operation.ts';
import type { DeclaredSemantics } from '../core/semantics.ts';
import type { Declaration, DeclaredOptions } from '../core/target.ts';
import { type FormatName, formats } from '../formats/index.ts';
import { shown } from '../text/describe-value.ts';
import { UserError } from '../text/errors.ts';
import { shortened } from '../text/inert.ts';
import { describeIssue } from '../text/issue.ts';
import { readJson } from '../text/json.ts';
import { unknownName } from '../text/nearest.ts';

const size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_LOGITS));

/** What is declared as known: see core/known.ts. */
export const knownSchema = v.union([
  v.string(),
  v.strictObject({
    bucket: v.string(),
    weight: v.pipe(v.number(), v.gtValue(0)),
    occurrences: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  }),
]);

const formatSchema = v.picklist(Object.keys(formats) as FormatName[], ({ input }) => noFormat(input));

function noFormat(input: unknown): string {
  return `there is no format '${shown(input)}': the formats are ${Object.keys(formats).join(', ')}`;
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

const formatsSchema = v.strictObject({
  logits: v.optional(formatSchema),
  answer: v.optional(formatSchema),
  arithmetic: v.optional(formatSchema),
});

/** Names and values are checked where they are made use of: create.ts. */
const optionsSchema = v.pipe(
  v.custom<object>(
    (value) => isObject(value) && !Array.isArray(value),
    "expected the options of operations, like { softmax: ['scale', 'mask'] }",
  ),
  v.record(
    v.string(),
    v.custom<DeclaredOptions>(
      isObject,
      'expected a list of options, or an object like { scale: 0.125, mask: true }',
    ),
  ),
);

const layoutsSchema = v.array(
  v.picklist(
    layoutNames,
    ({ input }) => `there is no layout '${shown(input)}': the layouts are ${layoutNames.join(', ')}`,
  ),
  `expected a list of layouts, like ['inner']: the layouts are ${layoutNames.join(', ')}`,
);

const layoutsByOperationSchema = v.record(
  v.picklist(
    operations,
    ({ input }) => `there is no operation '${shown(input)}': the operations are ${operations.join(', ')}`,
  ),
  layoutsSchema,
);

const declarationSchema = v.object({
  name: v.optional(v.pipe(v.string(), v.nonEmpty())),
  profile: v.optional(v.string()),
  format: v.optional(v.lazy((input) => (isObject(input) ? formatsSchema : formatSchema))),
  options: v.optional(optionsSchema),
  probabilities: v.optional(v.union([v.boolean(), v.literal('always')], "expected true, false or 'always'")),
  semantics: v.optional(
    v.custom<DeclaredSemantics>(
      (value) => typeof value === 'string' || isObject(value),
      "expected a library's name, or an object like { divisor: 'rows' }",
    ),
  ),
  layouts: v.optional(
    v.lazy((input) => (isObject(input) && !Array.isArray(input) ? layoutsByOperationSchema : layoutsSchema)),
  ),
  inPlace: v.optional(v.boolean()),
  ftz: v.optional(v.boolean()),
  views: v.optional(v.boolean()),
  repeatable: v.optional(v.boolean()),
  batchInvariant: v.optional(v.boolean()),
  known: v.optional(v.array(knownSchema)),
  nonFinite: v.optional(v.boolean()),
  maxRows: v.optional(size),
  maxCols: v.optional(size),
  multipleOf: v.optional(size),
  rows: v.optional(size),
  cols: v.optional(size),
});

/** What a declaration may say. */
export const declarationFields: readonly string[] = Object.keys(declarationSchema.entries);

/** What is wrong may quote what is expected too, as a list of names. */
const LONGEST_ISSUE = 600;

/**
 * The declaration in `value`, an empty one when it is undefined; `source` says in errors what it is.
 * @throws UserError when it has an unknown field or one of a wrong type.
 */
export function parseDeclaration(value: unknown, source = 'export target'): Declaration {
  if (value === undefined) return {};
  if (Array.isArray(value))
    throw new UserError(`its ${source} is a list: expected an object, like { name: 'mine' }`);
  const result = v.safeParse(declarationSchema, value);
  if (!result.success) {
    const [issue] = result.issues;
    throw new UserError(
      `its ${[source, v.getDotPath(issue)].filter(Boolean).map(shown).join('.')} is wrong: ${shortened(describeIssue(issue), LONGEST_ISSUE)}`,
    );
  }
  const unknown = Object.keys(value as object).find((field) => !declarationFields.includes(field));
  if (unknown !== undefined) throw unknownName('declaration field', unknown, declarationFields);
  return result.output as Declaration;
}

/** The string in which compiled code may declare, as JSON, what a module declares in its `target`. */
export const DECLARATION = 'softmax_fuzz_target';

/**
 * The declaration in a JSON text; `source` says in errors what it is.
 * @throws UserError when it is not JSON, and where {@link parseDeclaration} does.
 */
export function declarationInJson(text: string, source: string): Declaration {
  return parseDeclaration(readJson(text, `its ${source}`), source);
}
