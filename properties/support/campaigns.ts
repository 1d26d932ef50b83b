import { type FuzzOptions, fuzz } from '../../src/campaign/fuzz.ts';
import type { TargetResult } from '../../src/campaign/result.ts';
import type { Target } from '../../src/core/target.ts';

/** What a campaign shows of one target. */
export async function resultOf(target: Target, options: FuzzOptions): Promise<TargetResult> {
  return (await fuzz([target], options)).targets[0];
}
