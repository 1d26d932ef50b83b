/** What WebAssembly modules are given of what they import: the functions that a kernel in C leaves to its surroundings. */

type Imported = (...args: number[]) => unknown;

const { exp, expm1, log, log1p, log2, log10, pow, sqrt, tanh, floor, ceil, trunc, abs, max, min } = Math;

/** Of math.h. The same with `f` behind are these, rounded to FP32. */
const math: Readonly<Record<string, Imported>> = {
  exp,
  expm1,
  log,
  log1p,
  log2,
  log10,
  pow,
  sqrt,
  tanh,
  floor,
  ceil,
  trunc,
  exp2: (x) => 2 ** x,
  fabs: abs,
  // Unlike Math.max and Math.min they answer the number where the other is NaN.
  fmax: (a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : max(a, b)),
  fmin: (a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : min(a, b)),
};

/** What WASI answers to a call: there is no system. */
const ENOSYS = 52;

/** What {@link importedFunction} gives, for people. */
export const givenImports =
  'Given are env.expf and its kin of math.h, env.memcpy, memmove, memset and abort, and a WASI without a system.';

/** The function that `module` calls `name`, over the memory that it exports; undefined where there is none. */
export function importedFunction(
  module: string,
  name: string,
  memory: () => ArrayBuffer,
): Imported | undefined {
  if (module.startsWith('wasi_')) return name === 'proc_exit' ? endsWith('proc_exit') : () => ENOSYS;
  if (module !== 'env') return undefined;
  const bytes = (): Uint8Array => new Uint8Array(memory());
  const move: Imported = (to, from, count) => {
    bytes().copyWithin(to >>> 0, from >>> 0, (from >>> 0) + (count >>> 0));
    return to;
  };
  const fill: Imported = (to, value, count) => {
    bytes().fill(value, to >>> 0, (to >>> 0) + (count >>> 0));
    return to;
  };
  const others = { memcpy: move, memmove: move, memset: fill, abort: endsWith('abort') };
  if (Object.hasOwn(others, name)) return others[name as keyof typeof others];
  if (Object.hasOwn(math, name)) return math[name];
  const double = name.slice(0, -1);
  if (!(name.endsWith('f') && Object.hasOwn(math, double))) return undefined;
  return (...args) => Math.fround(math[double](...args) as number);
}

function endsWith(name: string): Imported {
  return (...args) => {
    throw new Error(`it called ${name}(${args.join(', ')})`);
  };
}
