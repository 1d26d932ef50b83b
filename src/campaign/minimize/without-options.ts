/**
 * Failures that do not need an option which others need. A bucket is told by its simplest input, and where that needs class weights, another mistake of the same
 * bucket, as of the reduction, would be told once the first is mended: so the first cases are asked once more without each option that a finding needs.
 */
import { type Batch, withUpstreamIf } from '../../core/batch.ts';
import { sizeOf } from '../../core/error-size.ts';
import type { Finding } from '../../core/finding.ts';
import { binOf } from '../../core/histogram.ts';
import { sketchOf } from '../../core/kept.ts';
import { type Operation, usesUpstream } from '../../core/operation.ts';
import type { OptionName } from '../../core/options.ts';
import { bucketOf, type Violation } from '../../core/violation.ts';
import { estimate } from '../../judge/judge.ts';
import { optionNames } from '../../options/index.ts';
import { takenBy } from '../../options/taken.ts';
import { createOracle } from '../../oracle/exact.ts';
import { examine } from '../../targets/examine.ts';
import { batchFor, type Case, type Cases } from '../explore/cases.ts';
import { isBehind, needOthers } from '../merge.ts';
import { logitsOf, type Subject, takes } from '../subject.ts';
import type { Discovered } from './discovered.ts';

/** So many cases are asked without an option, of no more logits each. */
const CASES = 128;
const MOST_LOGITS = 1024;

/** So many such failures of a target are shrunk. */
const MOST_STARTS = 8;

/** A failure that no finding so far stands for, and its name in the journal. */
export interface FailureWithout {
  readonly name: string;
  readonly discovered: Discovered;
}

/** The failures, one after the other: `findings` has by the next what the last has shrunk to. */
export async function* failuresWithoutOptions(
  subject: Subject,
  findings: readonly Finding[],
  cases: Cases,
  signal: AbortSignal | undefined,
): AsyncGenerator<FailureWithout> {
  let starts = 0;
  const isOver = (): boolean => signal?.aborted === true || starts >= MOST_STARTS;
  for (const operation of subject.operations) {
    const { names } = takenBy(subject.target, operation);
    for (const option of optionsNeeded(operation, findings)) {
      if (!names.includes(option)) continue;
      const begun = new Set<string>();
      for await (const failure of errorsWithout(option, operation, subject, cases, isOver)) {
        const bucket = bucketOf(failure.violation);
        const isTold = findings.some(
          (each) => each.bucket === bucket && each.batch.options?.[option] === undefined,
        );
        if (begun.has(bucket) || isTold) continue;
        begun.add(bucket);
        starts++;
        yield { name: withoutOption(bucket, option), discovered: discoveredAt(failure) };
      }
    }
  }
}

/** The options that findings of an operation need, one after the other: there may be more findings by the next. */
export function* optionsNeeded(operation: Operation, findings: readonly Finding[]): Generator<OptionName> {
  // A warning behind an error may not have been shrunk: it has options that it does not need.
  const isNeeded = (option: OptionName): boolean =>
    findings.some(
      (each) =>
        each.operation === operation &&
        each.batch.options?.[option] !== undefined &&
        !isBehind(each, findings),
    );
  const told = new Set<OptionName>();
  for (;;) {
    const option = optionNames.find((each) => !told.has(each) && isNeeded(each));
    if (option === undefined) return;
    told.add(option);
    yield option;
  }
}

/** An error of an operation, and the batch of a case that shows it. */
interface Failure {
  readonly given: Case;
  readonly batch: Batch;
  readonly violation: Violation;
}

/** The errors that the first cases show without the option. */
async function* errorsWithout(
  option: OptionName,
  operation: Operation,
  { target }: Subject,
  cases: Cases,
  isOver: () => boolean,
): AsyncGenerator<Failure> {
  for (let number = 0; number < CASES && !isOver(); number++) {
    const given = cases.at(number, logitsOf(target));
    const taken = batchFor(without(given, option), target, operation);
    const batch = withUpstreamIf(usesUpstream(operation), taken);
    if (batch.logits.length > MOST_LOGITS || !takes(target, batch)) continue;
    const { violations } = await examine(target, operation, createOracle(batch), estimate);
    for (const violation of violations) if (violation.severity === 'error') yield { given, batch, violation };
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

function discoveredAt({ given: { origin }, batch, violation }: Failure): Discovered {
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
