import { describe, expect, it } from 'vitest';
import { describeMisnamed, describeUndeclared } from './undeclared.ts';

const undeclared = (call: (...given: never[]) => unknown): string[] =>
  describeUndeclared([{ operation: 'softmax', call }], () => false);

describe('describeUndeclared', () => {
  it('should name the options that parameters are taken apart into', () => {
    interface Taken {
      readonly scale?: number;
      readonly mask?: Uint8Array;
    }
    const call = (_x: Float32Array, _rows: number, _cols: number, { scale = 1, mask }: Taken = {}) => [
      scale,
      mask,
    ];
    expect(undeclared(call)).toEqual([
      "softmax names options that are not asked of it, scale, mask; to have them asked: export const target = { options: { softmax: ['scale', 'mask'] } }",
    ]);
  });

  it('should say nothing of what is declared, of other parameters, nor of what stands in the body', () => {
    const call = (_x: never, { scale }: never) => scale;
    expect(describeUndeclared([{ operation: 'softmax', call }], () => true)).toEqual([]);
    expect(undeclared((x: Float32Array, rows: number, cols: number) => [x, rows, cols])).toEqual([]);
    expect(
      undeclared((x: Float32Array) => {
        const { scale } = x as never;
        return scale;
      }),
    ).toEqual([]);
    expect(undeclared(Math.max)).toEqual([]);
  });
});

describe('describeMisnamed', () => {
  it('should name exports with fields of a declaration alone, where there is none', () => {
    const options = { options: { softmax: ['scale'] } };
    expect(
      describeMisnamed({ declaration: options, softmax: () => [], constants: { a: 1 }, empty: {} }),
    ).toEqual(['declaration is not read: what is declared is the export target']);
    expect(describeMisnamed({ target: {}, declaration: options })).toEqual([]);
  });
});
