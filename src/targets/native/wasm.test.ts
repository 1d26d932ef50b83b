import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runHere, temporaryFolders } from '../../../properties/support/command.ts';
import { at, encodeWasm, forgetfulRow, op, type WasmModule } from '../../../properties/support/wasm.ts';
import { batchOf, createBatch } from '../../core/batch.ts';
import { callKernel, operationsOf } from '../../core/kernel.ts';
import { UserError } from '../../text/errors.ts';
import { observe } from '../observe.ts';
import { wasmTarget } from './wasm.ts';

const folder = temporaryFolders()();
const EXP: readonly (readonly [string, string])[] = [['env', 'expf']];
const ROW = 'void row_softmax(const float *x, float *y, int n)';
let files = 0;

/** The specifier of a module. */
function moduleOf(module: WasmModule, functions = ''): string {
  const file = join(folder, `kernel-${++files}.wasm`);
  writeFileSync(file, encodeWasm(module));
  return `wasm:${file}${functions === '' ? '' : `#${functions}`}`;
}

/** A function of a row that ends with these instructions; its locals are x, y, n, i and the sum. */
const rowThat = (...then: readonly number[]) => ({
  ...forgetfulRow,
  body: [...forgetfulRow.body, ...then],
});
const loadRow = (...then: readonly number[]) =>
  wasmTarget(moduleOf({ imports: EXP, functions: { row_softmax: rowThat(...then) } }, ROW));

describe('wasmTarget', () => {
  it('should call functions over the memory of the module, as declared', async () => {
    const target = await loadRow();
    expect([target.name, operationsOf(target.kernel)]).toEqual([`kernel-${files}#row_softmax`, ['softmax']]);
    const batch = batchOf([
      [1, 1],
      [0, -Infinity],
    ]);
    expect(callKernel(target.kernel, 'softmax', batch)).toEqual(Float32Array.of(0.5, 0.5, 1, 0));
  });

  it('should be given options of a loss: arrays by their addresses, numbers, and what stands for none', async () => {
    const body = [...op.get(2), ...op.load, ...op.get(5), ...op.toFloat, ...op.fadd];
    const target = await wasmTarget(
      moduleOf(
        { functions: { cross_entropy: { parameters: 6, result: 'f32', body } } },
        'float cross_entropy(const float *x, const int *t, const float *weight, int rows, int cols, int ignore_index)',
      ),
    );
    const batch = batchOf([[1, 2]]);
    const answer = (options: object) => callKernel(target.kernel, 'crossEntropy', { ...batch, options });
    expect(answer({ classWeights: Float32Array.of(2, 1), ignoreIndex: 5 })).toBe(7);
    expect(answer({ ignoreIndex: 5 })).toBe(5); // At NULL there is 0.
    expect(answer({})).toBe(2 ** 32); // Of -100 without its sign, in FP32.
  });

  it('should make room for what does not fit, also where memory grows meanwhile', async () => {
    const target = await loadRow(...op.growByOne, ...op.drop);
    for (const cols of [3, 20_000, 3, 50_000]) {
      const batch = createBatch(1, cols, new Float32Array(cols));
      const observed = await observe(target, 'softmax', batch);
      expect(observed).toMatchObject({ status: 'answered', output: new Float32Array(cols).fill(1 / cols) });
    }
  });

  it('should say so where there is no room', async () => {
    const specifier = moduleOf({ imports: EXP, functions: { row_softmax: forgetfulRow }, mostPages: 2 }, ROW);
    const { kernel, ...target } = await wasmTarget(specifier);
    expect(await observe({ kernel, ...target }, 'softmax', batchOf([[1]]))).toMatchObject({
      status: 'answered',
    });
    const large = createBatch(1, 20_000, new Float32Array(20_000));
    expect(await observe({ kernel, ...target }, 'softmax', large)).toEqual({
      status: 'threw',
      detail: expect.stringMatching(/^its memory of 131072 bytes cannot grow by \d+ for the arguments$/),
    });
  });

  it('should lay arguments where its malloc says', async () => {
    const functions = {
      malloc: { parameters: 1, result: 'i32', body: [0x41, 0x80, 0x20] }, // 4096
      lse_of_row: { parameters: 2, result: 'f32', body: [...op.get(0), ...op.toFloat] },
    } as const;
    const target = await wasmTarget(moduleOf({ functions }, 'float lse_of_row(const float *x, int n)'));
    const [address] = (await callKernel(target.kernel, 'logSumExp', batchOf([[5]]))) as Float32Array;
    expect(address).toBeGreaterThanOrEqual(4096);
    expect(address).toBeLessThan(8192);
    expect(address % 64).toBe(0);
  });

  it('should begin afresh after a trap', async () => {
    const place = [0x41, 0xd0, 0x0f]; // 2000, where the memory holds 0 at first
    const lseOfRow = {
      parameters: 2,
      result: 'f32',
      locals: [0, 1],
      body: [
        ...[...place, ...op.load, ...op.set(2), ...place, ...op.f32(1), ...op.store],
        ...[...op.get(1), ...op.i32(2), 0x46, 0x04, 0x40, ...op.unreachable, 0x0b], // if (n == 2)
        ...op.get(2),
      ],
    } as const;
    const { kernel, ...target } = await wasmTarget(
      moduleOf({ functions: { lseOfRow } }, 'float lseOfRow(const float *x, int n)'),
    );
    const call = (cols: number) =>
      observe({ kernel, ...target }, 'logSumExp', createBatch(1, cols, new Float32Array(cols)));
    const answer = (value: number) => ({ status: 'answered', output: Float32Array.of(value) });
    expect(await call(1)).toMatchObject(answer(0));
    expect(await call(1)).toMatchObject(answer(1));
    expect(await call(2)).toEqual({ status: 'threw', detail: 'RuntimeError: unreachable' });
    expect(await call(1)).toMatchObject(answer(0));
  });

  it('should see what is written beside an array', async () => {
    const behind = await loadRow(...at(1, 2), ...op.f32(7), ...op.store);
    expect(await observe(behind, 'softmax', batchOf([[1, 2]]))).toEqual({
      status: 'bad-shape',
      detail: 'it wrote to out[2], and out has 2',
    });
  });

  it('should read what the module declares', async () => {
    const text = ['softmax_fuzz_target', '{"name":"mine","profile":"online"}'] as const;
    const specifier = moduleOf({ imports: EXP, functions: { row_softmax: forgetfulRow }, text }, ROW);
    expect(await wasmTarget(specifier)).toMatchObject({ name: 'mine', profile: 'online' });
  });

  it.each<[string, WasmModule, string, string, RegExp]>([
    [
      'an import that is not given',
      { imports: [['env', 'erff']], functions: {} },
      '',
      'it imports env.erff, a function',
      /^Given are env\.expf/,
    ],
    [
      'an import of another module',
      { imports: [['js', 'expf']], functions: {} },
      '',
      'it imports js.expf, a function',
      /^Given are/,
    ],
    ['no memory', { functions: {}, pages: null }, '', 'it exports no memory', /^The linker wasm-ld/],
    [
      'no such function',
      { functions: { f: forgetfulRow }, imports: EXP },
      'g',
      "it exports no function 'g': it exports f, memory",
      /--export=g/,
    ],
    [
      'no conventional name',
      { functions: { f: forgetfulRow }, imports: EXP },
      '',
      'it has no function with a name like',
      /^Name one: 'wasm:/,
    ],
    [
      'a name that is like one',
      { functions: { row_softmax: forgetfulRow }, imports: EXP },
      '',
      'it has no function with a name like softmax, log_softmax, logsumexp, cross_entropy or softmax_backward: it exports row_softmax',
      /#void row_softmax\(const float \*logits, /,
    ],
    [
      'another prototype',
      { functions: { softmax: forgetfulRow }, imports: EXP },
      'softmax',
      'softmax takes 3 arguments, and void softmax(const float *logits, float *out, int rows, int cols) has 4',
      /^Write its declaration/,
    ],
  ])(
    'should say what is wrong with a module that has %s',
    async (_what, module, functions, message, hint) => {
      const specifier = moduleOf(module, functions);
      const error = await wasmTarget(specifier).catch((reason) => reason);
      expect(error).toBeInstanceOf(UserError);
      expect(error.message).toContain(`target ${specifier}: ${message}`);
      expect(error.hint).toMatch(hint);
    },
  );

  it('should say what is wrong with a file that is none', async () => {
    const file = join(folder, 'text.wasm');
    writeFileSync(file, 'no module');
    await expect(wasmTarget(`wasm:${file}`)).rejects.toThrow(/: it does not load: CompileError: /);
    await expect(wasmTarget('wasm:./none.wasm')).rejects.toThrow(/: there is no file /);
  });
});

describe('a WebAssembly module', () => {
  it('should be found to do the same in either process', async () => {
    const specifier = moduleOf({ imports: EXP, functions: { row_softmax: forgetfulRow } }, ROW);
    const args = ['fuzz', specifier, '--seed', '1', '--runs', '20', '--cols', '2', '--json', '-'];
    const outcomes = [];
    for (const how of [[], ['--in-process']]) {
      const { code, stdout } = await runHere([...args, ...how], { cwd: folder });
      outcomes.push([code, stdout.replace(/"(elapsedMs|date)": ?[^\n]+/g, '')]);
    }
    expect(outcomes[0]).toEqual(outcomes[1]);
    expect(outcomes[0]).toEqual([1, expect.stringContaining('"softmax/nan/exp-overflow"')]);
  });
});
