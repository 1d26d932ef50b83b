/** The package @tensorflow/tfjs-backend-wasm: the operations of @tensorflow/tfjs in WebAssembly. */
import { fileURLToPath } from 'node:url';
import { UserError } from '../../text/errors.ts';
import { importPackage, packageUrl } from '../package.ts';
import type { Adapted } from './adapted.ts';
import { importTfjs, tfjsDeclaration, tfjsKernel } from './tfjs-kernel.ts';

const NAME = '@tensorflow/tfjs-backend-wasm';

/**
 * The adapter. Its sum has one FP32 accumulator, that of the softmax (XNNPACK) 4 lanes or more; the exp there gives 0 where
 * its result would be subnormal.
 */
export async function tfjsBackendWasm(owner: string): Promise<Adapted> {
  const tf = await importTfjs(owner);
  const backend = (await importPackage(owner, NAME, ['setWasmPaths'])) as {
    readonly setWasmPaths: (folder: string) => void;
  };
  backend.setWasmPaths(fileURLToPath(new URL('.', await packageUrl(owner, NAME))));
  if (!(await tf.setBackend('wasm')))
    throw new UserError(
      `${owner}: the wasm backend does not start`,
      `Are ${NAME} and @tensorflow/tfjs of one version?`,
    );
  return { kernel: tfjsKernel(tf), declaration: { ...tfjsDeclaration, profile: 'sequential', ftz: true } };
}
