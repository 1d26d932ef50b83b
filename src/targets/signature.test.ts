import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { callKernel } from '../core/kernel.ts';
import type { Operation } from '../core/operation.ts';
import { UserError } from '../text/errors.ts';
import { createTarget } from './create.ts';
import { observe } from './observe.ts';
import { adaptFunction, type ForeignFunction, parseSignature } from './signature.ts';

const batch = batchOf(
  [
    [1, 2],
    [3, 4],
  ],
  [1, 0],
  [5, 6, 7, 8],
);
const called = (signature: string, implementation: ForeignFunction, operation: Operation = 'softmax') =>
  callKernel(adaptFunction(implementation, operation, parseSignature(signature)), operation, batch);
const doubled = (values: unknown) => Array.from(values as Float32Array, (x) => 2 * x);

describe('parseSignature', () => {
  it('should take a list, with or without a name', () => {
    expect(parseSignature('(logits, out,rows , cols)')).toEqual(['logits', 'out', 'rows', 'cols']);
    expect(parseSignature('softmax(row)')).toEqual(['row']);
  });

  it.each([
    ['row', "the signature 'row' does not parse"],
    ['(row', 'does not parse'],
    ['(logits, cosl)', "there is no signature argument 'cosl'; did you mean cols?"],
    ['(rows, cols)', 'takes no logits'],
    ['(logits, target)', 'takes logits and one row at a time'],
    ['()', "there is no signature argument ''"],
    ['(inPlace, row)', 'takes inPlace and one row at a time'],
    ['(rowInPlace, out)', 'has the answer in two places'],
    ['(target)', 'takes no logits'],
  ])('should refuse %s', (text, message) => {
    expect(() => parseSignature(text)).toThrow(message);
    expect(() => parseSignature(text)).toThrow(UserError);
  });
});

describe('adaptFunction', () => {
  it('should give upstream values, those of the row where it is called by row', () => {
    const product = (a: unknown, b: unknown) => (a as Float32Array).map((x, k) => x * (b as Float32Array)[k]);
    for (const signature of ['(logits, upstream)', '(row, upstream)']) {
      for (const operation of ['softmaxGrad', 'logSoftmaxGrad'] as const)
        expect(called(signature, product, operation)).toEqual(Float32Array.of(5, 12, 21, 32));
    }
  });

  const all = Float32Array.of(2, 4, 6, 8);

  it.each([
    ['(logits, rows, cols)', (logits: unknown) => doubled(logits)],
    [
      '(rows, matrix)',
      (rows: unknown, matrix: unknown) => (rows === 2 ? (matrix as number[][]).map(doubled) : []),
    ],
    ['(row)', (row: unknown) => Float32Array.from(doubled(row))],
    ['(array)', (array: unknown) => (Array.isArray(array) ? doubled(array) : [])],
    ['(array)', async (array: unknown) => doubled(array)],
    ['(logits, out)', (logits: unknown, out: unknown) => (out as Float32Array).set(doubled(logits))],
    ['(inPlace)', (logits: unknown) => (logits as Float32Array).set(doubled(logits))],
    ['(rowInPlace)', (row: unknown) => (row as Float32Array).set(doubled(row))],
    ['(rowInPlace)', async (row: unknown) => void (row as Float32Array).set(doubled(row))],
    ['(out, row)', async (out: unknown, row: unknown) => (out as Float32Array).set(doubled(row))],
  ])('should call a function of %s', async (signature, implementation) => {
    expect(await called(signature, implementation as ForeignFunction)).toEqual(all);
  });

  it('should give a row its target, and take the mean of losses and of gradients', () => {
    const pick = (row: unknown, target: unknown) => (row as Float32Array)[target as number];
    expect(called('(row, target)', pick as ForeignFunction, 'crossEntropy')).toBe(2.5);
    expect(called('(row)', doubled as ForeignFunction, 'crossEntropyGrad')).toEqual(
      Float32Array.of(1, 2, 3, 4),
    );
    expect(called('(row)', (() => 7) as ForeignFunction, 'logSumExp')).toEqual(Float32Array.of(7, 7));
  });

  it('should leave an answer alone that is no number', () => {
    expect(called('(logits)', () => undefined)).toBeUndefined();
    expect(called('(row)', () => 'text')).toEqual(['text', 'text']);
  });

  it('should round doubles to FP32', () => {
    expect(called('(logits)', () => [0.1, 0, 0, 0])).toEqual(Float32Array.of(0.1, 0, 0, 0));
  });
});

describe('a function that goes wrong with what it is handed', () => {
  const placement = { offset: 1, word: 7 };
  const told = (signature: string, change: (...args: never[]) => unknown, placed = false) => {
    const roles = parseSignature(signature);
    const kernel = adaptFunction(change as ForeignFunction, 'softmax', roles, placed ? placement : null);
    const observed = observe(createTarget('test', kernel), 'softmax', batch);
    return Promise.resolve(observed).then((each) =>
      'detail' in each ? [each.status, each.detail] : each.output,
    );
  };
  const right = Float32Array.of(0.25, 0.75, 0.25, 0.75);
  type Out = Float32Array;

  /** Fills its room number by number. */
  const filling = (write: (out: Out, k: number, p: number) => void) => (_: Out, out: Out) => {
    for (const [k, p] of right.entries()) write(out, k, p);
  };
  const adds = filling((out, k, p) => {
    out[k] += p;
  });
  const scales = filling((out, k, p) => {
    out[k] = out[k] * 0 + p;
  });
  const keepsLarger = filling((out, k, p) => {
    if (!(out[k] > p)) out[k] = p;
  });
  const skips = filling((out, k, p) => {
    if (k !== 3) out[k] = p;
  });
  const fillsOne = (_: Out, out: Out) => out.fill(1, 0, 1);
  const fillsLate = (_: Out, out: Out) => setImmediate(() => out.set(right));

  it.each([
    ['adds to its room', '(logits, out)', adds, 'out[0]'],
    ['scales it', '(logits, out)', scales, 'out[0]'],
    ['keeps the larger', '(logits, out)', keepsLarger, 'out[1]'],
    ['skips a number', '(logits, out)', skips, 'out[3]'],
    ['fills one of two numbers', '(row, out)', fillsOne, 'out[1]'],
    ['fills it too late', '(logits, out)', fillsLate, 'out[0]'],
  ])('should be found where it %s', async (_what, signature, fill, place) => {
    for (const placed of [false, true])
      for (const call of [fill, async (logits: Out, out: Out) => void fill(logits, out)])
        expect(await told(signature, call, placed)).toEqual([
          'bad-shape',
          `it left ${place} as it was, or read it before it was written`,
        ]);
  });

  it.each<[string, (numbers: number[]) => unknown, string]>([
    ['(row)', (row) => row.fill(7, 1), 'row'],
    ['(array)', (array) => array.fill(-0, 0, 1), 'array'],
    ['(array)', (array) => array.push(1), 'array'],
    ['(matrix)', (matrix) => Object(matrix[1]).reverse(), 'matrix'],
    ['(matrix)', (matrix) => matrix.pop(), 'matrix'],
    ['(logits)', (logits) => logits.fill(0, 3), 'logits'],
    ['(targets, logits)', (targets) => targets.fill(1, 1), 'targets'],
  ])('should be found where one of %s changes it', async (signature, change, name) => {
    const expected = ['mutated-input', `it changed its ${name}`];
    const isRow = signature === '(row)' || signature === '(array)';
    const answering = (numbers: number[]) => {
      change(numbers);
      return isRow ? [0.5, 0.5] : [...right];
    };
    for (const placed of [false, true]) {
      expect(await told(signature, answering, placed)).toEqual(expected);
      expect(await told(signature, async (numbers: number[]) => answering(numbers), placed)).toEqual(
        expected,
      );
    }
  });

  it('should be found where it writes beside an array, and be let go where it does not', async () => {
    const beside = (by: number) => (given: Out, out: Out) => {
      for (const numbers of [given, out])
        if (numbers.byteOffset > 0) new Float32Array(numbers.buffer)[1 + (by < 0 ? by : numbers.length)] = 1;
      out.set(right.subarray(0, out.length));
    };
    const written = async (signature: string, by: number) => told(signature, beside(by), true);
    expect(await written('(logits, out)', -1)).toEqual([
      'mutated-input',
      'it wrote to logits[-1], and logits has 4',
    ]);
    expect(await written('(row, out)', 0)).toEqual(['mutated-input', 'it wrote to row[2], and row has 2']);
    const only = (_: Out, out: Out) => void new Float32Array(out.fill(1).buffer).fill(0, 5, 6);
    expect(await told('(logits, out)', only, true)).toEqual([
      'mutated-input',
      'it wrote to out[4], and out has 4',
    ]);
    for (const placed of [false, true])
      expect(await told('(logits, out)', (_: Out, out: Out) => out.set(right), placed)).toEqual(right);
  });
});
