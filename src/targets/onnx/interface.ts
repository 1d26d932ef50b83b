/** Which inputs and output of a model are an operation's, by what the model says of itself. */

import { usesTargets } from '../../core/operation.ts';
import { UserError } from '../../text/errors.ts';
import { describeSizes, type Sizes } from './dimensions.ts';
import { type ModelFormat, type ModelOperation, modelOperations, tensorTypes } from './model.ts';
import type { OnnxSession, OnnxValue } from './runtime.ts';
import type { ScoreSteps } from './score-steps.ts';
import type { ScoreInput, ScoreInputs, ScoreTensor } from './score-tensors.ts';

/** What to do where it is not plain which operation a model is. */
export const howToName = `Name the operation: onnx:./model.onnx#softmax, or one of ${modelOperations.slice(1).join(', ')}.`;

/** What to do with a model of a type that ONNX has and JavaScript's tensors do not. */
export const noBfloat16 =
  'onnxruntime-node has no tensors of bfloat16. Call the model from Python, with adapters/python, or give it inputs and outputs of float32 by nodes of Cast.';

/** How a model is called. */
export interface ModelInterface {
  readonly logits: string;
  /** Those of its logits. */
  readonly sizes: Sizes;
  /** The classes, of a loss. */
  readonly targets: { readonly name: string; readonly isInt64: boolean } | null;
  /** The input of the class weights, of a loss that has one. */
  readonly weights: string | null;
  /** The inputs that are options of scores. */
  readonly scores: ScoreInputs;
  readonly output: string;
  /** Whether its output is one number a row, of a loss too. */
  readonly isOfRows: boolean;
  /** The formats of its logits and of its output. */
  readonly format: { readonly logits: ModelFormat; readonly answer: ModelFormat };
}

/** How many dimensions each operation's answer has less than its logits, of a loss where its rows are not reduced. */
const reduced: Readonly<Record<ModelOperation, number>> = {
  softmax: 0,
  logSoftmax: 0,
  logSumExp: 1,
  crossEntropy: 1,
};

/** What is known of a model beside what it says of itself. */
export interface KnownOfModel {
  /** Whether it has the node of a loss, whose classes are along axis 1 of logits of any rank. @defaultValue false */
  readonly hasLossNode?: boolean;
  /** Whether that leaves the rows' losses as they are. @defaultValue false */
  readonly isOfRows?: boolean;
  /** The inputs that are options of scores. @defaultValue none */
  readonly scores?: ScoreSteps['inputs'];
}

/**
 * How the model of `session` is called.
 * @throws UserError when it is not one of logits, or of logits and targets, or has several outputs that it may be, or an option's input is of another type or size.
 */
export function interfaceOf(
  session: OnnxSession,
  operation: ModelOperation | null,
  { hasLossNode = false, isOfRows = false, scores = {} }: KnownOfModel = {},
): ModelInterface {
  const { inputMetadata } = session;
  const optional = new Set(Object.values(scores));
  const required = inputMetadata.filter(({ name }) => !optional.has(name));
  const isLoss = operation === null ? required.length > 1 : usesTargets(operation);
  const mostDimensions = isLoss && !hasLossNode ? 2 : Number.POSITIVE_INFINITY;
  const logits = required.filter((value) => isLogits(value, mostDimensions));
  const targets = required.filter((value) => isTargets(value, logits[0]));
  const weights = isLoss ? required.filter((value) => isWeights(value, logits[0])) : [];
  if (
    logits.length !== 1 ||
    targets.length !== (isLoss ? 1 : 0) ||
    weights.length > 1 ||
    required.length !== 1 + targets.length + weights.length
  ) {
    const expected = isLoss
      ? 'logits of float32 or float16[rows, cols], targets of int32[rows] or int64[rows], and if any weights like the logits[cols] and options of the scores'
      : 'logits of float32 or float16[rows, cols], or of more dimensions, and if any options of the scores';
    throw new UserError(
      `its ${inputMetadata.length === 1 ? 'input is' : 'inputs are'} ${describeValues(inputMetadata)}: expected ${expected}`,
      adviceFor(inputMetadata) ??
        'The names may be others. Cut the model to its last step with onnx.utils.extract_model, or write a module that calls it.',
    );
  }
  const ofScores = Object.entries(scores).map(([what, name]) => {
    const value = inputMetadata.find((each) => each.name === name) as OnnxValue;
    return [what, scoreTensorOf(what as ScoreInput, value, logits[0])];
  });
  const { shape: sizes = [] } = logits[0];
  const named = operation ?? (isLoss ? 'crossEntropy' : null);
  const output = outputOf(session, named, named === null ? null : rankOf(named, sizes.length, isOfRows));
  return {
    logits: logits[0].name,
    sizes,
    targets: isLoss ? { name: targets[0].name, isInt64: targets[0].type === 'int64' } : null,
    weights: weights[0]?.name ?? null,
    scores: Object.fromEntries(ofScores),
    output: output.name,
    isOfRows: output.shape?.length === sizes.length - 1,
    format: { logits: formatOf(logits[0]), answer: formatOf(output) },
  };
}

/** How many dimensions the operation's answer has, of logits of `rank`. */
function rankOf(operation: ModelOperation, rank: number, isOfRows: boolean): number {
  return operation === 'crossEntropy' && !isOfRows ? 0 : rank - reduced[operation];
}

/** The only output of a format, or of several the only one of the operation's rank. */
function outputOf(
  { outputMetadata }: OnnxSession,
  operation: ModelOperation | null,
  rank: number | null,
): OnnxValue {
  const floats = outputMetadata.filter(isFloat);
  const fitting = floats.filter(({ shape }) => shape?.length === rank);
  const [output, ...others] = floats.length === 1 ? floats : fitting;
  if (output !== undefined && others.length === 0) return output;
  throw new UserError(
    `its outputs are ${describeValues(outputMetadata)}: expected one of float32 or float16`,
    adviceFor(outputMetadata) ??
      (operation === null ? howToName : `That of ${operation} has ${rank} dimensions.`),
  );
}

function adviceFor(values: readonly OnnxValue[]): string | null {
  return values.some(({ type }) => type === 'bfloat16') ? noBfloat16 : null;
}

function isFloat({ isTensor, type }: OnnxValue): boolean {
  return isTensor && Object.values(tensorTypes).some(({ name }) => name === type);
}

/** The format of a tensor that {@link isFloat}. */
function formatOf({ type }: OnnxValue): ModelFormat {
  return type === tensorTypes.fp16.name ? 'fp16' : 'fp32';
}

function isLogits(value: OnnxValue, mostDimensions: number): boolean {
  const { length: rank } = value.shape ?? [];
  return isFloat(value) && rank >= 2 && rank <= mostDimensions;
}

function isWeights({ shape, ...value }: OnnxValue, logits: OnnxValue | undefined): boolean {
  return isFloat(value) && shape?.length === 1 && value.type === logits?.type;
}

/** Classes, one a row. */
function isTargets({ isTensor, type, shape }: OnnxValue, logits: OnnxValue | undefined): boolean {
  const isInteger = type === 'int32' || type === 'int64';
  return isTensor && isInteger && shape?.length === (logits?.shape?.length ?? Number.NaN) - 1;
}

/**
 * The input of an option: a scale is one number, a mask or a bias of the logits' own sizes, as options are.
 * @throws UserError when it is another.
 */
function scoreTensorOf(what: ScoreInput, value: OnnxValue, logits: OnnxValue): ScoreTensor {
  const { name, type, shape = [] } = value;
  const sizes = logits.shape ?? [];
  const isFactor = what === 'scale' || what === 'temperature';
  const isMask = what === 'mask' || what === 'hidden';
  const fits = isFactor
    ? shape.every((size) => size === 1)
    : shape.length === sizes.length &&
      shape.every((size, k) => typeof size === 'string' || size === sizes[k]);
  const wanted = isMask ? 'bool' : 'float32';
  if (type === wanted && fits) return { name, sizes: shape };
  throw new UserError(
    `its input ${describeValues([value])} is ${isFactor ? 'a factor of' : isMask ? 'a mask of' : 'added to'} the logits: expected ${wanted}[${isFactor ? '' : describeSizes(sizes)}]`,
    'Cut the model behind it with onnx.utils.extract_model, or write a module that calls it.',
  );
}

/** `logits float32[rows, 10], mask bool[10]`. */
function describeValues(values: readonly OnnxValue[]): string {
  const described = values.map(({ name, isTensor, type, shape = [] }) =>
    isTensor ? `${name} ${type}[${describeSizes(shape)}]` : `${name}, which is no tensor`,
  );
  return described.join(', ') || 'none';
}
