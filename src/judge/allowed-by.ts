/** The profiles that allow a number which the target's own does not: what its author may have meant to declare. */
import type { Operation } from '../core/operation.ts';
import type { Oracle } from '../oracle/exact.ts';
import type { Profile } from '../row/profile.ts';
import { inFormats } from '../row/profile-formats.ts';
import { FTZ, profileNamed, profiles } from '../row/profiles.ts';
import { compare } from './compare.ts';
import { readingsOf } from './readings.ts';

/**
 * The names of the profiles by which `got` is right as number `k` of the answer: of all, and of `own` where what is below the
 * normal range may be flushed to zero. Empty where none allows it.
 */
export function allowedBy(
  oracle: Oracle,
  operation: Operation,
  k: number,
  got: number,
  own: Profile,
): readonly string[] {
  const flushing = own.name.endsWith(FTZ) ? [] : [profileNamed(`${own.name}${FTZ}`)];
  return [...profiles, ...flushing]
    .filter(({ name }) => {
      const profile = inFormats(profileNamed(name), own);
      return readingsOf(oracle, profile).some((each) => compare(each, operation, k, got, profile) === null);
    })
    .map(({ name }) => name);
}
