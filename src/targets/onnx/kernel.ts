/** Sessions of onnxruntime as kernels. */

import type { Batch } from '../../core/batch.ts';
import type { Kernel } from '../../core/kernel.ts';
import type { Layout } from '../../core/layout.ts';
import { answersOne, usesTargets } from '../../core/operation.ts';
import type { OptionName, Options } from '../../core/options.ts';
import { type Elements, elementsOf, numbersIn } from '../pack.ts';
import { contractOf } from '../signature.ts';
import type { ModelInterface } from './interface.ts';
import { type ModelFormat, type ModelOperation, modelOf, tensorTypes } from './model.ts';
import { type OnnxRuntime, type OnnxSession, sessionOptions } from './runtime.ts';

/**
 * A call of a model, with arrays as its formats have them: words of 16 bits in a Uint16Array. It gets targets where it is a loss, and the class weights of the options
 * where it has some as an input, 1 without.
 */
export type ModelCall = (
  logits: Elements,
  targets: Int32Array,
  rows: number,
  cols: number,
  options?: Options,
  layout?: Layout,
) => Promise<Elements>;

/** Calls the model of `session` as `wanted` says. */
export function callOf({ Tensor }: OnnxRuntime, session: OnnxSession, wanted: ModelInterface): ModelCall {
  const { logits: format, answer: answerFormat } = wanted.format;
  const { name: type } = tensorTypes[format];
  return async (logits, targets, rows, cols, { classWeights } = {}, layout) => {
    const shape =
      layout !== undefined && 'inner' in layout ? [layout.outer, cols, layout.inner] : [rows, cols];
    const inputs = { [wanted.logits]: new Tensor(type, logits, shape) };
    if (wanted.targets !== null) {
      const { name, isInt64 } = wanted.targets;
      inputs[name] = isInt64
        ? new Tensor('int64', BigInt64Array.from(targets, BigInt), [rows])
        : new Tensor('int32', targets, [rows]);
    }
    if (wanted.weights !== null) {
      const weights = classWeights ?? new Float32Array(cols).fill(1);
      inputs[wanted.weights] = new Tensor(type, elementsOf(weights, format), [cols]);
    }
    const outputs = await session.run(inputs, [wanted.output]);
    const answer = outputs[wanted.output].data as Elements;
    // Where JavaScript has a Float16Array, float16 is in one.
    return answerFormat === 'fp32'
      ? answer
      : new Uint16Array(answer.buffer, answer.byteOffset, answer.length);
  };
}

/** The kernel of one operation, of which `format` is the answer's. */
export function kernelOf(operation: ModelOperation, call: ModelCall, format: ModelFormat): Kernel {
  const answer = async ({ logits, targets, rows, cols, options, layout }: Batch): Promise<unknown> => {
    const numbers = await call(logits, targets, rows, cols, options, layout);
    return answersOne(operation, options) && numbers.length === 1 ? numbersIn(numbers, format)[0] : numbers;
  };
  return { [operation]: contractOf(operation, answer) } as Kernel;
}

/** The options of {@link modelKernel}'s loss. Weights are of the logits' type in ONNX, and ours of FP32. */
export function lossOptionsOf(format: ModelFormat): readonly OptionName[] {
  return format === 'fp32' ? ['reduction', 'ignoreIndex', 'classWeights'] : ['reduction', 'ignoreIndex'];
}

/** The kernel of models made for it, of one operator each and of one format, in `runtime`. */
export async function modelKernel(
  runtime: OnnxRuntime,
  operations: readonly ModelOperation[],
  { format = 'fp32', options = {} }: { readonly format?: ModelFormat; readonly options?: object } = {},
): Promise<Kernel> {
  const kernels = operations.map(async (operation) => {
    const isLoss = usesTargets(operation);
    const sessionFor = keeping(({ reduction = 'mean', ignoreIndex, classWeights }, isAlongMiddle) => {
      const model = modelOf(operation, format, {
        reduction,
        ignoreIndex,
        hasWeights: classWeights !== undefined,
        isAlongMiddle,
      });
      return runtime.InferenceSession.create(model, { ...sessionOptions, ...options });
    });
    const call: ModelCall = async (logits, targets, rows, cols, given = {}, layout) => {
      const wanted: ModelInterface = {
        logits: 'logits',
        targets: isLoss ? { name: 'targets', isInt64: false } : null,
        weights: given.classWeights === undefined ? null : 'weights',
        output: 'answer',
        isOfRows: given.reduction === 'none',
        format: { logits: format, answer: format },
      };
      const session = await sessionFor(given, layout !== undefined);
      return callOf(runtime, session, wanted)(logits, targets, rows, cols, given, layout);
    };
    await sessionFor({}, false); // What does not load is told before the first call.
    return kernelOf(operation, call, format);
  });
  return Object.assign({}, ...(await Promise.all(kernels)));
}

/** So many models of a loss are kept: its options are attributes, and each choice of them is a model. */
const MOST_KEPT = 64;

/** The sessions that are created for options, of which the last used are kept. */
function keeping(create: (options: Options, isAlongMiddle: boolean) => Promise<OnnxSession>): typeof create {
  const kept = new Map<string, Promise<OnnxSession>>();
  return (options, isAlongMiddle) => {
    const { reduction = 'mean', ignoreIndex, classWeights } = options;
    const key = [reduction, ignoreIndex, classWeights !== undefined, isAlongMiddle].join();
    const session = kept.get(key) ?? create(options, isAlongMiddle);
    kept.delete(key); // It becomes the last one.
    kept.set(key, session);
    if (kept.size > MOST_KEPT) {
      const [[oldest, dropped]] = kept;
      kept.delete(oldest);
      void dropped.then((each) => each.release());
    }
    return session;
  };
}
