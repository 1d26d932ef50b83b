/** What a model has fixed of its loss: the attributes of its SoftmaxCrossEntropyLoss, or NegativeLogLikelihoodLoss, and weights that lie in the file. */

import { type Reduction, reductions } from '../../core/options.ts';
import { UserError } from '../../text/errors.ts';
import { type Graph, numbersOf } from './graph.ts';

/** Of a node of a loss. */
export interface LossNode {
  readonly reduction: Reduction;
  readonly ignoreIndex: number | null;
  /** Weights in the file; null where there are none, or they are an input of the model. */
  readonly weights: Float32Array | null;
}

const operators = ['SoftmaxCrossEntropyLoss', 'NegativeLogLikelihoodLoss'];

/**
 * The only node of a loss in a graph; null where there is none, or several.
 * @throws UserError when its weights are neither an input nor in the file.
 */
export function lossNodeIn(graph: Graph): LossNode | null {
  const losses = graph.nodes.filter(({ type }) => operators.includes(type));
  if (losses.length !== 1) return null;
  const [loss] = losses;
  const [, , weights = ''] = loss.inputs;
  return {
    reduction: reductions.find((each) => each === loss.text('reduction')) ?? 'mean',
    ignoreIndex: loss.integer('ignore_index') ?? null,
    weights: weights === '' ? null : weightsOf(graph, weights),
  };
}

function weightsOf({ constant, isInput }: Graph, name: string): Float32Array | null {
  const tensor = constant(name);
  if (tensor !== undefined) {
    const numbers = numbersOf(tensor);
    if (numbers !== undefined) return numbers;
    throw new UserError(
      `the weights of its loss, ${name}, are not in the file as float32 or float16`,
      'Save the model with its data inside it, or make them an input.',
    );
  }
  if (isInput(name)) return null;
  throw new UserError(
    `the weights of its loss, ${name}, are computed in the model`,
    'Make them an input, or an initializer, of the model.',
  );
}
