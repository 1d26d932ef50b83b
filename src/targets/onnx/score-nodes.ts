/**
 * The nodes that make scores of a model's logits, with an input for each option: Mul by a scale; Div by a temperature; Div, Tanh and Mul by a softcap; Add of a bias; Where with a mask; Concat of
 * a sink, which a Slice takes away from an answer that has a number for each logit.
 */
import type { ScoreName } from '../../core/options.ts';
import { attribute, node, valueInfo } from './node.ts';
import { field, message } from './protobuf.ts';

/** The types of tensors, as a model file has them. */
const FLOAT = 1;
const INT64 = 7;
const BOOL = 9;

/** Every operator here goes along dimension 1. */
const axis = attribute('axis', 1);

/** The parts of a model around its operator. */
export interface ScoreNodes {
  readonly inputs: readonly Uint8Array[];
  readonly constants: readonly Uint8Array[];
  readonly before: readonly Uint8Array[];
  /** The tensor that the operator is given, and the one that it gives. */
  readonly scores: string;
  readonly operatorOutput: string;
  readonly behind: readonly Uint8Array[];
}

/** The nodes of these options, in FP32, between `logits` and `answer`. */
export function scoreNodes(names: readonly ScoreName[], answersLogits: boolean): ScoreNodes {
  let scores = 'logits';
  const before: Uint8Array[] = [];
  const add = (
    type: string,
    inputs: readonly string[],
    output: string,
    ...attributes: Uint8Array[]
  ): void => {
    before.push(node(type, inputs, output, ...attributes));
    scores = output;
  };
  const steps: Readonly<Record<ScoreName, () => void>> = {
    scale: () => add('Mul', [scores, 'scale'], 'scaled'),
    temperature: () => add('Div', [scores, 'temperature'], 'divided'),
    softcap() {
      add('Div', [scores, 'softcap'], 'quotient');
      add('Tanh', ['quotient'], 'tangent');
      add('Mul', ['tangent', 'softcap'], 'capped');
    },
    bias: () => add('Add', [scores, 'bias'], 'biased'),
    mask: () => add('Where', ['mask', scores, 'hidden'], 'masked'),
    sink: () => add('Concat', [scores, 'sink'], 'joined', axis),
  };
  for (const name of names) steps[name]();
  const isSliced = answersLogits && names.includes('sink');
  return {
    inputs: names.map((name) => valueInfo(name, name === 'mask' ? BOOL : FLOAT, null)),
    constants: [
      ...(names.includes('mask') ? [constant('hidden', FLOAT, [], MINUS_INFINITY)] : []),
      ...(isSliced ? [integer('first', 0), integer('last', -1), integer('columns', 1)] : []),
    ],
    before,
    scores,
    operatorOutput: isSliced ? 'answers' : 'answer',
    behind: isSliced ? [node('Slice', ['answers', 'first', 'last', 'columns'], 'answer')] : [],
  };
}

const MINUS_INFINITY = new Uint8Array(Float32Array.of(Number.NEGATIVE_INFINITY).buffer);

function integer(name: string, value: number): Uint8Array {
  return constant(name, INT64, [1], new Uint8Array(BigInt64Array.of(BigInt(value)).buffer));
}

/** A TensorProto with its bytes in it. */
function constant(name: string, type: number, sizes: readonly number[], bytes: Uint8Array): Uint8Array {
  return message(field(1, ...sizes), field(2, type), field(8, name), field(9, bytes));
}
