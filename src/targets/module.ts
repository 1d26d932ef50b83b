/** Targets that are ES modules or packages, loaded into this process. */
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { locating, UserError } from '../core/errors.ts';
import { type Kernel, operationsOf } from '../core/kernel.ts';
import { type Operation, operations } from '../core/operation.ts';
import type { Placement } from '../core/placement.ts';
import type { Target } from '../core/target.ts';
import { createTarget } from './create.ts';
import { parseDeclaration } from './declaration.ts';
import { describeThrown } from './describe.ts';
import { existingFile, splitName } from './file.ts';
import { PACKAGE_PREFIX, packageUrl } from './package.ts';
import {
  adaptFunction,
  type ForeignFunction,
  guessSignature,
  parseSignature,
  type Role,
} from './signature.ts';

const expected = `Export at least one of ${operations.join(', ')}, or name one softmax function: ./file.mjs#name.`;

/**
 * The kernel that `./module.mjs` or `npm:package` exports, or its single export in `./module.mjs#export`: a softmax
 * function, unless it is called as another operation or is an object of operations. The export may have a signature behind
 * it, `#softmax(row)`; where a function of one argument has none, it is guessed, and shown in the target's name.
 * @throws UserError when there is no such file, it does not load, or it exports nothing that can be judged.
 */
export async function moduleTarget(specifier: string): Promise<Target> {
  const { path, name: exportName } = splitName(specifier);
  const url = await urlOf(specifier, path);
  let exports: Readonly<Record<string, unknown>>;
  try {
    exports = await import(url);
  } catch (error) {
    throw new UserError(`target ${specifier} does not load: ${describeThrown(error)}`, loadHint(error, path));
  }
  const {
    kernel,
    called = exportName,
    inViews,
  }: NamedKernel = exportName === null
    ? { kernel: exports }
    : await namedKernel(exports, exportName, specifier);
  if (operationsOf(kernel).length === 0) {
    const names = describeNames(exportName ?? 'the module', kernel);
    throw new UserError(`target ${specifier} has nothing to judge: ${names}`, expected);
  }
  return locating(`target ${specifier}`, () => ({
    ...createTarget(moduleName(path, called), kernel, parseDeclaration(exports['target']), specifier),
    ...(inViews && { inViews }),
  }));
}

/** What to do about a module that does not load. Node takes a `.js` for CommonJS where its package.json does not say otherwise. */
function loadHint(error: unknown, path: string): string | undefined {
  if (!(error instanceof SyntaxError)) return undefined;
  if (
    /\.js$/.test(path) &&
    /'export'|import statement|'import\.meta'|await is only valid/.test(error.message)
  )
    return `Node takes it for CommonJS: name it ${basename(path, '.js')}.mjs, or write "type": "module" into its package.json.`;
  return `\`node --check ${path}\` may show where.`;
}

/** How a module is called that does not name itself: by its file and the export. */
function moduleName(path: string, exportName: string | null): string {
  const name = path.startsWith(PACKAGE_PREFIX) ? path : basename(path).replace(/\.[^.]+$/, '');
  return [name, exportName].filter((part) => part !== null).join('#');
}

/** A kernel, and what its export is called where a signature was guessed. */
interface NamedKernel extends Pick<Target, 'kernel' | 'inViews'> {
  readonly called?: string | null;
}

/** The kernel of a function with a signature. */
function adapted(
  implementation: ForeignFunction,
  operation: Operation,
  signature: readonly Role[],
): Pick<Target, 'kernel' | 'inViews'> {
  const kernelOf = (placement: Placement | null): Kernel =>
    adaptFunction(implementation, operation, signature, placement);
  return { kernel: kernelOf(null), inViews: kernelOf };
}

async function namedKernel(
  exports: Readonly<Record<string, unknown>>,
  called: string,
  specifier: string,
): Promise<NamedKernel> {
  const [, name, list] = /^([^()]*)(\(.*)?$/s.exec(called) as RegExpExecArray;
  const value = exports[name];
  if (typeof value === 'function') {
    const operation = operations.find((each) => each === name) ?? 'softmax';
    if (list !== undefined) {
      const signature = locating(`target ${specifier}`, () => parseSignature(list));
      return adapted(value as ForeignFunction, operation, signature);
    }
    const guess = await guessSignature(value as ForeignFunction, operation);
    if (guess === undefined) return { kernel: { [operation]: value } as Kernel };
    return {
      ...adapted(value as ForeignFunction, operation, guess),
      called: `${name}(${guess.join(', ')})`,
    };
  }
  if (typeof value === 'object' && value !== null && list === undefined) return { kernel: value };
  const names = describeNames('the module', exports);
  throw new UserError(`target ${specifier} has no function '${name}': ${names}`, expected);
}

/**
 * Where the module is.
 * @throws UserError when there is no such file or package.
 */
async function urlOf(specifier: string, path: string): Promise<string> {
  if (path.startsWith(PACKAGE_PREFIX))
    return packageUrl(`target ${specifier}`, path.slice(PACKAGE_PREFIX.length));
  return pathToFileURL(existingFile(`target ${specifier}`, path)).href;
}

function describeNames(owner: string, exports: object): string {
  return `${owner} exports ${Object.keys(exports).join(', ') || 'nothing'}`;
}
