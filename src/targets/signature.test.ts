import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { UserError } from '../core/errors.ts';
import { callKernel } from '../core/kernel.ts';
import type { Operation } from '../core/operation.ts';
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
