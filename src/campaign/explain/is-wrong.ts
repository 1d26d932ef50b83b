/** Whether anything is wrong with an answer, asked of many answers of which most are wrong throughout. */
import { type Operation, rowAt } from '../../core/operation.ts';
import { compare } from '../../judge/compare.ts';
import { createEstimate, UNDECIDED } from '../../judge/estimate.ts';
import { estimate } from '../../judge/judge.ts';
import { readingsOf } from '../../judge/readings.ts';
import { unproven } from '../../judge/screen.ts';
import type { Oracle } from '../../oracle/exact.ts';
import { slowBecause } from '../../oracle/sentinels.ts';
import type { Profile } from '../../row/profile.ts';

/**
 * Whether {@link estimate} finds anything in the answer, by the same steps, but no more of them than one row takes that no reading of the batch's
 * options explains.
 */
export function isWrong(
  oracle: Oracle,
  operation: Operation,
  answer: Float32Array,
  profile: Profile,
): boolean {
  if (slowBecause !== null) return estimate(oracle, operation, answer, profile).length > 0;
  const { batch } = oracle;
  const rowOf = (k: number): number => rowAt(operation, k, batch) ?? 0;
  const readings = readingsOf(oracle, profile);
  let blamed: ReadonlySet<number> | undefined;
  const blames = readings.map((reading) => {
    const suspects =
      blamed?.size === 0 ? [] : unproven(operation, batch, reading.approximate, answer, profile);
    blamed = new Set(suspects.map(rowOf).filter((r) => blamed?.has(r) ?? true));
    const missAt = createEstimate(operation, reading.batch, reading.approximate, profile);
    const isMiss = (k: number): boolean => {
      const miss = missAt(k, answer[k]);
      return (miss === UNDECIDED ? compare(reading, operation, k, answer[k], profile) : miss) !== null;
    };
    return (r: number): boolean => suspects.some((k) => rowOf(k) === r && isMiss(k));
  });
  return [...(blamed ?? [])].some((r) => blames.every((blamesRow) => blamesRow(r)));
}
