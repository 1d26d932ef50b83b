/** What a program says of itself before the first call: `{ "name": …, "operations": […], "profile": … }`. */
import * as v from 'valibot';
import { UserError } from '../../core/errors.ts';
import { unknownName } from '../../core/nearest.ts';
import { type Operation, operations } from '../../core/operation.ts';
import type { Declaration } from '../../core/target.ts';
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

const offerSchema = v.pipe(v.array(v.string()), v.minLength(1));

/**
 * The greeting in JSON `text`.
 * @throws UserError when it is not JSON, offers nothing, or has a field or an operation that there is none of.
 */
export function parseGreeting(text: string): Greeting {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError(`its greeting is not JSON: '${text.slice(0, 80)}'`);
  }
  const { operations: offered, found = {}, ...declaration } = Object(value);
  const offer = v.safeParse(offerSchema, offered);
  if (!offer.success)
    throw new UserError(
      `its greeting names no operations: '${text.slice(0, 80)}'`,
      `Expected "operations": a list of some of ${operations.join(', ')}.`,
    );
  const result = v.safeParse(foundSchema, found);
  if (!result.success) throw new UserError(`its greeting's found is wrong: ${result.issues[0].message}`);
  for (const name of offer.output)
    if (!operations.some((each) => each === name)) throw unknownName('operation', name, operations);
  return {
    operations: operations.filter((each) => offer.output.includes(each)),
    declaration: parseDeclaration(declaration, 'greeting'),
    found: result.output,
  };
}
