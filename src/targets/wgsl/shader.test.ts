import { describe, expect, it } from 'vitest';
import { entryPoints, operationsOfShader } from './shader.ts';

const body = '(@builtin(workgroup_id) row: vec3<u32>) { }';

describe('entryPoints', () => {
  it('should find compute shaders, whatever stands between', () => {
    expect(entryPoints(`@compute @workgroup_size(64) fn softmax${body}`)).toEqual(['softmax']);
    expect(
      entryPoints(`@workgroup_size(8, 1)\n@compute\nfn a${body}\n@compute @workgroup_size(n) fn b${body}`),
    ).toEqual(['a', 'b']);
  });

  it('should leave out other functions and comments', () => {
    expect(entryPoints(`fn exp2(x: f32) -> f32 { return x; }\n@fragment fn main${body}`)).toEqual([]);
    expect(entryPoints(`// @compute fn a${body}\n/* @compute /* fn b${body} */ fn c${body} */`)).toEqual([]);
    expect(entryPoints(`@compute /* one a row */ @workgroup_size(1) fn d${body}`)).toEqual(['d']);
  });
});

describe('operationsOfShader', () => {
  it('should be those that entry points are called after, in the order of reports', () => {
    const source = ['logSumExp', 'helper', 'softmax'].map(
      (name) => `@compute @workgroup_size(1) fn ${name}${body}`,
    );
    expect(operationsOfShader(source.join('\n'))).toEqual(['softmax', 'logSumExp']);
  });
});
