/** Kernels that answer what they are given, number for number, however they are reached. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Batch } from '../../src/core/batch.ts';
import type { Operation } from '../../src/core/operation.ts';
import { usesTargets, usesUpstream } from '../../src/core/operation.ts';
import { compileLibrary, hasCompiler } from './library.ts';
import { at, encodeWasm, loop, op } from './wasm.ts';

/** The operations that echo: each gives back another of its arrays. */
export const echoed = ['softmax', 'crossEntropyGrad', 'softmaxGrad'] as const satisfies readonly Operation[];

/** What a kernel that echoes answers: its logits, a row's class in the row's first place, or its upstream values. */
export function echoOf(operation: Operation, { logits, targets, upstream, rows, cols }: Batch): number[] {
  if (usesUpstream(operation)) return Array.from(upstream ?? new Float32Array(rows * cols).fill(1));
  const numbers = Array.from(logits);
  if (usesTargets(operation)) for (let r = 0; r < rows; r++) numbers[r * cols] = targets[r];
  return numbers;
}

const module = `
export const softmax = (logits, rows, cols) => checked(logits, rows * cols).slice();
export function crossEntropyGrad(logits, targets, rows, cols) {
  const answer = checked(logits, rows * cols).slice();
  checked(targets, rows).forEach((target, r) => { answer[r * cols] = target; });
  return answer;
}
export function softmaxGrad(upstream, logits, rows, cols) {
  checked(logits, rows * cols);
  return checked(upstream, rows * cols).slice();
}
function checked(numbers, length) {
  if (numbers.length !== length) throw new Error(\`\${numbers.length} numbers for \${length}\`);
  return numbers;
}`;

/** The same by the protocol's page. */
const program = `
import { readSync, writeSync } from 'node:fs';
const bytesOf = (numbers) => Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
function send(type, id, floats, text) {
  const header = Uint32Array.of(0x5a464d53, 1, type, id, 0, 0, 0, 0, floats.length, 0, 0, text.length);
  writeSync(1, Buffer.concat([bytesOf(header), bytesOf(floats), Buffer.from(text)]));
}
function read(length) {
  const bytes = Buffer.from(new ArrayBuffer(length));
  for (let at = 0, count; at < length; at += count) {
    count = readSync(0, bytes, at, length - at);
    if (count === 0) process.exit();
  }
  return bytes.buffer;
}
send(0, 0, new Float32Array(), '{"name":"echo","operations":["softmax","crossEntropyGrad","softmaxGrad"]}');
for (;;) {
  const [, , , id, operation, rows, cols, , floats, ints, upstreams, text] = new Uint32Array(read(48));
  const logits = new Float32Array(read(4 * floats));
  const targets = new Int32Array(read(4 * ints));
  const upstream = new Float32Array(read(4 * upstreams));
  read(text);
  targets.forEach((target, r) => { logits[r * cols] = target; });
  send(2, id, operation === 6 ? upstream : logits, '');
}`;

const library = `
void softmax(const float *logits, float *out, int rows, int cols) {
  for (int k = 0; k < rows * cols; k++) out[k] = logits[k];
}
void cross_entropy_grad(const float *logits, const int *targets, float *out, int rows, int cols) {
  for (int k = 0; k < rows * cols; k++) out[k] = k % cols == 0 ? targets[k / cols] : logits[k];
}
void softmax_grad(const float *upstream, const float *logits, float *out, int rows, int cols) {
  (void)logits;
  for (int k = 0; k < rows * cols; k++) out[k] = upstream[k];
}
`;

/** The instructions that copy n numbers from the array x to the array y, all of them locals, counting in i. */
const copy = (x: number, y: number, n: number, i: number): number[] =>
  loop(i, n, [...at(y, i), ...at(x, i), ...op.load, ...op.store]);

/** By rows: (x, y, n), (x, target, y, n) and (upstream, x, y, n). */
const wasm = encodeWasm({
  functions: {
    row_softmax: { parameters: 3, locals: [1, 1], body: copy(0, 1, 2, 3) },
    row_cross_entropy_grad: {
      parameters: 4,
      locals: [1, 1],
      body: [...copy(0, 2, 3, 4), ...op.get(2), ...op.get(1), ...op.toFloat, ...op.store],
    },
    row_softmax_grad: { parameters: 4, locals: [1, 1], body: copy(0, 2, 3, 4) },
  },
});
const wasmFunctions = [
  'void row_softmax(const float *x, float *y, int n)',
  'void row_cross_entropy_grad(const float *x, int target, float *y, int n)',
  'void row_softmax_grad(const float *upstream, const float *x, float *y, int n)',
].join(',');

/** Puts the kernels into `folder`, and gives their specifiers by how they are reached; a library where it can be compiled. */
export function echoSpecifiers(folder: string): Readonly<Record<'module' | 'program' | 'wasm', string>> & {
  readonly library: string | null;
} {
  writeFileSync(join(folder, 'echo.mjs'), module);
  writeFileSync(join(folder, 'program.mjs'), program);
  writeFileSync(join(folder, 'echo.wasm'), wasm);
  if (hasCompiler) compileLibrary(folder, 'libecho', library);
  return {
    module: join(folder, 'echo.mjs'),
    program: `cmd:'${process.execPath}' '${join(folder, 'program.mjs')}'`,
    wasm: `wasm:${join(folder, 'echo.wasm')}#${wasmFunctions}`,
    library: hasCompiler ? `lib:${join(folder, 'libecho.so')}` : null,
  };
}
