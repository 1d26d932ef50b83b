/**
 * Targets that are shared libraries: `lib:./libkernel.so#softmax`. They are called through koffi, which the user installs.
 * A library may crash its process, and one linked with -ffast-math makes it flush subnormals to zero: it is loaded where
 * nothing is judged.
 */
import { readFileSync } from 'node:fs';
import type { Target } from '../../core/target.ts';
import { locating, UserError } from '../../text/errors.ts';
import { inert, LONGEST_MESSAGE } from '../../text/inert.ts';
import { createTarget, formatsOf } from '../create.ts';
import { DECLARATION, declarationInJson } from '../declaration.ts';
import { describeThrown } from '../describe.ts';
import { isOfField } from '../names.ts';
import { packageUrl } from '../package.ts';
import type { Memory } from './arena.ts';
import { withParameters } from './declared-options.ts';
import { exportedNames } from './exported.ts';
import { withFormats } from './formats.ts';
import { type WantedFunction, wantedFunctions } from './functions.ts';
import { type NativeFunction, nativeKernel } from './kernel.ts';
import { withLayouts } from './layouts.ts';
import { absentOptions, nativeNotes } from './notes.ts';
import { LIBRARY_PREFIX, parseNativeSpecifier } from './specifier.ts';

/** What is used of koffi 3. */
interface Koffi {
  readonly version: string;
  readonly load: (path: string) => Library;
  readonly sizeof: (type: string) => number;
  readonly address: (memory: ArrayBuffer) => bigint;
  readonly decode: { readonly string: (pointer: unknown) => string };
}

interface Library {
  readonly func: (
    name: string,
    result: string,
    parameters: readonly string[],
  ) => (...args: number[]) => unknown;
  readonly symbol: (name: string) => unknown;
}

/**
 * The kernel in a shared library.
 * @throws UserError when koffi is not installed, the library does not load or lacks a function, or one cannot be called.
 */
export async function libraryTarget(specifier: string): Promise<Target> {
  const native = parseNativeSpecifier(specifier, LIBRARY_PREFIX);
  const koffi = await loadKoffi(specifier);
  return locating(`target ${specifier}`, () => {
    const library = load(koffi, native.file);
    const isThere = (symbol: string): boolean => find(library, symbol) !== undefined;
    const names =
      native.wanted.length > 0
        ? []
        : exportedNames(native.file, (name) => isOfField(name) && name !== DECLARATION, isThere);
    const declared = find(library, DECLARATION);
    if (declared === undefined) refuseHidden(native.file);
    const said = declared === undefined ? {} : declarationInJson(koffi.decode.string(declared), DECLARATION);
    const wanted = wantedFunctions(native, isThere, names, said);
    const declaration = withLayouts(withFormats(withParameters(said, wanted), wanted), wanted);
    const functions = wanted.map((each) => callable(each, library, native.file));
    const { kernel, inViews } = nativeKernel(
      functions,
      {
        memory: processMemory(koffi),
        sizeOf: koffi.sizeof,
      },
      formatsOf(declaration),
    );
    const target = createTarget(native.name, kernel, declaration, specifier);
    return { ...target, inViews, notes: nativeNotes(native, names, wanted) };
  });
}

async function loadKoffi(specifier: string): Promise<Koffi> {
  const url = await packageUrl(`target ${specifier} needs koffi to call C`, 'koffi');
  const { default: koffi } = (await import(url)) as { readonly default: Koffi };
  if (koffi.version.startsWith('3.')) return koffi;
  throw new UserError(
    `target ${specifier} needs koffi 3 to call C, and ${koffi.version} is installed here`,
    '`npm install koffi@3` in this folder brings it.',
  );
}

function load(koffi: Koffi, file: string): Library {
  try {
    return koffi.load(file);
  } catch (error) {
    throw new UserError(
      `it does not load: ${describeThrown(error)}`,
      'Expected a shared library for this machine: cc -O2 -shared -fPIC -o libkernel.so kernel.c -lm',
    );
  }
}

/**
 * In C++ a declaration without extern "C" has another name, or is of its file alone, and would be ignored.
 * @throws UserError when the file has such a one.
 */
function refuseHidden(file: string): void {
  const [hidden] = hiddenName.exec(readFileSync(file, 'latin1')) ?? [];
  if (hidden === undefined) return;
  throw new UserError(
    `it does not export its ${DECLARATION}: it has one that is called ${hidden}`,
    `In C++, write extern "C" const char ${DECLARATION}[] = "…"; at the top level. In C, leave out static.`,
  );
}

/** The name of a declaration in C++, or alone in a table of symbols. */
const hiddenName = new RegExp(`_Z\\w*${DECLARATION.length}${DECLARATION}\\w*|(?<=\\0)${DECLARATION}(?=\\0)`);

/** The address of what is called `symbol`. */
function find(library: Library, symbol: string): unknown {
  try {
    return library.symbol(symbol);
  } catch {
    return undefined;
  }
}

function callable(wanted: WantedFunction, library: Library, file: string): NativeFunction {
  const { symbol, binding, declaration, isGuess } = wanted;
  if (find(library, symbol) === undefined)
    throw new UserError(
      `it exports no function '${symbol}'`,
      `\`nm -D ${file}\` lists what it exports. In C++, declare the function extern "C".`,
    );
  // On stderr it stands beside a crash, which a wrong guess makes, and NULL that is read.
  const told = [...(isGuess ? [`${symbol} is called as ${declaration}`] : []), ...absentOptions(wanted)];
  for (const each of told) process.stderr.write(`${inert(each, LONGEST_MESSAGE)}\n`);
  const types = binding.parameters.map(({ type, isPointer }) => (isPointer ? 'void *' : type));
  const call = library.func(symbol, binding.result, types);
  return { binding, invoke: (args) => call(...args) };
}

/** Memory of this process: a buffer that is replaced by a larger one where it is too small. */
function processMemory({ address }: Koffi): Memory {
  const LINE = 64;
  let buffer = new ArrayBuffer(0);
  let base = 0;
  return {
    reserve(bytes) {
      if (buffer.byteLength < bytes + LINE) {
        buffer = new ArrayBuffer(2 * bytes + LINE);
        base = Number(address(buffer));
      }
      return (LINE - (base % LINE)) % LINE;
    },
    buffer: () => buffer,
    address: (offset) => base + offset,
  };
}
