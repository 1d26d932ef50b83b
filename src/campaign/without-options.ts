/**
 * Failures that do not need an option which others need. A bucket is told by its simplest input, and where that needs class weights, another mistake of the same
 * bucket, as of the reduction, would be told once the first is mended: so the first cases are asked once more without each option that a finding needs.
 */
import { type Batch, withUpstreamIf } from '../core/batch.ts';
import { sizeOf } from '../core/error-size.ts';
import type { Finding } from '../core/finding.ts';
import { binOf } from '../core/histogram.ts';
import { sketchOf } from '../core/kept.ts';
import { usesUpstream } from '../core/operation.ts';
import type { OptionName } from '../core/options.ts';
import { bucketOf, type Violation } from '../core/violation.ts';
import { estimate } from '../judge/judge.ts';
import { optionNames } from '../options/index.ts';
import { takenBy } from '../options/taken.ts';
import { createOracle } from '../oracle/exact.ts';
import { examine } from '../targets/examine.ts';
import { batchFor, type Case, type Cases } from './cases.ts';
import type { Discovered } from './discovered.ts';
import { needOthers } from './merge.ts';
import { logitsOf, type Subject, takes } from './subject.ts';

/** So many cases are asked without an option, of no more logits each. */
const CASES = 128;
const MOST_LOGITS = 1024;

/** So many such failures of a target are shrunk. */
const MOST_STARTS = 8;

/** A failure that no finding so far stands for, and its name in the journal. */
export interface Unneeding {
  readonly name: string;
  readonly discovered: Discovered;
}

/** The failures, one after the other: `findings` has by the next what the last has shrunk to. */
export async function* unneeding(
  { target, operations }: Subject,
  findings: readonly Finding[],
  cases: Cases,
  signal: AbortSignal | undefined,
): AsyncGenerator<Unneeding> {
  let starts = 0;
  for (const operation of operations) {
    const { names } = takenBy(target, operation);
    const ofOperation = (): Finding[] => findings.filter((each) => each.operation === operation);
    const isNeeded = (option: OptionName): boolean =>
      names.includes(option) && ofOperation().some(({ batch }) => batch.options?.[option] !== undefined);
    const asked = new Set<OptionName>();
    for (;;) {
      const option = optionNames.find((each) => isNeeded(each) && !asked.has(each));
      if (option === undefined) break;
      asked.add(option);
      const begun = new Set<string>();
      for (let number = 0; number < CASES; number++) {
        if (signal?.aborted || starts >= MOST_STARTS) return;
        const given = cases.at(number, logitsOf(target));
        const taken = batchFor(without(given, option), target, operation);
        const batch = withUpstreamIf(usesUpstream(operation), taken);
        if (batch.logits.length > MOST_LOGITS || !takes(target, batch)) continue;
        const { violations } = await examine(target, operation, createOracle(batch), estimate);
        for (const violation of violations) {
          const bucket = bucketOf(violation);
          const isTold = ofOperation().some(
            (each) => each.bucket === bucket && each.batch.options?.[option] === undefined,
          );
          if (violation.severity !== 'error' || begun.has(bucket) || isTold) continue;
          begun.add(bucket);
          starts++;
          yield { name: withoutOption(bucket, option), discovered: discoveredAt(given, batch, violation) };
        }
      }
    }
  }
}

/** Whether none of the findings stands for it: of its bucket, each needs an option that it does not. */
export function isAnother(finding: Finding, findings: readonly Finding[]): boolean {
  return findings.every((each) => each.bucket !== finding.bucket || needOthers(each, finding));
}

/** Under which name the journal has what such a failure of a bucket shrank to. */
export function withoutOption(bucket: string, option: OptionName): string {
  return `${bucket}/without-${option}`;
}

function without({ batch, drawn }: Case, option: OptionName): Pick<Case, 'batch' | 'drawn'> {
  const { [option]: _, ...options } = drawn.options;
  const hidden = option === 'mask' ? null : drawn.hidden;
  const ignored = option === 'ignoreIndex' ? null : drawn.ignored;
  return { batch, drawn: { options, hidden, ignored } };
}

function discoveredAt({ origin }: Case, batch: Batch, violation: Violation): Discovered {
  const { weight } = violation;
  return {
    batch,
    origin,
    signature: violation,
    weight,
    worst: { batch: sketchOf(batch), ...sizeOf(violation) },
    weights: new Map([[binOf(weight), 1]]),
    occurrences: 1,
  };
}
