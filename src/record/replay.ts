/** Runs a recorded finding again. */
import type { Batch } from '../core/batch.ts';
import type { Call } from '../core/call.ts';
import { type Answer, isAnswer } from '../core/kept.ts';
import { operationsOf } from '../core/kernel.ts';
import { isLaw } from '../core/law.ts';
import type { Target } from '../core/target.ts';
import { bucketOf, type Violation } from '../core/violation.ts';
import { sameBits } from '../float32/bits.ts';
import { judge } from '../judge/judge.ts';
import { examineLaw } from '../laws/examine-law.ts';
import { createOracle, type Oracle } from '../oracle/exact.ts';
import { profileOf } from '../row/profile-formats.ts';
import { type Examination, examine } from '../targets/examine.ts';
import type { Awaitable } from '../targets/observe.ts';
import { startOver } from '../targets/start-over.ts';
import { UserError } from '../text/errors.ts';
import type { Trace } from '../trace/trace.ts';
import { traceTarget } from '../trace/trace-target.ts';
import { fromAnswerWords, fromBatchWords } from './batch-words.ts';
import { callsBefore, type FindingFile } from './finding-file.ts';
import { batchFor } from './take.ts';

/** What replaying has shown. */
export interface Replay {
  readonly file: FindingFile;
  /** With the profile that the answer was judged by. */
  readonly target: Target;
  /** Whether the target is the finding's own. */
  readonly isOwn: boolean;
  readonly batch: Batch;
  /** The calls that were made before it, none where it needs none. */
  readonly before: readonly Call[];
  /** What the target answers now; null where that is no answer of the right shape. */
  readonly output: Float32Array | null;
  /** The exact answer, rounded to nearest. */
  readonly expected: Float32Array;
  /** What is wrong with the answer now, in any bucket of the operation. */
  readonly violations: readonly Violation[];
  /**
   * `same-bucket`: it fails as recorded. `another-bucket`: it fails otherwise. `passes`: the answer is right, or
   * a mere warning where an error was recorded.
   */
  readonly outcome: 'same-bucket' | 'another-bucket' | 'passes';
  /** Whether the answer has the recorded bits; null where none were recorded or given. */
  readonly sameBits: boolean | null;
  /** Every FP32 step, for built-in kernels and batches that are not too large: see traceTarget. */
  readonly trace: Trace | null;
}

/**
 * Gives the finding's smallest input to `tried` and judges the answer. Where it needs calls before it, `tried` is made new, where it can be,
 * and given these first. Executes nothing else. The finding's own target is judged by the profile that it was judged by before, whatever it declares; another by its own.
 * @throws UserError when the target lacks the operation, or does not take the input: {@link batchFor}.
 */
export async function replay(file: FindingFile, tried: Target): Promise<Replay> {
  const target = targetFor(file, tried);
  const batch = batchFor(target, file.operation, fromBatchWords(file.input));
  const before = callsFor(target, callsBefore(file));
  if (before.length > 0) await startOver(target, before);
  const oracle = createOracle(batch);
  const { output, violations } = await examineAgain(file, target, oracle);
  const counted = countedFor(file, violations);
  const same = counted.some((violation) => bucketOf(violation) === file.bucket);
  return {
    file,
    target,
    isOwn: isOwnTarget(file, tried),
    batch,
    before,
    output,
    expected: oracle.rounded(file.operation, profileOf(target).answer),
    violations,
    outcome: same ? 'same-bucket' : counted.length > 0 ? 'another-bucket' : 'passes',
    sameBits:
      output &&
      file.output &&
      isSame(output, fromAnswerWords(file.output, file.excerpt, file.formats?.answer)),
    trace: traceTarget(target.specifier, file.operation, batch),
  };
}

/** Whether the answer has the bits that were kept of another. */
function isSame(answer: Float32Array, kept: Answer): boolean {
  if (isAnswer(kept)) return answer.every((value, k) => sameBits(value, kept[k]));
  return sameBits(answer[kept.index], kept.value);
}

/** Whether `tried` is the target that the finding is of. */
export function isOwnTarget(file: FindingFile, tried: Target): boolean {
  return tried.specifier === file.target.specifier;
}

/**
 * `tried` with the profile that it is judged by on the finding's input: see {@link replay}.
 * @throws UserError when it lacks the operation.
 */
export function targetFor(file: FindingFile, tried: Target): Target {
  const offered = operationsOf(tried.kernel);
  if (!offered.includes(file.operation))
    throw new UserError(`${tried.name} has no ${file.operation}`, `It offers ${offered.join(', ')}.`);
  return isOwnTarget(file, tried) ? { ...tried, profile: file.profile } : tried;
}

/**
 * The calls as the target takes them.
 * @throws UserError when it lacks an operation of them, or does not take an input.
 */
export function callsFor(target: Target, calls: readonly Call[]): Call[] {
  const offered = operationsOf(target.kernel);
  return calls.map(({ operation, batch }) => {
    if (!offered.includes(operation))
      throw new UserError(
        `${target.name} has no ${operation}, which this finding calls first`,
        `It offers ${offered.join(', ')}.`,
      );
    return { operation, batch: batchFor(target, operation, batch) };
  });
}

/** The target's answer to the oracle's batch and what is wrong with it, by the law that the finding is of. */
export function examineAgain(
  { operation, property }: FindingFile,
  target: Target,
  oracle: Oracle,
): Awaitable<Examination> {
  return isLaw(property)
    ? examineLaw(target, operation, oracle, property, judge, { patience: 'much' })
    : examine(target, operation, oracle);
}

/** The violations that count as failing still: no mere warning where an error was recorded. */
export function countedFor(file: FindingFile, violations: readonly Violation[]): readonly Violation[] {
  return violations.filter(({ severity }) => severity === 'error' || file.severity === 'warning');
}
