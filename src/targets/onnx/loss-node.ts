/** What a model has fixed of its loss: the attributes of its SoftmaxCrossEntropyLoss, or NegativeLogLikelihoodLoss, and weights that lie in the file. */

import { type Reduction, reductions } from '../../core/options.ts';
import { formats } from '../../formats/index.ts';
import { unpackWords } from '../../formats/words.ts';
import { UserError } from '../../text/errors.ts';
import { fieldsIn } from './protobuf.ts';

/** Of a node of a loss. */
export interface LossNode {
  readonly reduction: Reduction;
  readonly ignoreIndex: number | null;
  /** Weights in the file; null where there are none, or they are an input of the model. */
  readonly weights: Float32Array | null;
}

const operators = ['SoftmaxCrossEntropyLoss', 'NegativeLogLikelihoodLoss'];

/** Numbers of fields in onnx/onnx.proto3. */
const MODEL = { graph: 7 } as const;
const GRAPH = { node: 1, initializer: 5, input: 11 } as const;
const NODE = { input: 1, output: 2, type: 4, attribute: 5 } as const;
const ATTRIBUTE = { name: 1, i: 3, s: 4, t: 5 } as const;
const TENSOR = { type: 2, floats: 4, name: 8, raw: 9 } as const;
const FLOAT = 1;
const FLOAT16 = 10;

/**
 * The only node of a loss in the bytes of a model; null where there is none, or several.
 * @throws UserError when its weights are neither an input nor in the file.
 * @throws RangeError when the bytes are no model.
 */
export function lossNodeIn(model: Uint8Array): LossNode | null {
  const [graph] = messagesIn(model, MODEL.graph);
  if (graph === undefined) return null;
  const nodes = messagesIn(graph, GRAPH.node);
  const losses = nodes.filter((node) => operators.includes(textsIn(node, NODE.type)[0] ?? ''));
  if (losses.length !== 1) return null;
  const [loss] = losses;
  const attributes = new Map(
    messagesIn(loss, NODE.attribute).map((each) => [textsIn(each, ATTRIBUTE.name)[0], each]),
  );
  const said = attributes.get('reduction');
  const text = said && textsIn(said, ATTRIBUTE.s)[0];
  const index = attributes.get('ignore_index');
  const [, , weights = ''] = textsIn(loss, NODE.input);
  return {
    reduction: reductions.find((each) => each === text) ?? 'mean',
    ignoreIndex: index === undefined ? null : Number(integersIn(index, ATTRIBUTE.i)[0] ?? 0n),
    weights: weights === '' ? null : weightsOf(graph, nodes, weights),
  };
}

function weightsOf(graph: Uint8Array, nodes: readonly Uint8Array[], name: string): Float32Array | null {
  const tensor =
    messagesIn(graph, GRAPH.initializer).find((each) => textsIn(each, TENSOR.name)[0] === name) ??
    constantOf(nodes, name);
  if (tensor !== undefined) return numbersOf(tensor, name);
  if (messagesIn(graph, GRAPH.input).some((each) => textsIn(each, 1)[0] === name)) return null;
  throw new UserError(
    `the weights of its loss, ${name}, are computed in the model`,
    'Make them an input, or an initializer, of the model.',
  );
}

/** The value of the node Constant that gives `name`. */
function constantOf(nodes: readonly Uint8Array[], name: string): Uint8Array | undefined {
  const node = nodes.find(
    (each) => textsIn(each, NODE.type)[0] === 'Constant' && textsIn(each, NODE.output)[0] === name,
  );
  return node && messagesIn(node, NODE.attribute).flatMap((each) => messagesIn(each, ATTRIBUTE.t))[0];
}

function numbersOf(tensor: Uint8Array, name: string): Float32Array {
  const [type] = integersIn(tensor, TENSOR.type);
  const bytes = messagesIn(tensor, TENSOR.raw)[0] ?? Buffer.concat(messagesIn(tensor, TENSOR.floats));
  const { buffer } = new Uint8Array(bytes); // A part of the file may lie at an odd address.
  if (buffer.byteLength > 0 && Number(type) === FLOAT) return new Float32Array(buffer);
  if (buffer.byteLength > 0 && Number(type) === FLOAT16)
    return unpackWords(new Uint16Array(buffer), formats.fp16);
  throw new UserError(
    `the weights of its loss, ${name}, are not in the file as float32 or float16`,
    'Save the model with its data inside it, or make them an input.',
  );
}

function messagesIn(message: Uint8Array, field: number): Uint8Array[] {
  return fieldsIn(message).flatMap(({ number, value }) =>
    number === field && typeof value === 'object' ? [value] : [],
  );
}

function integersIn(message: Uint8Array, field: number): bigint[] {
  return fieldsIn(message).flatMap(({ number, value }) =>
    number === field && typeof value === 'bigint' ? [value] : [],
  );
}

function textsIn(message: Uint8Array, field: number): string[] {
  return messagesIn(message, field).map((bytes) => new TextDecoder().decode(bytes));
}
