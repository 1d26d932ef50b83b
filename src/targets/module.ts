/** Targets that are ES modules, loaded into this process. */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '../core/errors.ts';
import { type Kernel, operationsOf } from '../core/kernel.ts';
import { operations } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import { createTarget } from './create.ts';
import { parseDeclaration } from './declaration.ts';

const expected = `Export at least one of ${operations.join(', ')}, or name one softmax function: ./file.mjs#name.`;

/**
 * The kernel that the module at `path` exports, or its single export `exportName`: a softmax function, unless it
 * is called as another operation or is an object of operations.
 * @throws UserError when there is no such file, it does not load, or it exports nothing that can be judged.
 */
export async function moduleTarget(
  specifier: string,
  path: string,
  exportName: string | null,
): Promise<Target> {
  const file = resolve(path);
  if (!existsSync(file)) throw new UserError(`target ${specifier}: there is no file ${file}`);
  let exports: Readonly<Record<string, unknown>>;
  try {
    exports = await import(pathToFileURL(file).href);
  } catch (error) {
    throw new UserError(
      `target ${specifier} does not load: ${error instanceof Error ? error.message : error}`,
    );
  }
  const kernel = exportName === null ? exports : namedKernel(exports, exportName, specifier);
  if (operationsOf(kernel).length === 0) {
    throw new UserError(`target ${specifier} has nothing to judge: ${describeExports(exports)}`, expected);
  }
  const name = [basename(file).replace(/\.[^.]+$/, ''), exportName].filter((part) => part !== null).join('#');
  return createTarget(name, kernel, parseDeclaration(exports['target'], specifier), specifier);
}

function namedKernel(exports: Readonly<Record<string, unknown>>, name: string, specifier: string): Kernel {
  const value = exports[name];
  if (typeof value === 'function') {
    const operation = operations.find((each) => each === name) ?? 'softmax';
    return { [operation]: value } as Kernel;
  }
  if (typeof value === 'object' && value !== null) return value;
  throw new UserError(`target ${specifier} has no function '${name}': ${describeExports(exports)}`, expected);
}

function describeExports(exports: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(exports);
  return names.length === 0 ? 'the module exports nothing' : `the module exports ${names.join(', ')}`;
}
