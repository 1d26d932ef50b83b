/** What a finding shows of a failure that lasts. */
import type { Batch } from '../../core/batch.ts';
import { sizeOf } from '../../core/error-size.ts';
import type { Boundary } from '../../core/finding.ts';
import { answerKept, batchKept } from '../../core/kept.ts';
import type { Target } from '../../core/target.ts';
import { bucketOf, propertyOf, type Violation } from '../../core/violation.ts';
import { allowedBy } from '../../judge/allowed-by.ts';
import { estimate, judge } from '../../judge/judge.ts';
import { createOracle, type Oracle } from '../../oracle/exact.ts';
import { profileOf } from '../../row/profile-formats.ts';
import { explain } from '../../shrink/explain.ts';
import { type Circumstances, circumstancesOf } from './circumstances.ts';
import type { Descent } from './descent.ts';
import { expectedKept } from './expected.ts';
import { failsHeavilyIn, type Inquiry } from './inquiry.ts';
import type { Shown } from './proofs.ts';

/** A failure that lasts, as it was asked for. */
export interface Lasting {
  readonly violation: Violation;
  readonly output: Float32Array | null;
  /** Of the batch. */
  readonly oracle: Oracle;
  /** The edge of the fault beside the batch. */
  readonly edge: Boundary | null;
  /** What is said of it after other calls. */
  readonly after: string;
  /** Whether there was no time for a fresh process. */
  readonly isHurried: boolean;
}

/** What a finding shows of the failure, its explanation and circumstances too where there is time to ask for them. */
export async function shownOf(inquiry: Inquiry, descent: Descent, lasting: Lasting): Promise<Shown> {
  const { target, discovered, isOver } = inquiry;
  const { operation, law } = discovered.signature;
  const { batch, signature, way } = descent;
  const { violation, output, oracle, edge, after, isHurried } = lasting;
  const { kind, severity, index, detail } = violation;
  const bucket = bucketOf(signature);
  const failsExactly = failsHeavilyIn(bucket, inquiry, { way, verdict: judge });
  const explanation = isOver() ? null : await explain(operation, batch, failsExactly);
  const isTold = way.asked === 'alone' && law === undefined && !isOver();
  const circumstances = isTold ? await circumstancesIn(inquiry, descent) : {};
  return {
    property: propertyOf(kind, law),
    kind,
    severity,
    bucket,
    batch: batchKept(batch),
    output: output && answerKept(output, index),
    expected: expectedKept(oracle, operation, target, index),
    index,
    ...sizeOf(violation),
    detail: withDoubt(
      detail === null ? allowedFor(target, oracle, output, violation) : `${detail}${after}`,
      way.asked === 'after' || !isHurried,
    ),
    boundary: edge,
    ...(!isOver() && circumstances),
    explanation: isOver() ? null : explanation,
  };
}

function circumstancesIn(inquiry: Inquiry, { batch, signature, way, size }: Descent): Promise<Circumstances> {
  const { target, takes, step, violations, look, unlessHalted } = inquiry;
  const { operation, kind } = signature;
  const { answer } = profileOf(target);
  const answers = async (other: Batch) => {
    const oracle = createOracle(other);
    const got = (await unlessHalted(look(way)(oracle, estimate)))?.output ?? null;
    return got && { got, exact: oracle.rounded(operation, answer) };
  };
  const alike = Math.max(2 ** -18, 4 * answer.unitRoundoff);
  const bucket = bucketOf(signature);
  return circumstancesOf(batch, { takes, step, bucket, kind, violations, answers, alike }, size);
}

/** What a finding says that was not asked again as a replay will ask. */
function withDoubt(detail: string | null, isSure: boolean): string | null {
  if (isSure) return detail;
  return [detail, 'not asked again in a fresh process'].filter((part) => part !== null).join('; ');
}

/** Which profiles allow it, those that lose more than the field does too: one that was not declared may be what is meant. */
function allowedFor(
  target: Target,
  oracle: Oracle,
  output: Float32Array | null,
  { operation, index }: Violation,
): string | null {
  if (output === null || index === null || !Number.isFinite(output[index])) return null;
  const profile = profileOf(target);
  // By a reading of options that does not explain the whole row the target's own may allow a number of it.
  const names = allowedBy(oracle, operation, index, output[index], profile).filter(
    (name) => name !== profile.name,
  );
  return names.length === 0 ? null : `within the budget of the profiles ${names.join(', ')}`;
}
