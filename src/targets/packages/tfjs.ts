/** The package @tensorflow/tfjs, on its cpu backend: JavaScript. */
import type { Adapted } from './adapted.ts';
import { importTfjs, tfjsDeclaration, tfjsKernel } from './tfjs-kernel.ts';

/**
 * The adapter. Every step is computed in FP64 and rounded to FP32, sums too, but once: `strict`, but that the logarithm is
 * of the whole sum, not log1p of what the maximum leaves.
 */
export async function tfjs(owner: string): Promise<Adapted> {
  const tf = await importTfjs(owner);
  await tf.setBackend('cpu');
  return { kernel: tfjsKernel(tf), declaration: { ...tfjsDeclaration, profile: 'default' } };
}
