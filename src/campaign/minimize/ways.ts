/** How a failure is asked for: of the target as it is, or of a new one that is given some calls first. */
import type { Call } from '../../core/call.ts';
import { FURTHER_CALLS } from '../../core/law.ts';
import type { Target } from '../../core/target.ts';
import type { Signature } from '../../core/violation.ts';
import { judge } from '../../judge/judge.ts';
import { examineLaw } from '../../laws/examine-law.ts';
import type { Oracle } from '../../oracle/exact.ts';
import { type Examination, examine } from '../../targets/examine.ts';
import type { Awaitable } from '../../targets/observe.ts';
import { startOver } from '../../targets/start-over.ts';
import type { Allowance } from './sequences.ts';

/** What the target makes of the oracle's batch, judged by `verdict`, for the operation and the law of a failure. */
export type Look = (oracle: Oracle, verdict: typeof judge) => Awaitable<Examination>;

/** One way to ask for a failure. With `isQuick` a new target is another load of a module where it is: see {@link startOver}. */
export type Way =
  | { readonly asked: 'alone' }
  | { readonly asked: 'after'; readonly calls: readonly Call[]; readonly isQuick: boolean };

/** Of the target as it is. */
export const alone: Way = { asked: 'alone' };

/** Of a new target that is given these calls first. */
export function after(calls: readonly Call[], isQuick = false): Way {
  return { asked: 'after', calls, isQuick };
}

/** The ways to ask for one failure. */
export interface Asking {
  readonly now: Look;
  /** The calls are a part of what the allowance allows. No other call may be under way. For `isQuick` see {@link startOver}. */
  readonly after: (calls: readonly Call[], allowance: Allowance, isQuick?: boolean) => Look;
}

/** How a failure of the target is asked for. */
export function askingFor(target: Target, { operation, law }: Signature): Asking {
  const ask = (oracle: Oracle, verdict: typeof judge, isNew: boolean): Awaitable<Examination> => {
    if (law === undefined) return examine(target, operation, oracle, verdict);
    const isLast = verdict === judge;
    const how = { patience: isLast ? 'much' : 'some', isAlone: !isLast && !isNew } as const;
    return examineLaw(target, operation, oracle, law, verdict, how);
  };
  return {
    now: (oracle, verdict) => ask(oracle, verdict, false),
    after: (calls, allowance, isQuick) => async (oracle, verdict) => {
      allowance.spend(calls.length + callsOf({ law }));
      await startOver(target, calls, isQuick);
      return ask(oracle, verdict, true);
    },
  };
}

/** How many calls it takes to ask, at most. */
export function callsOf({ law }: Pick<Signature, 'law'>): number {
  return law === undefined ? 1 : 1 + FURTHER_CALLS;
}
