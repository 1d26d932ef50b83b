/** WebAssembly modules for tests, put together byte by byte. */

const I32 = 0x7f;
const F32 = 0x7d;

/** A function with i32 parameters and as many locals of each type; its body is without the final end. */
export interface WasmFunction {
  readonly parameters: number;
  /** What it returns: an f32, an i32 or nothing. */
  readonly result?: 'f32' | 'i32';
  /** After the parameters, first i32, then f32. */
  readonly locals?: readonly [i32: number, f32: number];
  readonly body: readonly number[];
}

/** What a module has. Imported functions take and return an f32 each, and come first in the order of functions. */
export interface WasmModule {
  readonly imports?: readonly (readonly [module: string, name: string])[];
  readonly functions: Readonly<Record<string, WasmFunction>>;
  /** Pages of memory, which is exported. @defaultValue 1 */
  readonly pages?: number | null;
  /** What the memory may grow to. */
  readonly mostPages?: number;
  /** A string at the address 16, exported as a global of this name. */
  readonly text?: readonly [name: string, text: string];
}

const bytes = (text: string): number[] => [...Buffer.from(text)];
const vector = (items: readonly (readonly number[])[]): number[] => [...leb(items.length), ...items.flat()];
const string = (text: string): number[] => vector(bytes(text).map((byte) => [byte]));
const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...leb(content.length),
  ...content,
];

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
}

/** The bytes of the module. */
export function encodeWasm({ imports = [], functions, pages = 1, mostPages, text }: WasmModule): Uint8Array {
  const defined = Object.entries(functions);
  const results = { f32: [1, F32], i32: [1, I32], none: [0] };
  const types = [
    [0x60, 1, F32, 1, F32],
    ...defined.map(([, { parameters, result }]) => [
      0x60,
      ...vector(Array.from({ length: parameters }, () => [I32])),
      ...results[result ?? 'none'],
    ]),
  ];
  const code = defined.map(([, { locals: [i32, f32] = [0, 0], body }]) => {
    const content = [2, ...leb(i32), I32, ...leb(f32), F32, ...body, 0x0b];
    return [...leb(content.length), ...content];
  });
  const limits =
    mostPages === undefined ? [0, ...leb(pages ?? 0)] : [1, ...leb(pages ?? 0), ...leb(mostPages)];
  const exported = [
    ...defined.map(([name], k) => [...string(name), 0, ...leb(imports.length + k)]),
    ...(pages === null ? [] : [[...string('memory'), 2, 0]]),
    ...(text === undefined ? [] : [[...string(text[0]), 3, 0]]),
  ];
  return Uint8Array.from([
    ...[...bytes('\0asm'), 1, 0, 0, 0],
    ...section(1, vector(types)),
    ...section(2, vector(imports.map(([module, name]) => [...string(module), ...string(name), 0, 0]))),
    ...section(3, vector(defined.map((_, k) => leb(k + 1)))),
    ...(pages === null ? [] : section(5, vector([limits]))),
    ...(text === undefined ? [] : section(6, vector([[I32, 0, 0x41, 16, 0x0b]]))),
    ...section(7, vector(exported)),
    ...section(10, vector(code)),
    ...(text === undefined ? [] : section(11, vector([[0, 0x41, 16, 0x0b, ...string(`${text[1]}\0`)]]))),
  ]);
}

/** The instructions that are used, with their operands. */
export const op = {
  get: (local: number) => [0x20, local],
  set: (local: number) => [0x21, local],
  i32: (value: number) => [0x41, value],
  f32: (value: number) => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)],
  call: (index: number) => [0x10, index],
  load: [0x2a, 2, 0],
  store: [0x38, 2, 0],
  add: [0x6a],
  times4: [0x41, 2, 0x74],
  fadd: [0x92],
  fdiv: [0x95],
  toFloat: [0xb3],
  unreachable: [0x00],
  drop: [0x1a],
  growByOne: [0x41, 1, 0x40, 0],
} as const;

/** Repeats `body` for `local` from 0 to below the i32 in the local `count`, which is at least 1. */
export function loop(local: number, count: number, body: readonly number[]): number[] {
  return [
    ...[...op.i32(0), ...op.set(local), 0x03, 0x40],
    ...body,
    ...[...op.get(local), ...op.i32(1), ...op.add, ...op.set(local)],
    ...[...op.get(local), ...op.get(count), 0x49, 0x0d, 0, 0x0b],
  ];
}

/** The address of element `index` of the array at the address in `array`, both locals. */
export const at = (array: number, index: number): number[] => [
  ...op.get(array),
  ...op.get(index),
  ...op.times4,
  ...op.add,
];

/** A softmax of one row, (x, y, n), that forgets to subtract the max and calls the imported function 0 as exp. */
export const forgetfulRow: WasmFunction = {
  parameters: 3,
  locals: [1, 1],
  body: [
    ...loop(3, 2, [
      ...[...at(1, 3), ...at(0, 3), ...op.load, ...op.call(0), ...op.store],
      ...[...op.get(4), ...at(1, 3), ...op.load, ...op.fadd, ...op.set(4)],
    ]),
    ...loop(3, 2, [...at(1, 3), ...at(1, 3), ...op.load, ...op.get(4), ...op.fdiv, ...op.store]),
  ],
};
