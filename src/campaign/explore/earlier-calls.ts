/** The calls that a campaign makes before one: they follow from the case's number, whatever process made them. */
import { type Call, lastOf, MOST_CALLS } from '../../core/call.ts';
import type { Operation } from '../../core/operation.ts';
import { logitsOf, type Subject, takes } from '../subject.ts';
import { batchFor, type Cases } from './cases.ts';
import type { Met } from './tally.ts';

/**
 * The last {@link MOST_CALLS} calls before that of the operation which met a failure: those of its case by other operations, and of a climb by its
 * own, and of the cases before. Climbs and laws call more.
 */
export function earlierCalls(
  { target, operations }: Subject,
  operation: Operation,
  { case: number, step }: Met,
  cases: Cases,
): Call[] {
  const until = operations.indexOf(operation) + (step > 0 ? 1 : 0);
  let calls: Call[] = [];
  for (let k = number; k >= -cases.given && calls.length < MOST_CALLS; k--) {
    const its = cases.at(k, logitsOf(target));
    if (!takes(target, its.batch)) continue;
    const asked = k === number ? operations.slice(0, until) : operations;
    calls = [...asked.map((each) => ({ operation: each, batch: batchFor(its, target, each) })), ...calls];
  }
  return lastOf(calls);
}
