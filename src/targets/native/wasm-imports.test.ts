import { describe, expect, it } from 'vitest';
import { importedFunction } from './wasm-imports.ts';

const memory = Uint8Array.from({ length: 16 }, (_, k) => k).buffer;
const given = (name: string, module = 'env') => importedFunction(module, name, () => memory);

describe('importedFunction', () => {
  it('should give the functions of math.h, in FP32 where they end in f', () => {
    expect(given('exp')?.(1)).toBe(Math.E);
    expect(given('expf')?.(1)).toBe(Math.fround(Math.E));
    expect(given('exp2f')?.(0.5)).toBe(Math.fround(Math.SQRT2));
    expect(given('powf')?.(2, -1)).toBe(0.5);
    expect([
      given('fmaxf')?.(Number.NaN, 1),
      given('fmaxf')?.(1, Number.NaN),
      given('fmaxf')?.(1, 2),
    ]).toEqual([1, 1, 2]);
    expect([given('fmin')?.(Number.NaN, 1), given('fmin')?.(1, Number.NaN), given('fmin')?.(1, 2)]).toEqual([
      1, 1, 1,
    ]);
  });

  it('should move and fill bytes of the memory', () => {
    expect(given('memcpy')?.(8, 0, 4)).toBe(8);
    expect(given('memmove')?.(1, 0, 3)).toBe(1);
    expect(given('memset')?.(14, 255, 2)).toBe(14);
    expect([...new Uint8Array(memory)]).toEqual([0, 0, 1, 2, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 255, 255]);
  });

  it('should end by exceptions, and have no system', () => {
    expect(() => given('abort')?.(0, 1)).toThrow('it called abort(0, 1)');
    expect(() => given('proc_exit', 'wasi_snapshot_preview1')?.(3)).toThrow('it called proc_exit(3)');
    expect(given('fd_write', 'wasi_snapshot_preview1')?.(1, 0, 0, 0)).toBe(52);
  });

  it('should give nothing else', () => {
    for (const name of ['erff', 'f', 'constructor', 'toStringf', '']) expect(given(name)).toBeUndefined();
    expect(given('expf', 'math')).toBeUndefined();
  });
});
