/** The package onnxruntime-node: its operators in models of one each, on the CPU. */
import type { Declaration } from '../../core/target.ts';
import { modelKernel, modelOptionsOf } from '../onnx/kernel.ts';
import { modelLayoutsOf, modelOperations } from '../onnx/model.ts';
import type { OnnxRuntime } from '../onnx/runtime.ts';
import { importPackage } from '../package.ts';
import type { Adapted } from './adapted.ts';

const NAME = 'onnxruntime-node';

/**
 * How a package is installed that brings onnxruntime-node: its postinstall script downloads CUDA libraries on some machines, and
 * fails without a network. The CPU needs nothing of it.
 */
export function installing(name: string): string {
  return `\`ONNXRUNTIME_NODE_INSTALL=skip npm install ${name}\` in this folder brings it; without the variable onnxruntime-node may download more.`;
}

/**
 * ReduceLogSumExp adds in one FP32 accumulator (ReduceAggregatorLogSumExp in its reduction_ops.h), and a model may use any
 * reduction. Softmax, LogSoftmax and the loss add in 8 lanes or more on x86-64: they keep to `default` too.
 */
export const onnxRuntimeDeclaration: Declaration = { profile: 'sequential' };

/** The package from the current folder. */
export async function importOnnxRuntime(owner: string): Promise<OnnxRuntime> {
  return (await importPackage(owner, NAME, ['InferenceSession', 'Tensor'], installing(NAME))) as OnnxRuntime;
}

/** The adapter. */
export async function onnxRuntimeNode(owner: string): Promise<Adapted> {
  const kernel = await modelKernel(await importOnnxRuntime(owner), modelOperations);
  return {
    kernel,
    declaration: {
      ...onnxRuntimeDeclaration,
      layouts: modelLayoutsOf(modelOperations),
      options: modelOptionsOf(modelOperations, 'fp32'),
    },
  };
}
