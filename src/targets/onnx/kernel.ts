/** Sessions of onnxruntime as kernels. */

import type { Batch } from '../../core/batch.ts';
import type { Kernel } from '../../core/kernel.ts';
import { answersBatch, usesTargets } from '../../core/operation.ts';
import { contractOf } from '../signature.ts';
import type { ModelInterface } from './interface.ts';
import { type ModelOperation, modelOf } from './model.ts';
import { type OnnxRuntime, type OnnxSession, sessionOptions } from './runtime.ts';

/** A call of a model: its output's numbers. It gets targets where it is a loss. */
export type ModelCall = (
  logits: Float32Array,
  targets: Int32Array,
  rows: number,
  cols: number,
) => Promise<Float32Array>;

/** Calls the model of `session` as `wanted` says. */
export function callOf({ Tensor }: OnnxRuntime, session: OnnxSession, wanted: ModelInterface): ModelCall {
  return async (logits, targets, rows, cols) => {
    const inputs = { [wanted.logits]: new Tensor('float32', logits, [rows, cols]) };
    if (wanted.targets !== null) {
      const { name, isInt64 } = wanted.targets;
      inputs[name] = isInt64
        ? new Tensor('int64', BigInt64Array.from(targets, BigInt), [rows])
        : new Tensor('int32', targets, [rows]);
    }
    const outputs = await session.run(inputs, [wanted.output]);
    return outputs[wanted.output].data as Float32Array;
  };
}

/** The kernel of one operation. */
export function kernelOf(operation: ModelOperation, call: ModelCall): Kernel {
  const answer = async ({ logits, targets, rows, cols }: Batch): Promise<unknown> => {
    const numbers = await call(logits, targets, rows, cols);
    return answersBatch(operation) && numbers.length === 1 ? numbers[0] : numbers;
  };
  return { [operation]: contractOf(operation, answer) } as Kernel;
}

/** The kernel of models made for it, of one operator each, in `runtime`. */
export async function modelKernel(
  runtime: OnnxRuntime,
  operations: readonly ModelOperation[],
  options: object = {},
): Promise<Kernel> {
  const kernels = operations.map(async (operation) => {
    const targets = usesTargets(operation) ? { name: 'targets', isInt64: false } : null;
    const session = await runtime.InferenceSession.create(modelOf(operation), {
      ...sessionOptions,
      ...options,
    });
    return kernelOf(operation, callOf(runtime, session, { logits: 'logits', targets, output: 'answer' }));
  });
  return Object.assign({}, ...(await Promise.all(kernels)));
}
