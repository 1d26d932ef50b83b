import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runHere, temporaryFolders } from '../../../properties/support/command.ts';
import { compileLibrary, hasCompiler, rightFunctions } from '../../../properties/support/library.ts';
import { articleBatch } from '../../arbitraries/article.ts';
import { batchOf } from '../../core/batch.ts';
import { operationsOf } from '../../core/kernel.ts';
import { createOracle } from '../../oracle/exact.ts';
import { UserError } from '../../text/errors.ts';
import { examine } from '../examine.ts';
import { observe, observeInViews } from '../observe.ts';
import { libraryTarget } from './library.ts';

if (!hasCompiler) process.stderr.write('library: skipped, there is no C compiler cc\n');

/** What each is found by: the word that it is called by in a test. */
const faulty = `
#include <math.h>
#include <stddef.h>
const char softmax_fuzz_target[] = "{\\"name\\": \\"mine\\", \\"profile\\": \\"sequential\\", \\"nonFinite\\": false}";
static void right(const float *x, float *y, int n) {
  float sum = 0;
  for (int i = 0; i < n; i++) sum += y[i] = expf(x[i]);
  for (int i = 0; i < n; i++) y[i] /= sum;
}
void softmax_behind(const float *x, float *y, int rows, int cols) {
  for (int r = 0; r < rows; r++) right(x + r * cols, y + r * cols, cols);
  y[rows * cols + 1] = 7;
}
void softmax_before(const float *x, float *y, int n) { right(x, y, n); y[-2] = 7; }
void softmax_beside(float *x, float *y, int n) { right(x, y, n); x[n] = 7; }
void softmax_mutates(float *x, float *y, int n) { right(x, y, n); x[0] = -0.0f; }
void softmax_forgets(const float *x, float *y, int n) { right(x, y, n - 1); (void)x; }
void softmax_adds(const float *x, float *y, int n) { for (int i = 0; i < n; i++) y[i] = y[i] * 0 + (x[i] == x[i]) / (float)n; }
void softmax_keeps(const float *x, float *y, int n) { for (int i = 0; i < n; i++) y[i] = fmaxf(y[i], (x[i] == x[i]) / (float)n); }
int softmax_refuses(const float *x, float *y, int n) { right(x, y, n); return n == 2 ? -5 : 0; }
void softmax_scales(float *x, int n) { right(x, x, n); for (int i = 0; i < n + 1; i++) x[i] *= 0.5f; }
void softmax_reads(const float *x, float *y, int n) { right(x, y, n); y[0] += x[n]; }
`;

const batches = [
  { ...articleBatch, upstream: Float32Array.of(0, 1, 0, 2, -1, 1, 1, 0, 0) },
  batchOf([[1, 2, 3, -4]], [2], [0.5, -1, 0, 2]),
  batchOf(
    [
      [-Infinity, 200],
      [-1000, -Infinity],
      [0, 1e-40],
    ],
    [1, 0, 1],
    [1, 2, 3, 4, 5, 6],
  ),
];

describe.runIf(hasCompiler)('libraryTarget', () => {
  const folder = temporaryFolders()();
  beforeAll(() => {
    compileLibrary(folder, 'right', rightFunctions);
    compileLibrary(folder, 'faulty', faulty);
    compileLibrary(folder, 'nameless', 'void f(void) {}');
    const declared = (text: string) =>
      `void softmax(void) {} const char softmax_fuzz_target[] = ${JSON.stringify(text)};`;
    compileLibrary(folder, 'misdeclared', declared('{"profil": "strict"}'));
    compileLibrary(folder, 'undeclared', declared('profile'));
    const hidden =
      '__attribute__((used)) static const char softmax_fuzz_target[] = "{}"; void softmax(void) {}';
    compileLibrary(folder, 'static', hidden);
    compileLibrary(folder, 'mangled', hidden.replace('static const char softmax', 'const char _ZL19softmax'));
    writeFileSync(join(folder, 'text.so'), 'no library');
  });
  const load = (functions: string, name = 'right') =>
    libraryTarget(`lib:${join(folder, name)}.so${functions}`);

  it.each([
    ['', 'softmax,crossEntropy'],
    ['#softmax', 'softmax'],
    ['#softmax_rows(const float *x, float *y, size_t n)', 'softmax'],
    ['#softmax_inplace(float *x, int64_t rows, unsigned cols)', 'softmax'],
    ['#scaled_softmax(const float *x, float *y, int n, float scale = 1)', 'softmax'],
    ['#int log_softmax_into(float *dst, const float *src, int cols, int rows)', 'logSoftmax'],
    ['#softmax, float logsumexp_row(const float *, int)', 'softmax,logSumExp'],
    [
      '#cross_entropy_losses(const float *x, const int64_t *labels, float *losses, int n, int c)',
      'crossEntropy',
    ],
    ['#row_cross_entropy_grad(const float *x, int label, float *dx, int n)', 'crossEntropyGrad'],
    ['#softmax_backward_row(const float *dy, const float *x, float *dx, int n)', 'softmaxGrad'],
    ['#log_softmax_backward_inplace(float *grad_out, const float *x, int m, int n)', 'logSoftmaxGrad'],
  ])('should call %s as declared', async (functions, operations) => {
    const { kernel, ...target } = await load(functions);
    expect(operationsOf(kernel).join(',')).toBe(operations);
    for (const batch of batches)
      for (const operation of operationsOf(kernel)) {
        const { violations } = await examine({ kernel, ...target }, operation, createOracle(batch));
        expect({ operation, violations }).toEqual({ operation, violations: [] });
      }
  });

  it('should name a target by its file and functions, or as the library declares', async () => {
    expect(await load('')).toMatchObject({ name: 'right', profile: 'default', nonFinite: true });
    expect((await load('#softmax,float logsumexp_row(const float *x, int n)')).name).toBe(
      'right#softmax,logsumexp_row',
    );
    expect(await load('#softmax_behind', 'faulty')).toMatchObject({
      name: 'mine',
      profile: 'sequential',
      nonFinite: false,
    });
  });

  it('should name the functions of the field that are not judged', async () => {
    const { notes } = await load('');
    expect(notes).toHaveLength(2);
    expect(notes?.[0]).toMatch(/^called as their names suggest: void softmax\(const float \*logits, /);
    const [, names] =
      /^not judged: (.*); to have one judged, name it: '(.*)#\w+', with/.exec(String(notes?.[1])) ?? [];
    expect(names.split(', ').sort()).toEqual([
      'cross_entropy_losses',
      'log_softmax_backward_inplace',
      'log_softmax_into',
      'logsumexp_row',
      'row_cross_entropy_grad',
      'scaled_softmax',
      'softmax_backward_row',
      'softmax_inplace',
      'softmax_rows',
    ]);
    expect((await load('#softmax')).notes).toEqual([
      expect.stringMatching(/^called as its name suggests: void softmax\(/),
    ]);
    compileLibrary(
      folder,
      'mangled-functions',
      `${rightFunctions} void _Z9log_smaxxPf(void) {} void _Z7softmaxPKfPfii(void) {}`,
    );
    const mangled = await load('', 'mangled-functions');
    expect(String(mangled.notes)).toMatch(/_Z7softmaxPKfPfii.*; in C\+\+, declare it extern "C"$/);
    await expect(load('', 'faulty')).rejects.toThrow(
      /softmax_backward: it exports softmax_\w+, softmax_\w+, /,
    );
  });

  it.each([
    ['none.so', ': there is no file '],
    ['text.so', ': it does not load: Error: Failed to load shared library: '],
    ['right.so#no_such', ": it exports no function 'no_such'"],
    ['right.so#softmax(', ": the signature 'softmax(': it does not parse"],
    ['right.so#a b', ": 'a b' is no name of a function"],
    ['right.so#(float *x, int n)', ": the signature '(float *x, int n)' names no function"],
    ['right.so#logsumexp_grad', ': logsumexp_grad is a gradient of logsumexp by its name'],
    ['right.so#softmax,softmax_rows', ': softmax and softmax_rows are both softmax'],
    [
      'right.so#f(float *a, float *b, int n)',
      ": the signature 'f(float *a, float *b, int n)': 'float *a' could",
    ],
    ['nameless.so', ': it has no function with a name like softmax, '],
    ['misdeclared.so', ": there is no declaration field 'profil'; did you mean profile?"],
    [
      'static.so',
      ': it does not export its softmax_fuzz_target: it has one that is called softmax_fuzz_target',
    ],
    [
      'mangled.so',
      ': it does not export its softmax_fuzz_target: it has one that is called _ZL19softmax_fuzz_target',
    ],
    ['undeclared.so', ': its softmax_fuzz_target is not JSON: '],
  ])('should say what is wrong with %s', async (name, message) => {
    const specifier = `lib:${join(folder, name)}`;
    const error = await libraryTarget(specifier).catch((reason) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toContain(`target ${specifier}${message}`);
  });

  it.each([
    [
      'behind',
      '(const float *x, float *y, int rows, int cols)',
      'bad-shape',
      'it wrote to out[7], and out has 6',
    ],
    ['before', '(const float *x, float *y, int n)', 'bad-shape', 'it wrote to out[-2]'],
    ['beside', '(float *x, float *y, int n)', 'mutated-input', 'it wrote to logits[6], and logits has 6'],
    ['scales', '(float *x, int n)', 'bad-shape', 'it wrote to logits[6], and logits has 6'],
    ['mutates', '(float *x, float *y, int n)', 'mutated-input', 'it changed its logits'],
    ['forgets', '(const float *x, float *y, int n)', 'bad-shape', 'it left out[2] as it was, or read it'],
    ['adds', '(const float *x, float *y, int n)', 'bad-shape', 'it left out[0] as it was, or read it'],
    ['keeps', '(const float *x, float *y, int n)', 'bad-shape', 'it left out[1] as it was, or read it'],
  ])('should see that a function %s', async (name, list, status, detail) => {
    const target = await load(`#softmax_${name}${list}`, 'faulty');
    const batch = batchOf([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(await observe(target, 'softmax', batch)).toEqual({
      status,
      detail: expect.stringContaining(detail),
    });
  });

  it('should take a status that is not 0 for a failure', async () => {
    const target = await load('#int softmax_refuses(const float *x, float *y, int n)', 'faulty');
    expect(await observe(target, 'softmax', batchOf([[0, 0, 0]]))).toMatchObject({ status: 'answered' });
    const detail = 'it returned -5: expected 0';
    expect(await observe(target, 'softmax', batchOf([[0, 0]]))).toEqual({ status: 'threw', detail });
  });

  it('should show what is read beside an argument, and place arrays as it is told', async () => {
    const target = await load('#softmax_reads(const float *x, float *y, int n)', 'faulty');
    expect(await observe(target, 'softmax', batchOf([[0, 0]]))).toMatchObject({
      status: 'answered',
      output: Float32Array.of(3.4028234663852886e38, 0.5),
    });
    const placement = { offset: 1, word: 0x40400000 }; // 3
    expect(await observeInViews(target, 'softmax', batchOf([[0, 0]]), placement)).toMatchObject({
      status: 'answered',
      output: Float32Array.of(3.5, 0.5),
    });
  });
});

describe.runIf(hasCompiler)('a library', () => {
  const makeFolder = temporaryFolders();
  const cwd = makeFolder();
  beforeAll(() => {
    mkdirSync(join(cwd, 'node_modules'));
    symlinkSync(join(import.meta.dirname, '../../../node_modules/koffi'), join(cwd, 'node_modules/koffi'));
    compileLibrary(cwd, 'right', rightFunctions);
    compileLibrary(cwd, 'fast', rightFunctions, ['-ffast-math']);
    compileLibrary(
      cwd,
      'wild',
      'void softmax(float *x, long n) { for (long k = 0; k < n << 20; k++) x[k] = 0; }',
    );
  });
  const run = (...args: string[]) => runHere(args, { cwd });

  it('should be called by its functions where two of one name are tried', async () => {
    compileLibrary(
      cwd,
      'named',
      `${rightFunctions} const char softmax_fuzz_target[] = "{\\"name\\": \\"mine\\"}";`,
    );
    const specifiers = [
      'lib:./named.so#softmax',
      'lib:./named.so#int softmax_inplace(float *x, int64_t m, int n)',
    ];
    const { stdout } = await run('fuzz', ...specifiers, '--runs', '1', '--quiet');
    expect(stdout).toMatch(/^mine#softmax: every property held/m);
    expect(stdout).toMatch(/^mine#softmax_inplace: /m);
  });

  it('should be fuzzed', async () => {
    const { code, stdout } = await run(
      'fuzz',
      'lib:./right.so',
      '--seed',
      '1',
      '--runs',
      '200',
      '--json',
      '-',
    );
    expect([code, JSON.parse(stdout).targets[0]]).toMatchObject([0, { verdict: 'held', cases: 201 }]);
  });

  it('should be a finding where it crashes, which tells what was guessed', async () => {
    const { stdout } = await run('targets', 'lib:./wild.so');
    expect(stdout).toMatch(
      'softmax/crashed: it ended (SIGSEGV: softmax is called as void softmax(const float *logits, float *out, int rows, int cols))',
    );
  });

  it('should not make the process that judges it flush subnormals', async () => {
    const softmax = 'lib:./fast.so#void softmax_rows(const float *x, float *y, size_t n)';
    const args = [
      'fuzz',
      softmax,
      'stable',
      '--seed',
      '1',
      '--runs',
      '100',
      '--ops',
      'softmax',
      '--json',
      '-',
    ];
    const { stdout } = await run(...args);
    const [fast, stable] = JSON.parse(stdout).targets;
    expect(stable.findings).toEqual([]);
    expect(fast.findings.map(({ bucket }: { bucket: string }) => bucket)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^softmax\/zeroed\/underflow/)]),
    );
  });

  it('should be swept in processes of its own', async () => {
    const { code, stdout } = await run('sweep', 'lib:./right.so', '--stride', '4194304');
    expect([code, stdout]).toEqual([0, expect.stringContaining('every answer is within its budget')]);
  });

  it('should not be loaded into the process that judges', async () => {
    const { code, stderr } = await run('fuzz', 'lib:./right.so', '--in-process');
    expect([code, stderr.split('\n')[0]]).toEqual([
      2,
      'softmax-fuzz: target lib:./right.so: a library is loaded into a process of its own only',
    ]);
  });

  it('should be given the signature of the command line', async () => {
    const signature = (list: string) => [
      'fuzz',
      'lib:./right.so#softmax_rows',
      '--runs',
      '20',
      '--signature',
      list,
    ];
    const right = await run(...signature('void softmax(const float*, float*, size_t)'));
    expect([right.code, right.stdout]).toEqual([
      0,
      expect.stringContaining('right#softmax_rows: every property held'),
    ]);
    const { code, stderr } = await run(...signature('void (const float *x, float *y, int n, int padding)'));
    const declaration = 'void softmax_rows(const float *x, float *y, int n, int padding)';
    expect([code, stderr.split('\nName')[0]]).toEqual([
      2,
      `softmax-fuzz: target lib:./right.so#${declaration}: the signature '${declaration}': 'int padding' could be anything`,
    ]);
  });

  it('should say what is missing where there is no koffi', async () => {
    const { code, stderr } = await runHere(['fuzz', `lib:${join(cwd, 'right.so')}`], {
      cwd: makeFolder(),
    });
    expect(code).toBe(2);
    expect(stderr.replaceAll(cwd, '.')).toMatch(
      /^softmax-fuzz: target lib:\.\/right\.so needs koffi to call C: there is no package koffi here: .*\n`npm install koffi` /,
    );
  });

  it('should say so where koffi is another than is known', async () => {
    const folder = makeFolder();
    mkdirSync(join(folder, 'node_modules/koffi'), { recursive: true });
    writeFileSync(
      join(folder, 'node_modules/koffi/package.json'),
      '{ "type": "module", "exports": "./k.js" }',
    );
    writeFileSync(join(folder, 'node_modules/koffi/k.js'), "export default { version: '2.16.0' };");
    const { code, stderr } = await runHere(['fuzz', `lib:${join(cwd, 'right.so')}`], { cwd: folder });
    expect([code, stderr.replaceAll(cwd, '.')]).toEqual([
      2,
      'softmax-fuzz: target lib:./right.so needs koffi 3 to call C, and 2.16.0 is installed here\n`npm install koffi@3` in this folder brings it.\n',
    ]);
  });
});
