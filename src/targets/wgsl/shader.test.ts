import { describe, expect, it } from 'vitest';
import { entryPoints, formatsOfShader, needsHalf, operationsOfShader } from './shader.ts';

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

describe('formatsOfShader', () => {
  const binding = (n: number, type: string): string =>
    `@group(0) @binding(${n}) var<storage, read> b${n}: array<${type}>;\n`;
  const formatsOf = (...parts: readonly string[]): string[] => {
    const { logits, answer, arithmetic } = formatsOfShader(parts.join(''));
    return [logits, answer, arithmetic];
  };

  it('should be those of its bindings, each by itself', () => {
    expect(formatsOf(binding(0, 'f32'), binding(1, 'f32'))).toEqual(['fp32', 'fp32', 'fp32']);
    expect(formatsOf(binding(0, 'f16'), binding(1, 'f16'))).toEqual(['fp16', 'fp16', 'fp32']);
    expect(formatsOf(binding(0, 'f16'), binding(1, 'f32'))).toEqual(['fp16', 'fp32', 'fp32']);
    expect(formatsOf(binding(0, 'vec4<f16>'), binding(1, 'vec2h'))).toEqual(['fp16', 'fp16', 'fp32']);
    expect(formatsOf('@binding(1) @group(0) var<storage, read_write>answer:array< f16 >;')).toEqual([
      'fp32',
      'fp16',
      'fp32',
    ]);
  });

  it('should leave out other bindings, other variables and comments', () => {
    expect(
      formatsOf(
        binding(0, 'f32'),
        binding(2, 'f16'),
        '// @binding(0) var<storage, read> half: array<f16>;\n',
        'var<workgroup> partial: array<f16, 64>;\n',
        `@compute @workgroup_size(1) fn softmax${body}`,
      ),
    ).toEqual(['fp32', 'fp32', 'fp32']);
  });

  it('should refuse two formats of the same', () => {
    expect(() => formatsOf(binding(1, 'f16'), binding(1, 'f32'))).toThrow(
      'its answers are of f16 and of f32',
    );
    expect(() => formatsOf(binding(0, 'f16'), binding(4, 'f32'))).toThrow(
      'its logits and upstream values are of f16 and of f32',
    );
  });
});

describe('needsHalf', () => {
  it('should be whether f16 is enabled', () => {
    expect(needsHalf('enable f16;')).toBe(true);
    expect(needsHalf('enable subgroups, f16;')).toBe(true);
    expect(needsHalf('enable subgroups;\n// enable f16;\nfn f16() { }')).toBe(false);
  });
});
