/** Sessions of onnxruntime as kernels. */
import type { Kernel } from '../../core/kernel.ts';
import type { ModelInterface } from './interface.ts';
import { type ModelOperation, modelOf } from './model.ts';
import { type OnnxRuntime, type OnnxSession, sessionOptions } from './runtime.ts';

/** A call of a model: its output's numbers. */
export type ModelCall = (
  logits: Float32Array,
  targets: Int32Array | null,
  rows: number,
  cols: number,
) => Promise<Float32Array>;

/** Calls the model of `session` as `wanted` says. */
export function callOf({ Tensor }: OnnxRuntime, session: OnnxSession, wanted: ModelInterface): ModelCall {
  return async (logits, targets, rows, cols) => {
    const inputs = { [wanted.logits]: new Tensor('float32', logits, [rows, cols]) };
    if (wanted.targets !== null && targets !== null) {
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
  if (operation !== 'crossEntropy')
    return {
      [operation]: (logits: Float32Array, rows: number, cols: number) => call(logits, null, rows, cols),
    };
  return {
    async crossEntropy(logits, targets, rows, cols) {
      const loss = await call(logits, targets, rows, cols);
      return (loss.length === 1 ? loss[0] : loss) as number;
    },
  };
}

/** The kernel of models made for it, of one operator each, in `runtime`. */
export async function modelKernel(
  runtime: OnnxRuntime,
  operations: readonly ModelOperation[],
  options: object = {},
): Promise<Kernel> {
  const kernels = operations.map(async (operation) => {
    const targets = operation === 'crossEntropy' ? { name: 'targets', isInt64: false } : null;
    const session = await runtime.InferenceSession.create(modelOf(operation), {
      ...sessionOptions,
      ...options,
    });
    return kernelOf(operation, callOf(runtime, session, { logits: 'logits', targets, output: 'answer' }));
  });
  return Object.assign({}, ...(await Promise.all(kernels)));
}
