/** The package onnxruntime-node: its operators in models of one each, on the CPU. */
import type { Declaration } from '../../core/target.ts';
import { modelKernel } from '../onnx/kernel.ts';
import { modelOperations } from '../onnx/model.ts';
import type { OnnxRuntime } from '../onnx/runtime.ts';
import { importPackage } from '../package.ts';
import type { Adapted } from './adapted.ts';

const NAME = 'onnxruntime-node';

/** Its postinstall script downloads CUDA where it finds an NVIDIA driver, and fails without a network; the CPU needs nothing of it. */
const remedy = `\`ONNXRUNTIME_NODE_INSTALL=skip npm install ${NAME}\` in this folder brings it: without the variable its installation downloads more.`;

/** Its profile. */
export const onnxRuntimeDeclaration: Declaration = { profile: 'default' };

/** The package from the current folder. */
export async function importOnnxRuntime(owner: string): Promise<OnnxRuntime> {
  return (await importPackage(owner, NAME, ['InferenceSession', 'Tensor'], remedy)) as OnnxRuntime;
}

/** The adapter. */
export async function onnxRuntimeNode(owner: string): Promise<Adapted> {
  const kernel = await modelKernel(await importOnnxRuntime(owner), modelOperations);
  return { kernel, declaration: onnxRuntimeDeclaration };
}
