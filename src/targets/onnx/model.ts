/**
 * Model files of one ONNX operator each. Field numbers and enumerations are those of onnx/onnx.proto3 in
 * github.com/onnx/onnx; what the operators take is in its docs/Operators.md.
 */
import type { Layouts } from '../../core/layout.ts';
import { definitions, type Operation, usesTargets } from '../../core/operation.ts';
import type { Reduction, ScoreName } from '../../core/options.ts';
import type { FormatName } from '../../formats/index.ts';
import { attribute, node, valueInfo } from './node.ts';
import { field, message } from './protobuf.ts';
import { scoreNodes } from './score-nodes.ts';

/** What a runtime of 2021 or later reads: Softmax and LogSoftmax along one axis came with opset 13. */
const IR_VERSION = 7;
const OPSET = 13;

const INT32 = 6;

/** The types of tensors that onnxruntime's JavaScript has, by format: as it calls them, and as a model file does. */
export const tensorTypes = {
  fp32: { name: 'float32', code: 1 },
  fp16: { name: 'float16', code: 10 },
} as const satisfies Partial<Record<FormatName, { readonly name: string; readonly code: number }>>;

/** A format that has such a type. */
export type ModelFormat = keyof typeof tensorTypes;

interface Operator {
  readonly type: string;
  readonly attributes: readonly Uint8Array[];
  readonly output: readonly string[];
}

const axis = attribute('axis', 1);

const operators = {
  softmax: { type: 'Softmax', attributes: [axis], output: ['rows', 'cols'] },
  logSoftmax: { type: 'LogSoftmax', attributes: [axis], output: ['rows', 'cols'] },
  logSumExp: {
    type: 'ReduceLogSumExp',
    attributes: [attribute('axes', [1]), attribute('keepdims', 0)],
    output: ['rows'],
  },
  crossEntropy: { type: 'SoftmaxCrossEntropyLoss', attributes: [], output: [] },
} as const satisfies Partial<Record<Operation, Operator>>;

/** An operation that ONNX has an operator of. */
export type ModelOperation = keyof typeof operators;

/** The operations that ONNX has operators of; there is none of a gradient. */
export const modelOperations = Object.keys(operators) as ModelOperation[];

/** The layouts in which models of `operations` are asked: along an axis that is not the last. */
export function modelLayoutsOf(operations: readonly ModelOperation[]): Layouts {
  return Object.fromEntries(operations.map((operation) => [operation, ['inner']]));
}

/** What a model has fixed: of a loss its attributes, of others where the rows lie. */
export interface ModelAttributes {
  /** @defaultValue 'mean' */
  readonly reduction?: Reduction | undefined;
  readonly ignoreIndex?: number | undefined;
  /** Whether it has an input of class weights. @defaultValue false */
  readonly hasWeights?: boolean;
  /** The options of scores that are inputs, in their order. @defaultValue none */
  readonly scores?: readonly ScoreName[];
  /** Whether logits are of three dimensions, and the operation along the middle one. @defaultValue false */
  readonly isAlongMiddle?: boolean;
}

/**
 * The bytes of a model of one operator, of any `rows` and `cols`: input `logits` of `format` [rows, cols], for a loss `targets`
 * of INT32 [rows] too, and `weights` of `format` [cols] where it has some, and output `answer` of `format`. Options of scores, of FP32 alone, are inputs by their names, and nodes
 * before the operator.
 */
export function modelOf(
  operation: ModelOperation,
  format: ModelFormat = 'fp32',
  {
    reduction = 'mean',
    ignoreIndex,
    hasWeights = false,
    scores = [],
    isAlongMiddle = false,
  }: ModelAttributes = {},
): Uint8Array {
  const { code } = tensorTypes[format];
  const { type, attributes, output } = operators[operation];
  const isLoss = usesTargets(operation);
  const sizes = (names: readonly string[]): readonly string[] =>
    isAlongMiddle && names.length > 0 ? ['outer', ...names.slice(1), 'inner'] : names;
  const around = scoreNodes(scores, definitions[operation].answers === 'logit');
  const inputs = isLoss ? ['targets', ...(hasWeights ? ['weights'] : [])] : [];
  const ofLoss = [
    attribute('reduction', reduction),
    ...(ignoreIndex === undefined ? [] : [attribute('ignore_index', ignoreIndex)]),
  ];
  const operator = node(
    type,
    [around.scores, ...inputs],
    around.operatorOutput,
    ...(isLoss ? ofLoss : attributes),
  );
  const graph = message(
    field(1, ...around.before, operator, ...around.behind),
    field(2, operation),
    field(5, ...around.constants),
    field(11, valueInfo('logits', code, sizes(['rows', 'cols']))),
    ...(isLoss ? [field(11, valueInfo('targets', INT32, sizes(['rows'])))] : []),
    ...(hasWeights ? [field(11, valueInfo('weights', code, ['cols']))] : []),
    field(11, ...around.inputs),
    field(12, valueInfo('answer', code, sizes(reduction === 'none' ? ['rows'] : output))),
  );
  const opset = message(field(1, ''), field(2, OPSET));
  return message(field(1, IR_VERSION), field(2, 'softmax-fuzz'), field(7, graph), field(8, opset));
}
