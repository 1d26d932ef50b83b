/** How much it weighs that a target is repeatable, in words. */
import type { TargetResult } from '../campaign/result.ts';
import { formatCount, formatNumberOf } from './numbers.ts';

/** `the same bits in 412 of 412 calls that were made again`, where any was; nothing where the target is falsified, whose faults say more. */
export function describeRepeats({
  verdict,
  repeats = { asked: 0, same: 0 },
}: Pick<TargetResult, 'verdict' | 'repeats'>): string[] {
  const { asked, same } = repeats;
  if (asked === 0 || verdict === 'falsified') return [];
  return [
    `the same bits in ${formatCount(same)} of ${formatNumberOf(asked, 'call', 'calls')} that ${asked === 1 ? 'was' : 'were'} made again`,
  ];
}
