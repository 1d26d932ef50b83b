/** Targets that are packages: those that an adapter is here for, and others by what they export. */
import type { Target } from '../../core/target.ts';
import { createTarget } from '../create.ts';
import { type Loading, moduleTarget } from '../module.ts';
import { PACKAGE_PREFIX } from '../package.ts';
import { redeclared } from '../redeclared.ts';
import type { Adapter } from './adapted.ts';
import { onnxRuntimeNode } from './onnxruntime-node.ts';
import { onnxRuntimeWeb } from './onnxruntime-web.ts';
import { tfjs } from './tfjs.ts';
import { tfjsBackendWasm } from './tfjs-backend-wasm.ts';
import { transformers } from './transformers.ts';

/** The packages that work with nothing else to write. */
const adapters: Readonly<Record<string, Adapter>> = {
  '@tensorflow/tfjs': tfjs,
  '@tensorflow/tfjs-backend-wasm': tfjsBackendWasm,
  '@huggingface/transformers': transformers,
  'onnxruntime-node': onnxRuntimeNode,
  'onnxruntime-web': onnxRuntimeWeb,
};

/**
 * The kernel of `npm:package` by its adapter; of any other package, or with an export named, see {@link moduleTarget}.
 * @throws UserError when the package is not installed, does not load, or is not what the adapter knows.
 */
export async function packageTarget(specifier: string, loading: Loading = {}): Promise<Target> {
  const name = specifier.slice(PACKAGE_PREFIX.length);
  if (!Object.hasOwn(adapters, name)) return moduleTarget(specifier, loading);
  const { kernel, declaration } = await adapters[name](`target ${specifier}`);
  return redeclared(createTarget(specifier, kernel, declaration, specifier), loading.declared);
}
