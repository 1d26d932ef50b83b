/** Turns a discovery into a finding: the simplest batch of its bucket, the boundary beside it, the worst case. */
import type { Call } from '../../core/call.ts';
import type { Finding } from '../../core/finding.ts';
import type { Target } from '../../core/target.ts';
import { bucketOf } from '../../core/violation.ts';
import { type Descent, descend } from './descent.ts';
import type { Discovered } from './discovered.ts';
import { told } from './finding-of.ts';
import { createInquiry, failsHeavilyIn, type Inquiry, type MinimizeOptions } from './inquiry.ts';
import { type Again, prove } from './prove.ts';
import { after } from './ways.ts';

/**
 * The finding that a discovery shrinks to. Its bucket may differ from the discovery's: see cause-check.ts. The
 * way there is judged by double precision where that decides, the finding itself by decimal.js.
 */
export async function minimize(
  target: Target,
  discovered: Discovered,
  options: MinimizeOptions,
): Promise<Finding> {
  const again: Again = (other, changed) => minimize(target, other, { ...options, ...changed });
  const inquiry = createInquiry(target, discovered, options);
  const reached = await descend(inquiry);
  const other = await otherStart(inquiry, reached);
  if (other !== null) return again(...other);
  const descent = { ...reached, minimal: reached.minimal && !inquiry.isOver() };
  return told(inquiry, descent, await prove(inquiry, descent, again));
}

/** What is minimized instead where new processes do not bear out what calls were needed, and with which options; null where they do. */
async function otherStart(
  inquiry: Inquiry,
  { batch, signature, way }: Descent,
): Promise<Parameters<Again> | null> {
  if (way.asked === 'alone') return null;
  const { discovered, isHalted } = inquiry;
  const bucket = bucketOf(signature);
  const failsNew = (calls: readonly Call[]): Promise<boolean> =>
    failsHeavilyIn(bucket, inquiry, { way: after(calls), isEnough: isHalted })(batch);
  // What fails alone by now needs no calls before it.
  if (await failsNew([]))
    return [{ ...discovered, signature, batch, before: undefined }, { sequences: null }];
  return way.isQuick && !(await failsNew(way.calls)) ? [discovered, { isReloaded: false }] : null;
}
