import { describe, expect, it } from 'vitest';
import { wantedFunctions } from './functions.ts';
import { nativeNotes } from './notes.ts';

function notesOf(specifier: string, exported: readonly string[] = []): string[] {
  const [, list] = specifier.split('#');
  const wanted = list === undefined ? [] : list.includes('(') ? [list] : list.split(',');
  const native = { specifier, file: '/libk.so', name: 'libk', wanted };
  return nativeNotes(
    native,
    exported,
    wantedFunctions(native, (symbol) => exported.includes(symbol)),
  );
}

describe('nativeNotes', () => {
  it('should show the prototypes that names suggest, and how others are said', () => {
    expect(notesOf('lib:./libk.so', ['softmax'])).toEqual([
      "called as its name suggests: void softmax(const float *logits, float *out, int rows, int cols); where a declaration is another, say it: 'lib:./libk.so#void softmax(…)'",
    ]);
    const [note] = notesOf('lib:./libk.so#softmax,logsumexp');
    expect(note).toMatch(/^called as their names suggest: void softmax\(.*; void logsumexp\(/);
    expect(notesOf('lib:./libk.so#void softmax(const float *x, float *y, int n)')).toEqual([]);
  });

  it('should say what a mask of floats is given, and nothing of other options', () => {
    const of = (parameter: string) =>
      notesOf(`lib:./libk.so#void softmax(const float *x, ${parameter}, float *y, int rows, int cols)`);
    const added =
      "softmax is given numbers to add as its 'const float *attn_mask', -Infinity where it hides; a mask of 1, which takes part, and 0 is a const uint8_t * or const int *";
    expect(of('const float *attn_mask')).toContain(added);
    expect(String(of('const float *bias'))).not.toContain('to add');
    expect(String(of('const int *mask'))).not.toContain('to add');
  });

  it('should say what stands for an option that a function has to look for, and nothing of those that change nothing by themselves', () => {
    const of = (parameters: string) =>
      notesOf(`lib:./libk.so#void softmax(const float *x, float *y, int n, ${parameters})`);
    expect(of('const uint8_t *mask, float scale, float cap')).toEqual([
      'softmax is given NULL for mask, 0 for cap in calls without such an option',
    ]);
    expect(of('float sink, float scale')).toEqual([]);
  });
});
