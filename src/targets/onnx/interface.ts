/** Which inputs and output of a model are an operation's, by what the model says of itself. */

import { UserError } from '../../core/errors.ts';
import { usesTargets } from '../../core/operation.ts';
import { type ModelOperation, modelOperations } from './model.ts';
import type { OnnxSession, OnnxValue } from './runtime.ts';

/** What to do where it is not plain which operation a model is. */
export const howToName = `Name the operation: onnx:./model.onnx#softmax, or one of ${modelOperations.slice(1).join(', ')}.`;

/** How a model is called. */
export interface ModelInterface {
  readonly logits: string;
  /** The classes, of a loss. */
  readonly targets: { readonly name: string; readonly isInt64: boolean } | null;
  readonly output: string;
  /** The only number of rows and of columns that it takes, where it takes only one. */
  readonly rows?: number;
  readonly cols?: number;
}

const ranks: Readonly<Record<ModelOperation, number>> = {
  softmax: 2,
  logSoftmax: 2,
  logSumExp: 1,
  crossEntropy: 0,
};

/**
 * How the model of `session` is called.
 * @throws UserError when it is not one of logits, or of logits and targets, or has several outputs that it may be.
 */
export function interfaceOf(session: OnnxSession, operation: ModelOperation | null): ModelInterface {
  const isLoss = operation === null ? session.inputMetadata.length > 1 : usesTargets(operation);
  const logits = session.inputMetadata.filter(isLogits);
  const targets = session.inputMetadata.filter(isTargets);
  if (
    logits.length !== 1 ||
    targets.length !== (isLoss ? 1 : 0) ||
    session.inputMetadata.length !== (isLoss ? 2 : 1)
  ) {
    const expected = isLoss
      ? 'logits of float32[rows, cols] and targets of int32[rows] or int64[rows]'
      : 'logits of float32[rows, cols]';
    throw new UserError(
      `its ${session.inputMetadata.length === 1 ? 'input is' : 'inputs are'} ${describeValues(session.inputMetadata)}: expected ${expected}`,
      'The names may be others. Cut the model to its last step with onnx.utils.extract_model, or write a module that calls it.',
    );
  }
  return {
    logits: logits[0].name,
    targets: isLoss ? { name: targets[0].name, isInt64: targets[0].type === 'int64' } : null,
    output: outputOf(session, operation ?? (isLoss ? 'crossEntropy' : null)).name,
    ...sizesOf(logits[0]),
  };
}

/** The only output of FP32, or of several the only one of the operation's rank. */
function outputOf({ outputMetadata }: OnnxSession, operation: ModelOperation | null): OnnxValue {
  const floats = outputMetadata.filter(({ isTensor, type }) => isTensor && type === 'float32');
  const fitting = floats.filter(({ shape }) => operation !== null && shape?.length === ranks[operation]);
  const [output, ...others] = floats.length === 1 ? floats : fitting;
  if (output !== undefined && others.length === 0) return output;
  throw new UserError(
    `its outputs are ${describeValues(outputMetadata)}: expected one of float32`,
    operation === null ? howToName : `That of ${operation} has ${ranks[operation]} dimensions.`,
  );
}

function isLogits({ isTensor, type, shape }: OnnxValue): boolean {
  return isTensor && type === 'float32' && shape?.length === 2;
}

function isTargets({ isTensor, type, shape }: OnnxValue): boolean {
  return isTensor && (type === 'int32' || type === 'int64') && shape?.length === 1;
}

function sizesOf({ shape = [] }: OnnxValue): { rows?: number; cols?: number } {
  const [rows, cols] = shape;
  return { ...(typeof rows === 'number' && { rows }), ...(typeof cols === 'number' && { cols }) };
}

/** `logits float32[rows, 10], mask bool[10]`. */
function describeValues(values: readonly OnnxValue[]): string {
  const described = values.map(({ name, isTensor, type, shape = [] }) =>
    isTensor ? `${name} ${type}[${shape.join(', ')}]` : `${name}, which is no tensor`,
  );
  return described.join(', ') || 'none';
}
