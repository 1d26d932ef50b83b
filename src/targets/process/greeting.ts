/** What a program says of itself before the first call: `{ "name": …, "operations": […], "profile": … }`. */
import * as v from 'valibot';
import { type Operation, operations } from '../../core/operation.ts';
import type { Declaration } from '../../core/target.ts';
import { shown } from '../../text/describe-value.ts';
import { UserError } from '../../text/errors.ts';
import { inert } from '../../text/inert.ts';
import { describeIssue } from '../../text/issue.ts';
import { readJson, textsIn } from '../../text/json.ts';
import { unknownName } from '../../text/nearest.ts';
import { parseDeclaration } from '../declaration.ts';

const foundSchema = v.object({
  /** For people. */
  notes: v.optional(v.array(v.string()), []),
  /** For a host that is started again, which is given them. */
  readings: v.optional(v.record(v.string(), v.array(v.string())), {}),
  /** Whether it has called functions to find out. */
  probed: v.optional(v.boolean(), false),
});

/** What a host has found out. */
export type Found = v.InferOutput<typeof foundSchema>;

/** A greeting, checked. */
export interface Greeting {
  readonly operations: readonly Operation[];
  readonly declaration: Declaration;
  /** What a host has found out about how functions are called. */
  readonly found: Found;
}

const GREETING = 'its greeting';

/** Each text of a greeting, a name of a field too, may have so many characters. */
export const LONGEST_TEXT = 1000;

const offerSchema = v.pipe(v.array(v.string()), v.minLength(1));

/**
 * The greeting in JSON `text`.
 * @throws UserError when it is not JSON, offers nothing, or has a field or an operation that there is none of.
 */
export function parseGreeting(text: string): Greeting {
  const value = readJson(text, GREETING);
  for (const each of textsIn(value))
    if (each.length > LONGEST_TEXT)
      throw new UserError(
        `${GREETING} has a text of ${each.length} characters, '${shown(each)}': expected at most ${LONGEST_TEXT}`,
      );
  const { operations: offered, found = {}, ...declaration } = Object(value);
  const offer = v.safeParse(offerSchema, offered);
  if (!offer.success)
    throw new UserError(
      `its greeting names no operations: '${shown(text)}'`,
      `Expected "operations": a list of some of ${operations.join(', ')}.`,
    );
  const result = v.safeParse(foundSchema, found);
  if (!result.success)
    throw new UserError(`its greeting's found is wrong: ${shown(describeIssue(result.issues[0]))}`);
  for (const name of offer.output)
    if (!operations.some((each) => each === name)) throw unknownName('operation', name, operations);
  return {
    operations: operations.filter((each) => offer.output.includes(each)),
    declaration: parseDeclaration(declaration, 'greeting'),
    found: result.output,
  };
}

const words = v.pipe(v.string(), v.trim(), v.nonEmpty());
const refusalSchema = v.object({ message: words, hint: v.optional(words) });

/** Of an error that a program tells in its greeting's place, so many characters are shown: it may quote a specifier. */
const LONGEST_ERROR = 2000;

/**
 * The error that a program tells in JSON `text`, in the place of a greeting: `{ "message": …, "hint": … }`; that it tells none is one too.
 * @throws UserError when the text is not JSON.
 */
export function parseRefusal(text: string): UserError {
  const result = v.safeParse(refusalSchema, readJson(text, GREETING));
  if (!result.success)
    return new UserError(
      `it greeted with an error that says nothing: '${shown(text)}'`,
      'Expected a text like { "message": "there is no GPU" }.',
    );
  const { message, hint } = result.output;
  return new UserError(
    inert(message, LONGEST_ERROR),
    hint === undefined ? undefined : inert(hint, LONGEST_ERROR),
  );
}
