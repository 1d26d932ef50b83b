import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../properties/support/command.ts';
import { compileLibrary, hasCompiler } from '../../../properties/support/library.ts';
import { batchGenerator } from '../../arbitraries/generate.ts';
import { batchOf } from '../../core/batch.ts';
import { operationsOf } from '../../core/kernel.ts';
import { createRandom } from '../../core/random.ts';
import { bucketOf } from '../../core/violation.ts';
import { optionNames, withOptions } from '../../options/index.ts';
import { asTaken, takenBy } from '../../options/taken.ts';
import { createOracle } from '../../oracle/exact.ts';
import { examine } from '../examine.ts';
import { observe, observeInViews } from '../observe.ts';
import { libraryTarget } from './library.ts';

if (!hasCompiler) process.stderr.write('options: skipped, there is no C compiler cc\n');

const source = `
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
static double z_of(double x, double scale, double cap, float bias, int shown) {
  double z = x * scale;
  if (!shown) return -INFINITY;
  return (cap == 0 ? z : cap * tanh(z / cap)) + bias;
}
static void row(const float *x, float *y, int n, double scale, double cap, const float *bias, const uint8_t *mask, double sink, int to_log) {
  double max = sink, sum = 0;
  for (int i = 0; i < n; i++) {
    double z = z_of(x[i], scale, cap, bias ? bias[i] : 0, mask ? mask[i] : 1);
    if (!(z <= max)) max = z;
  }
  for (int i = 0; i < n; i++) sum += exp(z_of(x[i], scale, cap, bias ? bias[i] : 0, mask ? mask[i] : 1) - max);
  if (sink != -INFINITY) sum += exp(sink - max);
  for (int i = 0; i < n; i++) {
    double z = z_of(x[i], scale, cap, bias ? bias[i] : 0, mask ? mask[i] : 1) - max;
    y[i] = to_log ? z - log(sum) : exp(z) / sum;
  }
}
void softmax(const float *x, float *y, int rows, int cols, float scale, float softcap, const float *bias, const uint8_t *mask, const float *sinks) {
  for (int r = 0; r < rows; r++)
    row(x + r * cols, y + r * cols, cols, scale, softcap, bias ? bias + r * cols : 0, mask ? mask + r * cols : 0, sinks ? sinks[r] : -INFINITY, 0);
}
void log_softmax_row(const float *x, const bool *mask, float *y, int n, double temperature, float sink) {
  row(x, y, n, 1 / temperature, 0, 0, (const uint8_t *)mask, sink, 1);
}
void softmax_ints(const float *x, const int *mask, const float *attn_mask, float *y, int n) {
  uint8_t shown[n];
  for (int i = 0; i < n; i++) shown[i] = mask ? mask[i] : 1;
  row(x, y, n, 1, 0, attn_mask, shown, -INFINITY, 0);
}
void softmax_marks(const float *x, float *y, int n, uint8_t *mask) {
  row(x, y, n, 1, 0, 0, mask, -INFINITY, 0);
  if (mask) mask[0] = 1;
}
void softmax_beyond(const float *x, float *y, int n, float *bias) {
  row(x, y, n, 1, 0, bias, 0, -INFINITY, 0);
  if (bias) bias[n] = 0;
}
void softmax_shows(const float *x, float *y, int n, const uint8_t *mask) {
  float z[n];
  for (int i = 0; i < n; i++) z[i] = mask && !mask[i] ? -1e4f : x[i];
  row(z, y, n, 1, 0, 0, 0, -INFINITY, 0);
}`;
const everything =
  'void softmax(const float *x, float *y, int rows, int cols, float scale, float softcap, const float *bias, const uint8_t *mask, const float *sinks)';

describe.runIf(hasCompiler)('a library with options', () => {
  const folder = temporaryFolders()();
  beforeAll(() => {
    compileLibrary(folder, 'options', source);
    const declared = `const char softmax_fuzz_target[] = ${JSON.stringify('{"options":{"softmax":{"scale":0.5,"mask":true}}}')};`;
    compileLibrary(folder, 'declared', source + declared);
  });
  const load = (declaration: string, name = 'options') =>
    libraryTarget(`lib:${join(folder, name)}.so#${declaration}`);

  it.each([
    [everything, 'scale,softcap,bias,mask,sink'],
    [
      'log_softmax_row(const float *x, const bool *mask, float *y, int n, double temperature, float sink)',
      'temperature,mask,sink',
    ],
    ['softmax_ints(const float *x, const int *mask, const float *attn_mask, float *y, int n)', 'bias,mask'],
  ])('should be given what the parameters of %s ask for', async (declaration, names) => {
    const target = await load(declaration);
    const [operation] = operationsOf(target.kernel);
    const taken = takenBy(target, operation);
    expect([taken.names.join(), taken.fixed]).toEqual([names, {}]);
    const draw = batchGenerator({ maxRows: 3, maxCols: 9, options: optionNames });
    const asked = new Set<string>();
    for (let seed = 0; seed < 60; seed++) {
      const { batch, drawn } = draw(createRandom([1, 2, 3, seed]));
      const given = asTaken(batch, taken, drawn);
      for (const name of Object.keys(given.options ?? {})) asked.add(name);
      const { violations } = await examine(target, operation, createOracle(given));
      expect({ seed, violations: violations.filter(({ severity }) => severity === 'error') }).toEqual({
        seed,
        violations: [],
      });
    }
    expect(optionNames.filter((name) => asked.has(name)).join()).toBe(names);
  });

  it('should have fixed what its prototype gives, or what it declares', async () => {
    const fixed = async (declaration: string, name?: string) =>
      takenBy(await load(declaration, name), 'softmax');
    const list = (scale: string, softcap: string, sinks: string) =>
      `softmax(const float *x, float *y, int rows, int cols, float scale${scale}, float softcap${softcap}, const float *bias = 0, const uint8_t *mask, const float *sinks${sinks})`;
    expect(await fixed(list(' = 0.125', ' = 30', ' = NULL'))).toEqual({
      names: ['mask'],
      fixed: { scale: 0.125, softcap: 30 },
    });
    expect(await fixed(list(' = 1', ' = 0', ''))).toEqual({ names: ['mask', 'sink'], fixed: {} });
    expect(await fixed(everything, 'declared')).toEqual({ names: ['mask'], fixed: { scale: 0.5 } });
    const target = await load(list(' = 0.125', ' = 30', ' = NULL'));
    const given = asTaken(batchOf([[800, 80, 0]]), takenBy(target, 'softmax'), {
      options: {},
      hidden: null,
      ignored: null,
    });
    expect((await examine(target, 'softmax', createOracle(given))).violations).toEqual([]);
  });

  it.each([
    ['softmax_marks(const float *x, float *y, int n, uint8_t *mask)', 'it changed its mask'],
    ['softmax_beyond(const float *x, float *y, int n, float *bias)', 'it wrote to bias[4], and bias has 4'],
  ])('should be seen where it changes what it is given: %s', async (declaration, detail) => {
    const target = await load(declaration);
    const batch = withOptions(
      batchOf([
        [1, 2],
        [3, 4],
      ]),
      { mask: [0, 1], bias: [0, 1] },
    );
    const failure = { status: 'mutated-input', detail };
    expect(await observe(target, 'softmax', batch)).toEqual(failure);
    expect(await observeInViews(target, 'softmax', batch, { offset: 1, word: 5 })).toEqual(failure);
    expect(await observe(target, 'softmax', batchOf([[1, 2]]))).toMatchObject({ status: 'answered' });
  });

  it('should be found where it hides with a finite number', async () => {
    const target = await load('softmax_shows(const float *x, float *y, int n, const uint8_t *mask)');
    const batch = withOptions(batchOf([[-2e4, 0]]), { mask: Uint8Array.of(1, 0) });
    const { violations } = await examine(target, 'softmax', createOracle(batch));
    expect(violations.map(bucketOf)).not.toEqual([]);
  });

  it('should be refused where it declares what it has no parameter for', async () => {
    await expect(
      load('softmax_shows(const float *x, float *y, int n, const uint8_t *keep)', 'declared'),
    ).resolves.toBeDefined();
    await expect(load('softmax_rows(const float *x, float *y, int n)', 'declared')).rejects.toThrow(
      "it declares that softmax takes mask, and 'softmax_rows(const float *x, float *y, int n)' has no parameter for it",
    );
  });
});
