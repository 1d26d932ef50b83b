/** Targets that are ES modules, loaded into this process. */
import { existsSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { locating, UserError } from '../core/errors.ts';
import { type Kernel, operationsOf } from '../core/kernel.ts';
import { operations } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import { createTarget } from './create.ts';
import { parseDeclaration } from './declaration.ts';
import { describeThrown } from './describe.ts';

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
  if (!(existsSync(file) && statSync(file).isFile()))
    throw new UserError(`target ${specifier}: there is no file ${file}`);
  let exports: Readonly<Record<string, unknown>>;
  try {
    exports = await import(pathToFileURL(file).href);
  } catch (error) {
    throw new UserError(
      `target ${specifier} does not load: ${describeThrown(error)}`,
      error instanceof SyntaxError ? `\`node --check ${path}\` may show where.` : undefined,
    );
  }
  const kernel = exportName === null ? exports : namedKernel(exports, exportName, specifier);
  if (operationsOf(kernel).length === 0) {
    const names = describeNames(exportName ?? 'the module', kernel);
    throw new UserError(`target ${specifier} has nothing to judge: ${names}`, expected);
  }
  return locating(`target ${specifier}`, () =>
    createTarget(moduleName(path, exportName), kernel, parseDeclaration(exports['target']), specifier),
  );
}

/** How a module is called that does not name itself: by its file and the export. */
export function moduleName(path: string, exportName: string | null): string {
  return [basename(path).replace(/\.[^.]+$/, ''), exportName].filter((part) => part !== null).join('#');
}

function namedKernel(exports: Readonly<Record<string, unknown>>, name: string, specifier: string): Kernel {
  const value = exports[name];
  if (typeof value === 'function') {
    const operation = operations.find((each) => each === name) ?? 'softmax';
    return { [operation]: value } as Kernel;
  }
  if (typeof value === 'object' && value !== null) return value;
  const names = describeNames('the module', exports);
  throw new UserError(`target ${specifier} has no function '${name}': ${names}`, expected);
}

function describeNames(owner: string, exports: object): string {
  return `${owner} exports ${Object.keys(exports).join(', ') || 'nothing'}`;
}
