/** Sessions of onnxruntime as kernels. */

import type { Batch } from '../../core/batch.ts';
import type { Kernel } from '../../core/kernel.ts';
import { answersBatch, usesTargets } from '../../core/operation.ts';
import { type Elements, numbersIn } from '../pack.ts';
import { contractOf } from '../signature.ts';
import type { ModelInterface } from './interface.ts';
import { type ModelFormat, type ModelOperation, modelOf, tensorTypes } from './model.ts';
import { type OnnxRuntime, type OnnxSession, sessionOptions } from './runtime.ts';

/** A call of a model, with arrays as its formats have them: words of 16 bits in a Uint16Array. It gets targets where it is a loss. */
export type ModelCall = (
  logits: Elements,
  targets: Int32Array,
  rows: number,
  cols: number,
) => Promise<Elements>;

/** Calls the model of `session` as `wanted` says. */
export function callOf({ Tensor }: OnnxRuntime, session: OnnxSession, wanted: ModelInterface): ModelCall {
  const { name: type } = tensorTypes[wanted.format.logits];
  return async (logits, targets, rows, cols) => {
    const inputs = { [wanted.logits]: new Tensor(type, logits, [rows, cols]) };
    if (wanted.targets !== null) {
      const { name, isInt64 } = wanted.targets;
      inputs[name] = isInt64
        ? new Tensor('int64', BigInt64Array.from(targets, BigInt), [rows])
        : new Tensor('int32', targets, [rows]);
    }
    const outputs = await session.run(inputs, [wanted.output]);
    const answer = outputs[wanted.output].data as Elements;
    // Where JavaScript has a Float16Array, float16 is in one.
    return wanted.format.answer === 'fp32'
      ? answer
      : new Uint16Array(answer.buffer, answer.byteOffset, answer.length);
  };
}

/** The kernel of one operation, of which `format` is the answer's. */
export function kernelOf(operation: ModelOperation, call: ModelCall, format: ModelFormat): Kernel {
  const answer = async ({ logits, targets, rows, cols }: Batch): Promise<unknown> => {
    const numbers = await call(logits, targets, rows, cols);
    return answersBatch(operation) && numbers.length === 1 ? numbersIn(numbers, format)[0] : numbers;
  };
  return { [operation]: contractOf(operation, answer) } as Kernel;
}

/** The kernel of models made for it, of one operator each and of one format, in `runtime`. */
export async function modelKernel(
  runtime: OnnxRuntime,
  operations: readonly ModelOperation[],
  { format = 'fp32', options = {} }: { readonly format?: ModelFormat; readonly options?: object } = {},
): Promise<Kernel> {
  const kernels = operations.map(async (operation) => {
    const targets = usesTargets(operation) ? { name: 'targets', isInt64: false } : null;
    const session = await runtime.InferenceSession.create(modelOf(operation, format), {
      ...sessionOptions,
      ...options,
    });
    const wanted = {
      logits: 'logits',
      targets,
      output: 'answer',
      format: { logits: format, answer: format },
    };
    return kernelOf(operation, callOf(runtime, session, wanted), format);
  });
  return Object.assign({}, ...(await Promise.all(kernels)));
}
