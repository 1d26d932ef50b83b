import { describe, expect, it } from 'vitest';
import { type Parameter, parsePrototype } from './prototype.ts';

/** Short for a parameter: `const float * x`, `int n`, with `= 1` behind. */
function told({ name, type, isPointer, isConst, value }: Parameter): string {
  const parts = [isConst && 'const', type, isPointer && '*', name, value !== null && `= ${value}`];
  return parts.filter(Boolean).join(' ');
}

describe('parsePrototype', () => {
  it.each<[string, string, string, string[]]>([
    [
      'void softmax(const float *x, float *y, int n)',
      'softmax',
      'void',
      ['const float * x', 'float * y', 'int n'],
    ],
    ['extern "C" void f(float*);', 'f', 'void', ['float *']],
    ['float f(float const *restrict x , std::size_t n)', 'f', 'float', ['const float * x', 'size_t n']],
    ['int f(const float x[], float y[static 4])', 'f', 'int', ['const float * x', 'float * y']],
    ['void f(float *const x, unsigned n)', 'f', 'void', ['float * x', 'unsigned int n']],
    ['static inline double f(long unsigned int a, long int b)', 'f', 'double', ['unsigned long a', 'long b']],
    ['f(const int64_t * __restrict__ t, ssize_t)', 'f', 'void', ['const int64_t * t', 'intptr_t']],
    [
      '(float *x, float scale = -0.5f, int axis=1)',
      '',
      'void',
      ['float * x', 'float scale = -0.5', 'int axis = 1'],
    ],
    [
      'void f(const unsigned char *m, const _Bool *k, bool b, float *p = NULL, float s = -INFINITY)',
      'f',
      'void',
      ['const uint8_t * m', 'const uint8_t * k', 'uint8_t b', 'float * p = 0', 'float s = -Infinity'],
    ],
    ['void f(void)', 'f', 'void', []],
    ['void f()', 'f', 'void', []],
  ])('should read %s', (text, name, result, parameters) => {
    const prototype = parsePrototype(text);
    expect([prototype.name ?? '', prototype.result]).toEqual([name, result]);
    expect(prototype.parameters.map(told)).toEqual(parameters);
  });

  it.each([
    ['softmax', 'it does not parse'],
    ['void f(int n', 'it does not parse'],
    ['void f(void (*g)(int))', 'it does not parse'],
    ['void f(int n) {}', 'it does not parse'],
    ['float *f(int n)', 'it returns a pointer'],
    ['void f(float **x)', "'float **x' does not parse"],
    ['void f(float x[2][3])', "'float x[2][3]' does not parse"],
    ['void f(float *x, ...)', "'...' does not parse"],
    ['void f(float &x)', "'float &x' does not parse"],
    ['void f(x)', "'x' has no type"],
    ['void f(float *x,)', "'' has no type"],
    ['void f(half *x)', "the type of 'half *x' is not known"],
    ['void f(long float x)', "the type of 'long float x' is not known"],
    ['struct s f(int n)', "the type of 'struct s f' is not known"],
    ['void f(float x = )', "'float x =' gives no number"],
    ['void f(float x = one)', "'float x = one' gives no number"],
    ['void f(float *x = 1)', "'float *x = 1' is no pointer: expected NULL"],
  ])('should refuse %s', (text, message) => {
    expect(() => parsePrototype(text)).toThrow(`the signature '${text}': ${message}`);
  });
});
