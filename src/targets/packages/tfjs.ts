/** The package @tensorflow/tfjs, on its cpu backend: JavaScript. */
import type { Adapted } from './adapted.ts';
import { importTfjs, tfjsKernel } from './tfjs-kernel.ts';

/** The adapter. */
export async function tfjs(owner: string): Promise<Adapted> {
  const tf = await importTfjs(owner);
  await tf.setBackend('cpu');
  return { kernel: tfjsKernel(tf), declaration: { profile: 'default' } };
}
