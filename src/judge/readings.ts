/** The oracles by which an answer may be right: of each reading of its batch's options that the profile allows. */
import { isAllowed } from '../options/readings.ts';
import type { Oracle } from '../oracle/exact.ts';
import type { Profile } from '../row/profile.ts';

/** Those of an oracle, itself the first. */
export function readingsOf(
  oracle: Oracle,
  profile: Pick<Profile, 'stored' | 'arithmetic'>,
): readonly Oracle[] {
  if (oracle.batch.options === undefined) return [oracle];
  return oracle.readings.filter(({ reading }) => isAllowed(reading, profile));
}
