/** Targets that are ONNX models, in onnxruntime-node: `onnx:./model.onnx`, or `onnx:softmax` for one made here. */

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Declaration, DeclaredOptions, Target } from '../../core/target.ts';
import { bf16 } from '../../formats/index.ts';
import { locating, UserError } from '../../text/errors.ts';
import { unknownName } from '../../text/nearest.ts';
import { createTarget } from '../create.ts';
import { describeThrown } from '../describe.ts';
import { existingFile, splitName } from '../file.ts';
import { importOnnxRuntime, onnxRuntimeDeclaration } from '../packages/onnxruntime-node.ts';
import { ONNX_PREFIX } from '../prefixes.ts';
import { dimensionsOf, fixedSizes, placementOf, takesInner, trialSizes } from './dimensions.ts';
import { type Graph, graphIn } from './graph.ts';
import { describeReading, readingOf, tryOut } from './guess.ts';
import { interfaceOf, type ModelInterface, noBfloat16 } from './interface.ts';
import { callOf, kernelOf, modelKernel, modelOptionsOf } from './kernel.ts';
import { type LossNode, lossNodeIn } from './loss-node.ts';
import {
  type ModelFormat,
  type ModelOperation,
  modelLayoutsOf,
  modelOperations,
  tensorTypes,
} from './model.ts';
import { sessionOptions } from './runtime.ts';
import { type BeforeOperator, beforeOperator, nearScores, noSteps, type ScoreSteps } from './score-steps.ts';

/**
 * The kernel of the model in `onnx:./model.onnx`, or of models of one operator each, made for it, in
 * `onnx:softmax,logSumExp` or `onnx:all`, with `@fp16` behind it of FP16. Which operation a file is may stand behind it, `onnx:./model.onnx#logSoftmax`;
 * otherwise it is guessed where it is plain, and shown in the target's name.
 * @throws UserError when onnxruntime-node is not installed, there is no such file or operation, or the model is not one of
 * logits of FP32 or FP16.
 */
export async function onnxTarget(specifier: string): Promise<Target> {
  const owner = `target ${specifier}`;
  const text = specifier.slice(ONNX_PREFIX.length);
  if (/[./\\]/.test(text)) return fileTarget(specifier, owner, text);
  const { operations, format } = locating(owner, () => modelsNamed(text));
  const kernel = await modelKernel(await importOnnxRuntime(owner), operations, { format });
  const options = modelOptionsOf(operations, format);
  const declaration = { ...onnxRuntimeDeclaration, format, layouts: modelLayoutsOf(operations), options };
  return createTarget(specifier, kernel, declaration, specifier);
}

async function fileTarget(specifier: string, owner: string, text: string): Promise<Target> {
  const { path, name: suffix } = splitName(text);
  const told = suffix === null ? null : locating(owner, () => operationNamed(suffix));
  const file = existingFile(owner, path);
  const runtime = await importOnnxRuntime(owner);
  const failing = (what: string) => (error: unknown) => {
    throw new UserError(`${owner}: onnxruntime-node ${what}: ${describeThrown(error)}`);
  };
  const session = await runtime.InferenceSession.create(file, sessionOptions).catch(
    failing('does not load it'),
  );
  if (session.inputMetadata === undefined)
    throw new UserError(
      `${owner}: this onnxruntime-node does not say what a model takes`,
      'Version 1.22 and later do.',
    );
  const graph = graphOf(file);
  const node = locating(owner, () => (graph && session.inputMetadata.length > 1 ? lossNodeIn(graph) : null));
  const before = graph === null ? ({ kind: 'unknown' } as const) : beforeOperator(graph);
  const steps = before.kind === 'options' ? before.steps : noSteps;
  locating(owner, () => checkSteps(before, told));
  const known = { hasLossNode: node !== null, isOfRows: node?.reduction === 'none', scores: steps.inputs };
  const found = locating(owner, () => interfaceOf(session, told, known));
  const model = withColumns(found, node?.weights ?? null, steps);
  const call = callOf(runtime, session, model);
  const sizes = locating(owner, () => trialSizes(model.sizes));
  // What is told of two dimensions is along the last one, without a trial; a model that fails in one loads, too.
  const isPlain = told !== null && sizes.length === 2;
  const onFailure = told === null ? failing('does not run it') : () => null;
  const trial = isPlain ? null : await tryOut(call, model, sizes).catch(onFailure);
  const seen = trial && { ...trial, logits: nearScores(steps, trial.logits, trial.sizes) };
  const { operation, axis, isFound } = locating(owner, () => readingOf(model, told, seen));
  const placement = locating(owner, () => placementOf(model.sizes, axis));
  const options = { ...optionsOfScores(steps), ...(operation === 'crossEntropy' && optionsOf(node, model)) };
  const declaration: Declaration = {
    ...onnxRuntimeDeclaration,
    format: model.format,
    ...(Object.keys(options).length > 0 && { options: { [operation]: options } }),
    ...(takesInner(placement) && { layouts: { [operation]: ['inner'] } }),
    ...fixedSizes(model.sizes, placement),
  };
  const described = describeReading({ operation, axis }, { rank: sizes.length, isGuessed: told === null });
  const name = `${basename(path).replace(/\.onnx$/, '')}#${described}`;
  const kernel = kernelOf(operation, call, model.format.answer, (batch) => dimensionsOf(placement, batch));
  const target = createTarget(name, kernel, declaration, specifier);
  const notes = [
    ...(isFound || isPlain ? [] : [noAxis]),
    ...(before.kind === 'others' ? [`${notRead(before)}, and it is judged as if nothing were there`] : []),
  ];
  return notes.length === 0 ? target : { ...target, notes };
}

/** What is said of a model that fits what is told along no axis. */
const noAxis =
  'a run on ordinary logits shows the operation along none of its axes, and so it is judged along the last one';

function notRead({ operator, types }: Extract<BeforeOperator, { kind: 'others' }>): string {
  return `what comes before its ${operator} is none of the options (${types.join(', ')})`;
}

/**
 * Refuses a model whose scores are others than those of options.
 * @throws UserError when they are, and it is not told which operation it is.
 */
function checkSteps(before: BeforeOperator, told: ModelOperation | null): void {
  if (before.kind === 'others' && told === null)
    throw new UserError(
      notRead(before),
      'Cut the model behind that with onnx.utils.extract_model. With its operation told, onnx:./model.onnx#softmax, it is judged as if nothing were there.',
    );
}

/** The model with as many columns as weights of its loss have, or a bias in the file. */
function withColumns(
  model: ModelInterface,
  weights: Float32Array | null,
  { axis, fixed: { bias } }: ScoreSteps,
): ModelInterface {
  const { sizes } = model;
  if (weights !== null) return { ...model, sizes: sizes.with(1, weights.length) };
  return bias === undefined ? model : { ...model, sizes: sizes.with(sizes.length - axis, bias.length) };
}

/** The graph of a file; null of one of onnxruntime's own format, or too large to be read at once. */
function graphOf(file: string): Graph | null {
  try {
    return graphIn(readFileSync(file));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The options of the scores: what nodes before the operator have fixed, and what they take. */
function optionsOfScores({ fixed, inputs: { hidden, ...inputs } }: ScoreSteps): DeclaredOptions {
  const names = [...Object.keys(inputs), ...(hidden === undefined ? [] : ['mask'])];
  return { ...fixed, ...Object.fromEntries(names.map((name) => [name, true])) };
}

/** The options of a loss: what its node has fixed, and weights that are an input. Of FP16 that is given 1 alone: options are of FP32. */
function optionsOf(node: LossNode | null, { weights, format, isOfRows }: ModelInterface): DeclaredOptions {
  const reduction = isOfRows ? 'none' : (node?.reduction ?? 'mean');
  const hasInput = weights !== null && format.logits === 'fp32';
  return {
    ...(reduction !== 'mean' && { reduction }),
    ...(typeof node?.ignoreIndex === 'number' && { ignoreIndex: node.ignoreIndex }),
    ...(node?.weights && { classWeights: node.weights }),
    ...(hasInput && { classWeights: true as const }),
  };
}

/** What `softmax,logSumExp`, `all` and `all@fp16` name. */
function modelsNamed(text: string): {
  readonly operations: readonly ModelOperation[];
  readonly format: ModelFormat;
} {
  const [names, format = 'fp32', ...rest] = text.split('@');
  const known = Object.keys(tensorTypes) as ModelFormat[];
  const found = known.find((each) => each === format);
  if (format === bf16.name) throw new UserError('there are no models of bf16', noBfloat16);
  if (found === undefined || rest.length > 0) throw unknownName('format', [format, ...rest].join('@'), known);
  return {
    operations: names === 'all' ? modelOperations : names.split(',').map(operationNamed),
    format: found,
  };
}

/** The operation of this name. */
function operationNamed(name: string): ModelOperation {
  const operation = modelOperations.find((each) => each === name);
  if (operation === undefined) throw unknownName('ONNX operation', name, modelOperations);
  return operation;
}
