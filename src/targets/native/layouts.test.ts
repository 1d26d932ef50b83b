/** Layouts of functions of C, which are played here by functions on the bytes of an array. */
import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../../core/batch.ts';
import type { Operation } from '../../core/operation.ts';
import type { Target } from '../../core/target.ts';
import { bucketOf } from '../../core/violation.ts';
import { fp16 } from '../../formats/index.ts';
import { packWords, unpackWords } from '../../formats/words.ts';
import { examineLaw } from '../../laws/examine-law.ts';
import { createOracle } from '../../oracle/exact.ts';
import { createTarget, formatsOf } from '../create.ts';
import type { Memory } from './arena.ts';
import { type Binding, bindPrototype } from './binding.ts';
import { nativeKernel } from './kernel.ts';
import { layoutsOfBinding, withLayouts } from './layouts.ts';
import { parsePrototype } from './prototype.ts';

const buffer = new ArrayBuffer(2 ** 16);
const memory: Memory = { reserve: () => 0, buffer: () => buffer, address: (offset) => offset };
const sizeOf = (type: string): number => (type === 'uint8_t' ? 1 : 4);

const bind = (list: string, operation: Operation = 'softmax'): Binding =>
  bindPrototype(parsePrototype(`void f(${list})`), operation, ['none', 'mean', 'sum']);

/** A function of C: what it is given, by the names of its parameters. */
type Body = (given: Readonly<Record<string, number>>) => void;

/** The numbers in memory from an address on. */
type Numbers = {
  get: (address: number, k: number) => number;
  set: (address: number, k: number, x: number) => void;
};
const floats: Numbers = {
  get: (address, k) => new Float32Array(buffer)[address / 4 + k],
  set: (address, k, x) => {
    new Float32Array(buffer)[address / 4 + k] = x;
  },
};
const halves: Numbers = {
  get: (address, k) => unpackWords(new Uint16Array(buffer, address + 2 * k, 1), fp16)[0],
  set: (address, k, x) =>
    new Uint16Array(buffer).set(packWords(Float32Array.of(fp16.round(x)), fp16), address / 2 + k),
};

/** The softmax of `n` numbers from x on, `from` apart, to y, `to` apart; what `isHidden` takes no part. */
function softmaxOf(
  [x, y, n, from, to]: readonly number[],
  { get, set }: Numbers = floats,
  isHidden: (j: number) => boolean = () => false,
): void {
  const row = Array.from({ length: n }, (_, j) => (isHidden(j) ? -Infinity : get(x, j * from)));
  const max = row.reduce((a, b) => Math.max(a, b));
  const exps = row.map((each) => Math.exp(each - max));
  const sum = exps.reduce((a, b) => a + b);
  for (const [j, e] of exps.entries()) set(y, j * to, e / sum);
}

function targetOf(list: string, body: Body, declared = {}): Target {
  const binding = bind(list);
  const wanted = [{ symbol: 'f', binding, declaration: list, isGuess: false }];
  const declaration = { profile: 'sequential', ...withLayouts({}, wanted), ...declared };
  const names = binding.parameters.map(({ name }) => String(name));
  const invoke = (args: readonly number[]) => body(Object.fromEntries(args.map((arg, k) => [names[k], arg])));
  const { kernel } = nativeKernel([{ binding, invoke }], { memory, sizeOf }, formatsOf(declaration));
  return createTarget('c', kernel, declaration);
}

const six: Batch = batchOf([
  [0, 1, 3],
  [2, -3, 1],
  [4, 5, -1],
  [-6, 7, 7],
  [8, 9, 0],
  [1, 0, 2],
]);

async function detailsOf(target: Target, batch: Batch = six): Promise<string[]> {
  const { violations } = await examineLaw(target, 'softmax', createOracle(batch), 'layout');
  return violations.map((each) => `${bucketOf(each)}: ${each.detail}`);
}

const eachRow = (rows: number, body: (r: number) => void): void => {
  for (let r = 0; r < rows; r++) body(r);
};
const along =
  (size: number, numbers = floats): Body =>
  ({ x, y, outer, cols, inner }) =>
    eachRow(outer * inner, (r) => {
      const at = size * (Math.floor(r / inner) * cols * inner + (r % inner));
      softmaxOf([x + at, y + at, cols, inner, inner], numbers);
    });

const OF_AXIS = 'const float *x, float *y, int outer, int cols, int inner';

describe('a function of C in a layout', () => {
  it.each<[string, string, Body, object?]>([
    ['along the middle of three dimensions', OF_AXIS, along(4)],
    ['of FP16', OF_AXIS.replaceAll('float', '_Float16'), along(2, halves), { format: 'fp16' }],
    [
      'with one stride for both arrays',
      'const float *x, float *y, int rows, int cols, ptrdiff_t ld',
      ({ x, y, rows, cols, ld }) =>
        eachRow(rows, (r) => softmaxOf([x + 4 * r * ld, y + 4 * r * ld, cols, 1, 1])),
    ],
    [
      'of FP16 with a stride',
      'const _Float16 *x, _Float16 *y, int rows, int cols, int ld',
      ({ x, y, rows, cols, ld }) =>
        eachRow(rows, (r) => softmaxOf([x + 2 * r * ld, y + 2 * r * ld, cols, 1, 1], halves)),
      { format: 'fp16' },
    ],
    [
      'with a stride for each array',
      'const float *x, float *y, int rows, int cols, int x_stride, int y_stride',
      ({ x, y, rows, cols, x_stride, y_stride }) =>
        eachRow(rows, (r) => softmaxOf([x + 4 * r * x_stride, y + 4 * r * y_stride, cols, 1, 1])),
    ],
    [
      'with a stride for its answer alone',
      'const float *x, float *y, int rows, int cols, int ldy',
      ({ x, y, rows, cols, ldy }) =>
        eachRow(rows, (r) => softmaxOf([x + 4 * r * cols, y + 4 * r * ldy, cols, 1, 1])),
    ],
    [
      'in place with a stride',
      'float *x, int rows, int cols, int row_stride',
      ({ x, rows, cols, row_stride }) =>
        eachRow(rows, (r) => softmaxOf([x + 4 * r * row_stride, x + 4 * r * row_stride, cols, 1, 1])),
    ],
    [
      'of one row whose numbers are a stride apart',
      'const float *x, float *y, int n, int stride',
      ({ x, y, n, stride }) => softmaxOf([x, y, n, stride, stride]),
    ],
  ])('should be right %s where it is', async (_what, list, body, declared) => {
    const target = targetOf(list, body, declared);
    expect(target.laws).toContain('layout');
    expect(await detailsOf(target)).toEqual([]);
  });

  it('should have its mask in the same layout, one of the columns too', async () => {
    const list = 'const float *x, float *y, int outer, int cols, int inner, const uint8_t *mask';
    const target = targetOf(
      list,
      ({ x, y, outer, cols, inner, mask }) =>
        eachRow(outer * inner, (r) => {
          const at = Math.floor(r / inner) * cols * inner + (r % inner);
          const bytes = new Uint8Array(buffer);
          const isHidden = (j: number): boolean => bytes[mask + at + j * inner] === 0;
          softmaxOf([x + 4 * at, y + 4 * at, cols, inner, inner], floats, isHidden);
        }),
      { options: { softmax: ['mask'] } },
    );
    expect(await detailsOf(target, { ...six, options: { mask: Uint8Array.of(1, 0, 1) } })).toEqual([]);
    const mask = Uint8Array.from({ length: 18 }, (_, k) => Number(k % 5 !== 0));
    expect(await detailsOf(target, { ...six, options: { mask } })).toEqual([]);
  });

  it.each<[string, string, Body, string]>([
    [
      'takes columns for rows',
      OF_AXIS,
      ({ x, y, outer, cols, inner }) =>
        eachRow(outer * inner, (r) => softmaxOf([x + 4 * r * cols, y + 4 * r * cols, cols, 1, 1])),
      'softmax/invariance/layout: it is right for rows one behind the other, and not along the middle of 1 x 3 x 6',
    ],
    [
      'ignores the stride',
      'const float *x, float *y, int rows, int cols, int x_stride, int cols_of_y = 0',
      ({ x, y, rows, cols }) =>
        eachRow(rows, (r) => softmaxOf([x + 4 * r * cols, y + 4 * r * cols, cols, 1, 1])),
      'softmax/invariance/layout: it is right for rows one behind the other, and not with 4 numbers from row to row',
    ],
    [
      'writes in the gap behind its answer',
      'const float *x, float *y, int rows, int cols, int ld',
      ({ x, y, rows, cols, ld }) =>
        eachRow(rows, (r) => {
          softmaxOf([x + 4 * r * ld, y + 4 * r * ld, cols, 1, 1]);
          if (ld > cols) floats.set(y, r * ld + cols, 0);
        }),
      'softmax/mutated-input/layout: with 4 numbers from row to row: it wrote to out[3], which is behind row 0',
    ],
    [
      'writes in the gap behind its logits, in place',
      'float *x, int rows, int cols, int ld',
      ({ x, rows, cols, ld }) =>
        eachRow(rows, (r) => {
          softmaxOf([x + 4 * r * ld, x + 4 * r * ld, cols, 1, 1]);
          if (ld > cols + 1) floats.set(x, r * ld + cols + 4, 0);
        }),
      'softmax/mutated-input/layout: with 8 numbers from row to row: it wrote to logits[7], which is behind row 0',
    ],
  ])('should be blamed where it %s', async (_what, list, body, detail) => {
    expect(await detailsOf(targetOf(list, body))).toEqual([detail]);
  });
});

describe('the parameters of layouts', () => {
  it.each([
    ['const float *x, float *y, int outer_size, int dim_size, int inner_size', 'rows cols inner', 'inner'],
    ['const float *x, float *y, int outer, int n, int inner', 'rows cols inner', 'inner'],
    ['const float *x, float *y, int batch, int channels, int spatial', 'rows cols inner', 'inner'],
    ['const float *x, float *y, int outer, int inner', 'rows cols', ''],
    ['const float *x, float *y, int m, int inner', 'rows cols', ''],
    ['const float *x, float *y, int rows, int cols, size_t stride', 'rows cols stride', 'rowStride'],
    [
      'const float *x, float *y, int rows, int cols, int ldx, int output_row_stride',
      'rows cols logitsStride outStride',
      'rowStride',
    ],
    ['const float *x, float *y, int n, int incx, int incy', 'cols logitsStride outStride', 'inner'],
    ['const float *x, float *y, int rows, int cols, int stride = 1', 'rows cols constant', ''],
  ])('should be read in %s', (list, roles, layout) => {
    const binding = bind(list);
    expect(binding.parameters.slice(2).map(({ role }) => role)).toEqual(roles.split(' '));
    expect(layoutsOfBinding(binding)).toEqual(layout === '' ? ['rows'] : ['rows', layout]);
  });

  it.each<[string, string, Operation?]>([
    ['const float *x, float *y, int cols, int inner', 'it takes inner, and no outer'],
    ['const float *x, float *y, int outer, int cols, int inner, int stride', 'it takes inner, and a stride'],
    [
      'const float *x, float *y, int rows, int cols, int ld, int ldy',
      'it takes a stride, and one of an array',
    ],
    ['const float *x, float *y, int rows, int cols, int ldy', 'it takes a stride of its answer', 'logSumExp'],
    ['const float *x, float *y, int n, int incx', 'it takes the distance between the numbers of a row alone'],
  ])('should be refused in %s', (list, message, operation) => {
    expect(() => bind(list, operation)).toThrow(message);
  });

  it('should be of each function by itself, and not declared', () => {
    const wanted = (list: string, operation: Operation) => ({
      symbol: 'f',
      binding: bind(list, operation),
      declaration: list,
      isGuess: false,
    });
    const both = [wanted(OF_AXIS, 'softmax'), wanted('const float *x, float *y, int n', 'logSoftmax')];
    expect(withLayouts({}, both)).toEqual({ layouts: { softmax: ['rows', 'inner'] } });
    expect(() => withLayouts({ layouts: ['inner'] }, both)).toThrow('it declares layouts');
  });
});
