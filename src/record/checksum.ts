/** A checksum in the files that a campaign or a sweep goes on from: what was changed by a disk, a copy or a hand may be plausible yet, and would be counted. */
import { createHash } from 'node:crypto';
import { UserError } from '../text/errors.ts';
import { readJson } from '../text/json.ts';

/** The text of a JSON object with its checksum as the last of its fields, `sha256`. It is of the object without blanks: those between its fields may change. */
export function withChecksum(value: object, indent = 0): string {
  return `${JSON.stringify({ ...value, sha256: checksumOf(value) }, null, indent)}\n`;
}

/**
 * The text of the object without its checksum, which it fits. One that has none is given as it is: earlier versions wrote none. `source` says in errors where it is from, and
 * `remedy` what to do.
 * @throws UserError when it is not JSON, or the checksum is that of something else.
 */
export function withoutChecksum(text: string, source: string, remedy: string): string {
  const value = readJson(text, source);
  if (typeof value !== 'object' || value === null || !('sha256' in value)) return text;
  const { sha256, ...rest } = value;
  if (sha256 === checksumOf(rest)) return JSON.stringify(rest);
  throw new UserError(
    `${source} was changed or damaged since it was written: it does not fit its sha256`,
    remedy,
  );
}

function checksumOf(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
