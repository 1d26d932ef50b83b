/** The package onnxruntime-web: the same models, in WebAssembly. */
import { modelKernel, modelOptionsOf } from '../onnx/kernel.ts';
import { modelLayoutsOf, modelOperations } from '../onnx/model.ts';
import type { OnnxRuntime } from '../onnx/runtime.ts';
import { importPackage } from '../package.ts';
import type { Adapted } from './adapted.ts';

/** The runtime with its settings. */
interface OnnxRuntimeWeb extends OnnxRuntime {
  readonly env: { readonly wasm: { numThreads: number } };
}

/**
 * The adapter. Sums are in 4 lanes, or one (ReduceLogSumExp); the exp of the softmax gives 0 where its result would be
 * subnormal.
 */
export async function onnxRuntimeWeb(owner: string): Promise<Adapted> {
  const needed = ['InferenceSession', 'Tensor', 'env'];
  const runtime = (await importPackage(owner, 'onnxruntime-web', needed)) as OnnxRuntimeWeb;
  runtime.env.wasm.numThreads = 1;
  const kernel = await modelKernel(runtime, modelOperations, {
    options: { executionProviders: ['wasm'] },
  });
  return {
    kernel,
    declaration: {
      profile: 'sequential',
      ftz: true,
      layouts: modelLayoutsOf(modelOperations),
      options: modelOptionsOf(modelOperations, 'fp32'),
    },
  };
}
