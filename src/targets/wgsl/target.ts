/** Targets that are WGSL compute shaders, run by the package webgpu (Dawn): `wgsl:./softmax.wgsl`. */

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Batch } from '../../core/batch.ts';
import type { Kernel } from '../../core/kernel.ts';
import { answersBatch, type Operation, operations, usesTargets } from '../../core/operation.ts';
import type { Declaration, Target } from '../../core/target.ts';
import type { FormatName } from '../../formats/index.ts';
import { locating, UserError } from '../../text/errors.ts';
import { createTarget } from '../create.ts';
import { describeThrown } from '../describe.ts';
import { existingFile } from '../file.ts';
import { numbersIn } from '../pack.ts';
import { importPackage } from '../package.ts';
import { WGSL_PREFIX } from '../prefixes.ts';
import { contractOf } from '../signature.ts';
import type { GpuDevice, GpuShader, WebGpu } from './gpu.ts';
import { callOf, type ShaderCall } from './kernel.ts';
import { entryPoints, formatsOfShader, needsHalf, operationsOfShader } from './shader.ts';

/**
 * The profile is what WGSL promises, with subnormals flushed. It lets implementations assume that there are no NaN and no
 * infinities: shaders are not given NaN and +Infinity. Masks of -Infinity are what kernels are given in practice, and stay.
 */
const declaration: Declaration = { profile: 'wgsl', nonFinite: false };

/**
 * The kernel of a file's compute shaders that are called after operations, or of one softmax in
 * `wgsl:./kernels.wgsl#name`.
 * @throws UserError when there is no such file or entry point, it does not compile, its bindings are others than those of
 * kernel.ts, or there is no GPU.
 */
export async function wgslTarget(specifier: string): Promise<Target> {
  const owner = `target ${specifier}`;
  const [, path, name = null] = /^([^#]*)(?:#(.*))?$/s.exec(
    specifier.slice(WGSL_PREFIX.length),
  ) as RegExpExecArray;
  const source = readFileSync(existingFile(owner, path), 'utf8');
  const chosen = chosenEntries(owner, source, name);
  const formats = locating(owner, () => formatsOfShader(source));
  const device = await openDevice(owner, needsHalf(source));
  const module = device.createShaderModule({ code: source });
  await checkCompiled(owner, module);
  const kernels = chosen.map(async ({ entry, operation }) => {
    const call = await callOf(device, module, entry, operation, formats.answer).catch((error) => {
      throw new UserError(
        `${owner}: ${entry} cannot be run: ${describeThrown(error)}`,
        'Its bindings have to be those of docs/runtimes.md.',
      );
    });
    return kernelOf(operation, call, formats.answer);
  });
  const called = [basename(path).replace(/\.wgsl$/, ''), name].filter((part) => part !== null).join('#');
  return createTarget(
    called,
    Object.assign({}, ...(await Promise.all(kernels))),
    { ...declaration, format: formats },
    specifier,
  );
}

/** The entry points to run, each as an operation. */
function chosenEntries(
  owner: string,
  source: string,
  name: string | null,
): { readonly entry: string; readonly operation: Operation }[] {
  const entries = entryPoints(source);
  if (name !== null && entries.includes(name))
    return [{ entry: name, operation: operations.find((each) => each === name) ?? 'softmax' }];
  const found = name === null ? operationsOfShader(source) : [];
  if (found.length > 0) return found.map((operation) => ({ entry: operation, operation }));
  throw new UserError(
    `${owner} has ${name === null ? 'nothing to judge' : `no compute shader '${name}'`}: its compute shaders are ${entries.join(', ') || 'none'}`,
    `Call one after its operation, like @compute @workgroup_size(64) fn softmax, or name one softmax: wgsl:./file.wgsl#name.`,
  );
}

/** Dawn crashes where an instance is collected while its devices are in use. */
const instances: unknown[] = [];

/** A device of the first GPU that Dawn finds, with f16 where that is needed. */
async function openDevice(owner: string, isHalfNeeded: boolean): Promise<GpuDevice> {
  const { create } = (await importPackage(owner, 'webgpu', ['create'])) as WebGpu;
  const gpu = create([]);
  instances.push(gpu);
  const adapter = await gpu.requestAdapter();
  if (adapter === null)
    throw new UserError(
      `${owner}: there is no GPU that webgpu can use`,
      'Without one, SwiftShader will do: on Debian, apt install chromium-common libvulkan1, then VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json.',
    );
  checkFeatures(owner, adapter.features, isHalfNeeded);
  const requiredFeatures = ['shader-f16', 'subgroups'].filter((feature) => adapter.features.has(feature));
  return adapter.requestDevice({ requiredFeatures });
}

/**
 * Refuses a shader of f16 where the GPU has none.
 * @throws UserError there.
 */
export function checkFeatures(owner: string, features: ReadonlySet<string>, isHalfNeeded: boolean): void {
  if (isHalfNeeded && !features.has('shader-f16'))
    throw new UserError(
      `${owner} is of f16, which the GPU that webgpu can use does not have`,
      'It takes one with the feature shader-f16; SwiftShader has none.',
    );
}

async function checkCompiled(owner: string, module: GpuShader): Promise<void> {
  const { messages } = await module.getCompilationInfo();
  const error = messages.find(({ type }) => type === 'error');
  if (error !== undefined)
    throw new UserError(`${owner} does not compile: ${error.lineNum}:${error.linePos}: ${error.message}`);
}

/** The call as the operation's function; what the operation does not read stays away from the shader. */
function kernelOf(operation: Operation, call: ShaderCall, format: FormatName): Kernel {
  const answer = async ({ logits, targets, upstream, rows, cols }: Batch): Promise<unknown> => {
    const numbers = await call({
      logits,
      rows,
      cols,
      ...(usesTargets(operation) && { targets }),
      ...(upstream !== null && { upstream }),
    });
    return answersBatch(operation) ? numbersIn(numbers, format)[0] : numbers;
  };
  return { [operation]: contractOf(operation, answer) } as Kernel;
}
