/** JSON from files and streams, checked against a schema, with errors that say where and what. */
import * as v from 'valibot';
import { shown } from '../text/describe-value.ts';
import { UserError } from '../text/errors.ts';
import { shortened } from '../text/inert.ts';
import { describeIssue } from '../text/issue.ts';
import { readJson } from '../text/json.ts';

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

/** What is wrong may quote what is expected too, as a list of names. */
const LONGEST_ISSUE = 600;

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
  throw new UserError(
    `${source}${path === null ? '' : `, at ${shown(path)}`}: ${shortened(describeIssue(issue), LONGEST_ISSUE)}`,
  );
}
