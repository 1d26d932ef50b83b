/** Sessions of onnxruntime as kernels. */

import type { Batch } from '../../core/batch.ts';
import type { Kernel } from '../../core/kernel.ts';
import { answersOne, usesTargets } from '../../core/operation.ts';
import type { OptionName, Options, ScoreName } from '../../core/options.ts';
import { scoreNames } from '../../options/index.ts';
import { type Elements, elementsOf, numbersIn } from '../pack.ts';
import { contractOf } from '../signature.ts';
import { alongMiddle, type Dimensions, dimensionsOf, inRows } from './dimensions.ts';
import type { ModelInterface } from './interface.ts';
import { type ModelFormat, type ModelOperation, modelOf, tensorTypes } from './model.ts';
import { type OnnxRuntime, type OnnxSession, sessionOptions } from './runtime.ts';
import { type ScoreOptions, scoreTensors } from './score-tensors.ts';

/**
 * A call of a model, with arrays as its formats have them: words of 16 bits in a Uint16Array. It gets targets where it is a loss, and what it has
 * as inputs of the options, or where they have none what changes nothing.
 */
export type ModelCall = (
  logits: Elements,
  dimensions: Dimensions,
  targets: Int32Array,
  options?: Options & ScoreOptions,
) => Promise<Elements>;

/** Calls the model of `session` as `wanted` says. */
export function callOf(runtime: OnnxRuntime, session: OnnxSession, wanted: ModelInterface): ModelCall {
  const { Tensor } = runtime;
  const { logits: format, answer: answerFormat } = wanted.format;
  const { name: type } = tensorTypes[format];
  return async (logits, dimensions, targets, options = {}) => {
    const { sizes, axis } = dimensions;
    const inputs = {
      [wanted.logits]: new Tensor(type, logits, sizes),
      ...scoreTensors(runtime, wanted.scores, options, dimensions),
    };
    if (wanted.targets !== null) {
      const { name, isInt64 } = wanted.targets;
      const sizesOfRows = sizes.filter((_, k) => k !== axis);
      inputs[name] = isInt64
        ? new Tensor('int64', BigInt64Array.from(targets, BigInt), sizesOfRows)
        : new Tensor('int32', targets, sizesOfRows);
    }
    if (wanted.weights !== null) {
      // A sink is a class more, which is nobody's target.
      const weights = new Float32Array(sizes[axis] + (wanted.scores.sink === undefined ? 0 : 1)).fill(1);
      weights.set(options.classWeights ?? []);
      inputs[wanted.weights] = new Tensor(type, elementsOf(weights, format), [weights.length]);
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
  dimensionsFor: (batch: Batch) => Dimensions,
): Kernel {
  const answer = async (batch: Batch): Promise<unknown> => {
    const { logits, targets, options } = batch;
    const numbers = await call(logits, dimensionsFor(batch), targets, options);
    return answersOne(operation, options) && numbers.length === 1 ? numbersIn(numbers, format)[0] : numbers;
  };
  return { [operation]: contractOf(operation, answer) } as Kernel;
}

/** The options of {@link modelKernel}, by operation. Scales, biases and weights are of the logits' type in ONNX, and ours of FP32. */
export function modelOptionsOf(
  operations: readonly ModelOperation[],
  format: ModelFormat,
): Readonly<Partial<Record<ModelOperation, readonly OptionName[]>>> {
  const isFp32 = format === 'fp32';
  const namesOf = (operation: ModelOperation): readonly OptionName[] => [
    ...(isFp32 ? scoreNames : []),
    ...(usesTargets(operation) ? (['reduction', 'ignoreIndex'] as const) : []),
    ...(usesTargets(operation) && isFp32 ? (['classWeights'] as const) : []),
  ];
  return Object.fromEntries(operations.map((operation) => [operation, namesOf(operation)]));
}

/** The kernel of models made for it, of one operator each and of one format, in `runtime`. */
export async function modelKernel(
  runtime: OnnxRuntime,
  operations: readonly ModelOperation[],
  { format = 'fp32', options = {} }: { readonly format?: ModelFormat; readonly options?: object } = {},
): Promise<Kernel> {
  const kernels = operations.map(async (operation) => {
    const isLoss = usesTargets(operation);
    const sessionFor = keeping((given, isAlongMiddle) => {
      const { reduction = 'mean', ignoreIndex, classWeights } = given;
      const hasWeights = classWeights !== undefined;
      const attributes = { reduction, ignoreIndex, hasWeights, scores: scoresIn(given), isAlongMiddle };
      const model = modelOf(operation, format, attributes);
      return runtime.InferenceSession.create(model, { ...sessionOptions, ...options });
    });
    const call: ModelCall = async (logits, dimensions, targets, given = {}) => {
      const wanted: ModelInterface = {
        logits: 'logits',
        sizes: dimensions.sizes,
        targets: isLoss ? { name: 'targets', isInt64: false } : null,
        weights: given.classWeights === undefined ? null : 'weights',
        scores: Object.fromEntries(scoresIn(given).map((name) => [name, { name, sizes: null }])),
        output: 'answer',
        isOfRows: given.reduction === 'none',
        format: { logits: format, answer: format },
      };
      const session = await sessionFor(given, dimensions.sizes.length > 2);
      return callOf(runtime, session, wanted)(logits, dimensions, targets, given);
    };
    await sessionFor({}, false); // What does not load is told before the first call.
    const dimensionsFor = (batch: Batch): Dimensions =>
      dimensionsOf(batch.layout === undefined ? inRows : alongMiddle, batch);
    return kernelOf(operation, call, format, dimensionsFor);
  });
  return Object.assign({}, ...(await Promise.all(kernels)));
}

/** The options of scores that a call has, in their order. */
function scoresIn(options: Options): readonly ScoreName[] {
  return scoreNames.filter((name) => options[name] !== undefined);
}

/** So many models are kept: the attributes of a loss, and which options of scores there are, make one each. */
const MOST_KEPT = 64;

/** The sessions that are created for options, of which the last used are kept. */
function keeping(create: (options: Options, isAlongMiddle: boolean) => Promise<OnnxSession>): typeof create {
  const kept = new Map<string, Promise<OnnxSession>>();
  return (options, isAlongMiddle) => {
    const { reduction = 'mean', ignoreIndex, classWeights } = options;
    const key = [
      reduction,
      ignoreIndex,
      classWeights !== undefined,
      isAlongMiddle,
      ...scoresIn(options),
    ].join();
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
