/** JSON from files and streams, checked against a schema, with errors that say where and what. */
import * as v from 'valibot';
import { UserError } from '../core/errors.ts';

/**
 * The value of JSON `text` that satisfies `schema`; `source` says in errors where the text is from.
 * @throws UserError when the text is not JSON or does not satisfy the schema.
 */
export function parseJson<S extends v.GenericSchema>(
  schema: S,
  text: string,
  source: string,
): v.InferOutput<S> {
  return checkJson(schema, readJson(text, source), source);
}

/**
 * The value of JSON `text`.
 * @throws UserError when the text is not JSON.
 */
export function readJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${source} is not JSON: ${(error as Error).message}`);
  }
}

/**
 * `value`, when it satisfies `schema`.
 * @throws UserError that names the first place where it does not.
 */
export function checkJson<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  source: string,
): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  throw new UserError(`${source}${path === null ? '' : `, at ${path}`}: ${issue.message}`);
}
