/** Sessions of onnxruntime as kernels. */

import type { Batch } from '../../core/batch.ts';
import type { Kernel } from '../../core/kernel.ts';
import { answersOne, usesTargets } from '../../core/operation.ts';
import type { OptionName, Options } from '../../core/options.ts';
import { type Elements, elementsOf, numbersIn } from '../pack.ts';
import { contractOf } from '../signature.ts';
import { alongMiddle, dimensionsOf, inRows } from './dimensions.ts';
import type { ModelInterface } from './interface.ts';
import { type ModelFormat, type ModelOperation, modelOf, tensorTypes } from './model.ts';
import { type OnnxRuntime, type OnnxSession, sessionOptions } from './runtime.ts';

/**
 * A call of a model, with arrays as its formats have them: words of 16 bits in a Uint16Array. Its logits have these dimensions. It gets targets where it is a loss, and the
 * class weights of the options where it has some as an input, 1 without.
 */
export type ModelCall = (
  logits: Elements,
  dimensions: readonly number[],
  targets: Int32Array,
  options?: Options,
) => Promise<Elements>;

/** Calls the model of `session` as `wanted` says. */
export function callOf({ Tensor }: OnnxRuntime, session: OnnxSession, wanted: ModelInterface): ModelCall {
  const { logits: format, answer: answerFormat } = wanted.format;
  const { name: type } = tensorTypes[format];
  return async (logits, dimensions, targets, { classWeights } = {}) => {
    const [rows, cols] = dimensions;
    const inputs = { [wanted.logits]: new Tensor(type, logits, dimensions) };
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

/** The kernel of one operation, of which `format` is the answer's, and batches have the dimensions of `dimensionsFor`. */
export function kernelOf(
  operation: ModelOperation,
  call: ModelCall,
  format: ModelFormat,
  dimensionsFor: (batch: Batch) => readonly number[],
): Kernel {
  const answer = async (batch: Batch): Promise<unknown> => {
    const { logits, targets, options } = batch;
    const numbers = await call(logits, dimensionsFor(batch), targets, options);
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
    const call: ModelCall = async (logits, dimensions, targets, given = {}) => {
      const wanted: ModelInterface = {
        logits: 'logits',
        sizes: dimensions,
        targets: isLoss ? { name: 'targets', isInt64: false } : null,
        weights: given.classWeights === undefined ? null : 'weights',
        output: 'answer',
        isOfRows: given.reduction === 'none',
        format: { logits: format, answer: format },
      };
      const session = await sessionFor(given, dimensions.length > 2);
      return callOf(runtime, session, wanted)(logits, dimensions, targets, given);
    };
    await sessionFor({}, false); // What does not load is told before the first call.
    const dimensionsFor = (batch: Batch): readonly number[] =>
      dimensionsOf(batch.layout === undefined ? inRows : alongMiddle, batch);
    return kernelOf(operation, call, format, dimensionsFor);
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
