/** The graph of a model file, as far as it tells what is made of the logits. Field numbers are those of onnx/onnx.proto3. */
import { formats } from '../../formats/index.ts';
import { unpackWords } from '../../formats/words.ts';
import { fieldsIn, varintsIn } from './protobuf.ts';

const MODEL = { graph: 7 } as const;
const GRAPH = { node: 1, initializer: 5, input: 11 } as const;
const NODE = { input: 1, output: 2, type: 4, attribute: 5 } as const;
const ATTRIBUTE = { name: 1, i: 3, s: 4, t: 5, ints: 8 } as const;
const TENSOR = { dims: 1, type: 2, floats: 4, int64s: 7, name: 8, raw: 9 } as const;
/** Fields of a ValueInfoProto, one in the other, down to its dimensions. */
const VALUE_DIMENSIONS = [2, 1, 2, 1] as const;
const FLOAT = 1;
const INT64 = 7;
const FLOAT16 = 10;

/** A node, with its inputs and outputs by name; an input that is left out is an empty text. */
export interface GraphNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** An attribute's integer, integers, text or tensor; undefined where it has none. */
  readonly integer: (name: string) => number | undefined;
  readonly integers: (name: string) => readonly number[] | undefined;
  readonly text: (name: string) => string | undefined;
  readonly tensor: (name: string) => Uint8Array | undefined;
}

/** A model's graph. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  /** Whether a tensor is an input that has to be given. */
  readonly isInput: (name: string) => boolean;
  /** How many dimensions an input has. */
  readonly rankOf: (name: string) => number;
  /** A tensor that lies in the file, as an initializer or by a node Constant. */
  readonly constant: (name: string) => Uint8Array | undefined;
}

/**
 * The graph of a model; null where it has none.
 * @throws RangeError when the bytes are no model.
 */
export function graphIn(model: Uint8Array): Graph | null {
  const [graph] = messagesIn(model, MODEL.graph);
  if (graph === undefined) return null;
  const nodes = messagesIn(graph, GRAPH.node).map(nodeOf);
  const initializers = new Map(
    messagesIn(graph, GRAPH.initializer).map((tensor) => [textsIn(tensor, TENSOR.name)[0], tensor]),
  );
  const inputs = new Map(messagesIn(graph, GRAPH.input).map((each) => [textsIn(each, 1)[0], rankIn(each)]));
  return {
    nodes,
    isInput: (name) => inputs.has(name) && !initializers.has(name),
    rankOf: (name) => inputs.get(name) ?? 0,
    constant: (name) =>
      initializers.get(name) ??
      nodes.find(({ type, outputs }) => type === 'Constant' && outputs[0] === name)?.tensor('value'),
  };
}

function rankIn(value: Uint8Array): number {
  return VALUE_DIMENSIONS.reduce((found, field) => found.flatMap((each) => messagesIn(each, field)), [value])
    .length;
}

function nodeOf(bytes: Uint8Array): GraphNode {
  const attributes = new Map(
    messagesIn(bytes, NODE.attribute).map((each) => [textsIn(each, ATTRIBUTE.name)[0], each]),
  );
  const of = <T>(name: string, read: (attribute: Uint8Array) => T): T | undefined => {
    const attribute = attributes.get(name);
    return attribute && read(attribute);
  };
  return {
    type: textsIn(bytes, NODE.type)[0] ?? '',
    inputs: textsIn(bytes, NODE.input),
    outputs: textsIn(bytes, NODE.output),
    integer: (name) => of(name, (each) => Number(integersIn(each, ATTRIBUTE.i)[0] ?? 0n)),
    integers: (name) => of(name, (each) => integersIn(each, ATTRIBUTE.ints).map(Number)),
    text: (name) => of(name, (each) => textsIn(each, ATTRIBUTE.s)[0]),
    tensor: (name) => of(name, (each) => messagesIn(each, ATTRIBUTE.t)[0]),
  };
}

/** The sizes of a tensor. */
export function sizesOf(tensor: Uint8Array): readonly number[] {
  return integersIn(tensor, TENSOR.dims).map(Number);
}

/** The numbers of a tensor that lie in the file as float32, float16 or int64; undefined where they do not. */
export function numbersOf(tensor: Uint8Array): Float32Array | undefined {
  const [type] = integersIn(tensor, TENSOR.type);
  if (Number(type) === INT64) return Float32Array.from(int64sOf(tensor), Number);
  const bytes = messagesIn(tensor, TENSOR.raw)[0] ?? Buffer.concat(messagesIn(tensor, TENSOR.floats));
  const { buffer } = new Uint8Array(bytes); // A part of the file may lie at an odd address.
  if (buffer.byteLength === 0) return undefined;
  if (Number(type) === FLOAT) return new Float32Array(buffer);
  return Number(type) === FLOAT16 ? unpackWords(new Uint16Array(buffer), formats.fp16) : undefined;
}

function int64sOf(tensor: Uint8Array): BigInt64Array | bigint[] {
  const [raw] = messagesIn(tensor, TENSOR.raw);
  return raw === undefined
    ? integersIn(tensor, TENSOR.int64s).map((each) => BigInt.asIntN(64, each))
    : new BigInt64Array(new Uint8Array(raw).buffer);
}

function messagesIn(message: Uint8Array, field: number): Uint8Array[] {
  return fieldsIn(message).flatMap(({ number, value }) =>
    number === field && typeof value === 'object' ? [value] : [],
  );
}

/** Integers of a field, each by itself or packed. */
function integersIn(message: Uint8Array, field: number): bigint[] {
  return fieldsIn(message).flatMap(({ number, value }) => {
    if (number !== field) return [];
    return typeof value === 'bigint' ? [value] : varintsIn(value);
  });
}

function textsIn(message: Uint8Array, field: number): string[] {
  return messagesIn(message, field).map((bytes) => new TextDecoder().decode(bytes));
}
