/** The finding that is told of a failure, by what has become of it. */
import type { Batch } from '../../core/batch.ts';
import { noSize } from '../../core/error-size.ts';
import type { Finding } from '../../core/finding.ts';
import { medianOf } from '../../core/histogram.ts';
import { batchKept, sketchOf } from '../../core/kept.ts';
import { knownness } from '../../core/known.ts';
import { bucketOf, propertyOf } from '../../core/violation.ts';
import { createOracle } from '../../oracle/exact.ts';
import { type Descent, withTries } from './descent.ts';
import { expectedKept } from './expected.ts';
import type { Inquiry } from './inquiry.ts';
import type { Shown } from './proofs.ts';
import type { Outcome } from './prove.ts';
import { unsteady } from './unsteady.ts';

/** The finding of a failure that shrank to this. */
export function told(inquiry: Inquiry, descent: Descent, outcome: Outcome): Finding {
  switch (outcome.is) {
    case 'lasts':
      return lasting(inquiry, descent, outcome.shown);
    case 'unsteady':
      return unlasting(inquiry, descent, outcome.batch, outcome.detail);
    case 'unasked':
      return unasked(inquiry, descent);
    case 'needs calls': {
      const { finding } = outcome;
      const original = sketchOf(inquiry.discovered.batch);
      return { ...finding, original, shrink: withTries(finding.shrink, descent) };
    }
  }
}

/** What it says of its campaign. */
function aboutOf({ target, discovered }: Inquiry, { way }: Descent) {
  const { signature, batch, origin, first, worst, weights, occurrences } = discovered;
  return {
    target: { name: target.name, specifier: target.specifier },
    profile: target.profile,
    ...(target.formats && { formats: target.formats }),
    operation: signature.operation,
    ...(way.asked === 'after' && { before: way.calls }),
    worst,
    weights,
    typicalWeight: medianOf(weights),
    original: sketchOf(batch),
    origin,
    first,
    occurrences,
  } satisfies Partial<Finding>;
}

function lasting(inquiry: Inquiry, descent: Descent, shown: Shown): Finding {
  const { target, discovered, isCut } = inquiry;
  const { worst, weights } = discovered;
  const { evaluations, improvements, minimal } = descent;
  return {
    ...aboutOf(inquiry, descent),
    ...shown,
    ...knownness(target.known, shown.bucket, Math.max(worst.weight, shown.weight), weights),
    shrink: { evaluations, improvements, minimal, ...(isCut() && { cut: true }) },
  };
}

function unlasting(inquiry: Inquiry, descent: Descent, batch: Batch, detail: string): Finding {
  const { target, discovered } = inquiry;
  const { signature } = discovered;
  const shown = unsteady(signature, batch, detail);
  return {
    ...aboutOf(inquiry, descent),
    before: undefined,
    ...shown,
    ...knownness(target.known, shown.bucket, noSize.weight, new Map()),
    expected: expectedKept(createOracle(shown.batch), signature.operation, target, null),
  };
}

/** The finding of a failure for which there is no time to ask again: what is known is that it was met. */
function unasked(inquiry: Inquiry, descent: Descent): Finding {
  const { target, discovered } = inquiry;
  const { weight, worst, weights } = discovered;
  const { batch, signature, evaluations, improvements } = descent;
  const { kind, severity, law, operation } = signature;
  const bucket = bucketOf(signature);
  return {
    ...aboutOf(inquiry, descent),
    property: propertyOf(kind, law),
    kind,
    severity,
    bucket,
    ...knownness(target.known, bucket, worst.weight, weights),
    batch: batchKept(batch),
    output: null,
    expected: expectedKept(createOracle(batch), operation, target, null),
    index: null,
    ...noSize,
    weight,
    detail: 'met, and not asked again',
    boundary: null,
    explanation: null,
    shrink: { evaluations, improvements, minimal: false, cut: true },
  };
}
