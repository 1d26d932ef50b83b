/** Instances of WebAssembly modules: what they import, what they export, and room in their memory. */
import { UserError } from '../../text/errors.ts';
import { CallFailure } from '../call-failure.ts';
import { describeThrown } from '../describe.ts';
import type { Memory } from './arena.ts';
import { givenImports, importedFunction } from './wasm-imports.ts';

type Exports = Readonly<Record<string, unknown>>;
type Exported = (...args: unknown[]) => unknown;

/** What is used of the engine's API, of which Node's types say nothing. */
interface WebAssemblyApi {
  readonly Module: {
    new (bytes: Uint8Array): object;
    imports: (module: object) => readonly { module: string; name: string; kind: string }[];
  };
  readonly Instance: new (module: object, imports: object) => { readonly exports: Exports };
  readonly Memory: new (limits: object) => WasmMemory;
}

interface WasmMemory {
  readonly buffer: ArrayBuffer;
  readonly grow: (pages: number) => number;
}

const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };

/** A module that runs, and can be started afresh. */
export interface WasmInstance {
  readonly exports: () => Exports;
  readonly memory: Memory;
  /** Forgets everything that the instance has in memory. */
  readonly restart: () => void;
}

/**
 * An instance of the module in `bytes`.
 * @throws UserError when it does not load, imports what it is not given, or exports no memory.
 */
export function createInstance(bytes: Uint8Array): WasmInstance {
  const module = loading(() => new WebAssembly.Module(bytes));
  const imports: Record<string, Record<string, unknown>> = {};
  let memory: WasmMemory | undefined;
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    const given =
      kind === 'function' ? importedFunction(from, name, () => memoryOf(memory).buffer) : undefined;
    if (given === undefined) throw new UserError(`it imports ${from}.${name}, a ${kind}`, givenImports);
    imports[from] = { ...imports[from], [name]: given };
  }
  let room: Memory;
  const start = (): Exports => {
    const { exports } = loading(() => new WebAssembly.Instance(module, imports));
    memory = Object.values(exports).find((each) => each instanceof WebAssembly.Memory);
    room = roomIn(memoryOf(memory), exports);
    if (typeof exports['_initialize'] === 'function') loading(exports['_initialize'] as Exported);
    return exports;
  };
  let current = start();
  return {
    exports: () => current,
    memory: {
      reserve: (count) => room.reserve(count),
      buffer: () => room.buffer(),
      address: (offset) => room.address(offset),
    },
    restart() {
      current = start();
    },
  };
}

function memoryOf(memory: WasmMemory | undefined): WasmMemory {
  if (memory !== undefined) return memory;
  throw new UserError(
    'it exports no memory',
    'The linker wasm-ld exports it unless --import-memory is given.',
  );
}

function loading<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`it does not load: ${describeThrown(error)}`);
  }
}

const PAGE = 65536;
const LINE = 64;

/**
 * Room for arguments: what the module's own malloc or alloc gives, so that both know of it, or else pages that are added
 * behind everything that there is.
 */
function roomIn(memory: WasmMemory, exports: Exports): Memory {
  const allocate = exports['malloc'] ?? exports['alloc'];
  let begin = 0;
  let end = 0;
  const byAllocator = (bytes: number): void => {
    const start = Number((allocate as Exported)(bytes + LINE)) >>> 0;
    if (start === 0)
      throw new CallFailure('threw', `its malloc gave nothing for ${bytes} bytes of arguments`);
    begin = Math.ceil(start / LINE) * LINE;
    end = start + bytes + LINE;
  };
  const byGrowth = (bytes: number): void => {
    const size = memory.buffer.byteLength;
    if (end !== size) begin = size;
    try {
      memory.grow(Math.ceil((begin + bytes - size) / PAGE));
    } catch {
      throw new CallFailure('threw', `its memory of ${size} bytes cannot grow by ${bytes} for the arguments`);
    }
    end = memory.buffer.byteLength;
  };
  return {
    reserve(bytes) {
      if (begin + bytes > end) (typeof allocate === 'function' ? byAllocator : byGrowth)(bytes);
      return begin;
    },
    buffer: () => memory.buffer,
    address: (offset) => offset,
  };
}
