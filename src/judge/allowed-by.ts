/** The profiles that allow a number which the target's own does not: what its author may have meant to declare. */
import type { Operation } from '../core/operation.ts';
import type { Oracle } from '../oracle/exact.ts';
import type { Profile } from '../row/profile.ts';
import { inFormats } from '../row/profile-formats.ts';
import { additionNames, profileNamed, profiles } from '../row/profiles.ts';
import { compare } from './compare.ts';
import { readingsOf } from './readings.ts';

/** What designs of the field are together. */
const combined = ['exp2+online', 'exp2+sequential'];

/**
 * The names of the profiles by which `got` is right as number `k` of the answer: of all, and of `own` with `+ftz`; and where
 * those are none, of `own` with another addition, and of what designs of the field are together. Empty where none allows it.
 */
export function allowedBy(
  oracle: Oracle,
  operation: Operation,
  k: number,
  got: number,
  own: Profile,
): readonly string[] {
  const allows = (name: string): boolean => {
    const profile = inFormats(profileNamed(name), own);
    return readingsOf(oracle, profile).some((each) => compare(each, operation, k, got, profile) === null);
  };
  const more = additionNames.filter((name) => !own.name.split('+').includes(name));
  const added = (names: readonly string[]): string[] => names.map((name) => `${own.name}+${name}`);
  const usual = [...profiles.map(({ name }) => name), ...added(more.filter((name) => name === 'ftz'))].filter(
    allows,
  );
  return usual.length > 0 ? usual : [...new Set([...added(more), ...combined])].filter(allows);
}
