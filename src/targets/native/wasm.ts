/**
 * Targets that are WebAssembly modules: `wasm:./kernel.wasm#softmax`. A module exports its memory, and functions that have
 * declarations in C; a pointer is an offset into the memory.
 */
import { readFileSync } from 'node:fs';
import type { Declaration, Target } from '../../core/target.ts';
import { locating, UserError } from '../../text/errors.ts';
import { createTarget, formatsOf } from '../create.ts';
import { DECLARATION, declarationInJson } from '../declaration.ts';
import { isOfField } from '../names.ts';
import { withParameters } from './declared-options.ts';
import { withFormats } from './formats.ts';
import { type WantedFunction, wantedFunctions } from './functions.ts';
import { type NativeFunction, nativeKernel } from './kernel.ts';
import { withLayouts } from './layouts.ts';
import { nativeNotes } from './notes.ts';
import { parseNativeSpecifier, WASM_PREFIX } from './specifier.ts';
import { createInstance, type WasmInstance } from './wasm-instance.ts';

/**
 * The kernel in a WebAssembly module.
 * @throws UserError when it does not load, imports what it is not given, exports no memory, lacks a function, or one cannot
 * be called.
 */
export async function wasmTarget(specifier: string): Promise<Target> {
  const native = parseNativeSpecifier(specifier, WASM_PREFIX);
  return locating(`target ${specifier}`, () => {
    const instance = createInstance(readFileSync(native.file));
    const isThere = (symbol: string): boolean => typeof instance.exports()[symbol] === 'function';
    const names = Object.keys(instance.exports()).filter((name) => isThere(name) && isOfField(name));
    const said = declarationOf(instance);
    const wanted = wantedFunctions(native, isThere, names, said);
    const declaration = withLayouts(withFormats(withParameters(said, wanted), wanted), wanted);
    const functions = wanted.map((each) => callable(each, instance));
    const { kernel, inViews } = nativeKernel(
      functions,
      { memory: instance.memory, sizeOf },
      formatsOf(declaration),
    );
    const target = createTarget(native.name, kernel, declaration, specifier);
    return { ...target, inViews, notes: nativeNotes(native, names, wanted) };
  });
}

/** The size of a type on wasm32. */
function sizeOf(type: string): number {
  if (type === 'uint8_t') return 1;
  return /long long|64_t|double/.test(type) ? 8 : 4;
}

function callable({ symbol, binding, declaration }: WantedFunction, instance: WasmInstance): NativeFunction {
  const find = (): unknown => instance.exports()[symbol];
  const { parameters } = binding;
  const exported = find();
  if (typeof exported !== 'function')
    throw new UserError(
      `it exports no function '${symbol}': it exports ${Object.keys(instance.exports()).join(', ')}`,
      `With clang, -Wl,--export=${symbol} exports it.`,
    );
  if (exported.length !== parameters.length)
    throw new UserError(
      `${symbol} takes ${exported.length} arguments, and ${declaration} has ${parameters.length}`,
      'Write its declaration in place of its name.',
    );
  const isWide = parameters.map(
    ({ type, isPointer }) => !isPointer && sizeOf(type) === 8 && type !== 'double',
  );
  return {
    binding,
    invoke(args) {
      try {
        return (find() as (...args: unknown[]) => unknown)(
          ...args.map((arg, k) => (isWide[k] ? BigInt(arg) : arg)),
        );
      } catch (error) {
        instance.restart(); // What was on its stack is still there.
        throw error;
      }
    },
  };
}

/** What the module declares in a string that it exports. */
function declarationOf({ exports, memory }: WasmInstance): Declaration {
  const address = (exports()[DECLARATION] as { readonly value?: unknown } | undefined)?.value;
  if (typeof address !== 'number') return {};
  const bytes = Buffer.from(memory.buffer(), address);
  return declarationInJson(bytes.toString('utf8', 0, bytes.indexOf(0)), DECLARATION);
}
