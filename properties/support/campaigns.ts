import { type FuzzOptions, fuzz, type TargetResult } from '../../src/campaign/fuzz.ts';
import type { Target } from '../../src/core/target.ts';

/** What a campaign shows of one target. */
export async function resultOf(target: Target, options: FuzzOptions): Promise<TargetResult> {
  return (await fuzz([target], options)).targets[0];
}
