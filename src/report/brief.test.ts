import { describe, expect, it } from 'vitest';
import { findingOf } from '../../properties/support/findings.ts';
import { headline, sourceOf } from './brief.ts';

describe('sourceOf', () => {
  it.each([
    ['./my-softmax.mjs', 'my-softmax.mjs'],
    ['./a/b.ts#softmax(row)', 'a/b.ts'],
    ['.\\a\\b.js', 'a/b.js'],
    ['../kernel.cjs', '../kernel.cjs'],
    ['/abs/kernel.mjs#x', '/abs/kernel.mjs'],
    ['wgsl:./softmax.wgsl#main', 'softmax.wgsl'],
    ['naive', null],
    ['lib:./libkernel.so#void f(float *x, int n)', null],
    ['npm:some-package#softmax', null],
    ['npm:some.js', null],
    ['cmd:node kernel.mjs', null],
    ['onnx:softmax', null],
  ])('should find in %s the file %s', (specifier, file) => {
    expect(sourceOf(specifier)).toBe(file);
  });
});

describe('headline', () => {
  it('should say what was called, answered and expected, and what is wrong with it', () => {
    expect(headline(findingOf())).toBe(
      'softmax([89]) answers [NaN], expected [1]: NaN where the exact answer is finite',
    );
    expect(headline(findingOf({ kind: 'threw', output: null, detail: 'RangeError: no' }))).toBe(
      'softmax([89]): the kernel threw (RangeError: no)',
    );
  });
});
