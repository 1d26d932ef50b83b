/** Whether an answer is right by the oracle: what the matcher `toMatchOracle` asks. */
import { type Batch, createBatch } from '../core/batch.ts';
import { type Operation, operations, outputLength } from '../core/operation.ts';
import type { Options } from '../core/options.ts';
import { type DeclaredSemantics, semanticsOf } from '../core/semantics.ts';
import { bucketOf } from '../core/violation.ts';
import { judge } from '../judge/judge.ts';
import { withOptions } from '../options/index.ts';
import { createOracle } from '../oracle/exact.ts';
import { formatAnswerWords, formatCall } from '../report/call.ts';
import { formatError } from '../report/text.ts';
import { profileNamed } from '../row/profiles.ts';
import { UserError } from '../text/errors.ts';
import { unknownName } from '../text/nearest.ts';
import type { Matched } from './ulps.ts';

/** What the logits do not say of a call, and how strictly it is judged. */
export interface OracleCall {
  /** @defaultValue 1 */
  readonly rows?: number;
  /** @defaultValue the logits over the rows */
  readonly cols?: number;
  /** A class index a row, for losses and their gradients. @defaultValue class 0 of each row */
  readonly targets?: ArrayLike<number>;
  /** rows*cols values, for vector-Jacobian products. @defaultValue all 1 */
  readonly upstream?: ArrayLike<number>;
  /** What the kernel was given beside its arrays: `{ scale: 0.5 }`. */
  readonly options?: Options;
  /** What a loss with options means where libraries differ. @defaultValue 'pytorch' */
  readonly semantics?: DeclaredSemantics;
  /** The name of the error profile. @defaultValue 'default' */
  readonly profile?: string;
  /** Whether what is beyond the profile alone, and within what any stable algorithm explains, is wrong too. @defaultValue false */
  readonly strict?: boolean;
}

const fields: readonly (keyof OracleCall)[] = [
  'rows',
  'cols',
  'targets',
  'upstream',
  'options',
  'semantics',
  'profile',
  'strict',
];

/**
 * Whether `received`, a number or an array of numbers, is a right answer of `operation` for the logits: rows*cols of them, or a batch. It is
 * rounded to FP32 first.
 * @throws UserError when the call is none, or `received` no answer of any.
 */
export function matchOracle(
  received: unknown,
  operation: unknown,
  logits: ArrayLike<number> | Batch,
  call: OracleCall = {},
): Matched {
  if (!isOperation(operation)) throw unknownName('operation', String(operation), operations);
  const unknown = Object.keys(call).find((field) => !fields.some((each) => each === field));
  if (unknown !== undefined) throw unknownName('option of toMatchOracle', unknown, fields, 'options');
  const batch = batchGiven(logits, call);
  const profile = profileNamed(call.profile ?? 'default');
  const output = answerGiven(received);
  const length = outputLength(operation, batch.rows, batch.cols, batch.options);
  const called = formatCall(operation, batch);
  if (output.length !== length)
    return { pass: false, message: () => `${called} has ${length} numbers, got ${output.length}` };
  const oracle = createOracle(batch);
  const violations = judge(oracle, operation, output, profile);
  const wrong = violations.filter(({ severity }) => call.strict || severity === 'error');
  const index = wrong[0]?.index ?? null;
  return {
    pass: wrong.length === 0,
    message: () =>
      [
        wrong.length === 0 ? `${called} is right by the profile ${profile.name}, and should not be` : called,
        `Expected  ${formatAnswerWords(oracle.rounded(operation), index)}`,
        `Got       ${formatAnswerWords(output, index)}`,
        ...wrong.map(
          (violation) =>
            `${violation.severity === 'error' ? 'FAIL' : 'WARN'}      ${bucketOf(violation)}: ${violation.detail ?? formatError(violation)}`,
        ),
      ].join('\n'),
  };
}

function isOperation(name: unknown): name is Operation {
  return operations.some((each) => each === name);
}

function batchGiven(logits: ArrayLike<number> | Batch, call: OracleCall): Batch {
  if (isBatch(logits)) {
    const given = (['rows', 'cols', 'targets', 'upstream', 'options'] as const).find(
      (field) => call[field] !== undefined,
    );
    if (given !== undefined)
      throw new UserError(`toMatchOracle: ${given} is given beside a batch, which has its own`);
    if (logits.format !== undefined && logits.format !== 'fp32')
      throw new UserError(`toMatchOracle: the batch is of ${logits.format}, and only fp32 is compared`);
    return meant(logits, call);
  }
  const { rows = 1, cols = logits.length / rows, targets, upstream, options = {} } = call;
  const { ignoreIndex } = options;
  const batch = createBatch(rows, cols, logits, targets, upstream, ignoreIndex);
  return meant(withOptions(batch, options), call);
}

function meant(batch: Batch, { semantics }: OracleCall): Batch {
  return semantics === undefined ? batch : { ...batch, semantics: semanticsOf(semantics) };
}

function isBatch(value: ArrayLike<number> | Batch): value is Batch {
  return typeof value === 'object' && value !== null && 'logits' in value;
}

function answerGiven(received: unknown): Float32Array {
  if (typeof received === 'number') return Float32Array.of(received);
  if (received instanceof Float32Array) return received;
  if (
    (Array.isArray(received) || received instanceof Float64Array) &&
    Array.prototype.every.call(received, (each) => typeof each === 'number')
  )
    return Float32Array.from(received as ArrayLike<number>);
  throw new UserError(
    'toMatchOracle: expected a number, a Float32Array or an array of numbers; of a promise, await it',
  );
}
