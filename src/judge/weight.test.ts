import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../core/batch.ts';
import type { Operation } from '../core/operation.ts';
import { createOracle } from '../oracle/exact.ts';
import { defaultProfile } from '../row/profiles.ts';
import { compare } from './compare.ts';

const two = batchOf(
  [
    [0, 0],
    [0, 0],
  ],
  [0, 0],
  [4, -4, 0.5, -0.5],
);

const table: readonly [string, Operation, Batch, number, number, number][] = [
  ['a probability of 1/2 as 3/4', 'softmax', two, 0, 0.75, 0.25],
  ['a loss of 100 as 50', 'crossEntropy', batchOf([[0, -100]], [1]), 0, 50, 0.5],
  ['a loss of 0 as 1e-7', 'crossEntropy', batchOf([[0]]), 0, 1e-7, 1e-7],
  ['a logarithm of -1e6 as -5e5', 'logSoftmax', batchOf([[0, -1e6]]), 1, -5e5, 0.5],
  ['a gradient of -1/4 of a mean over two rows as 0', 'crossEntropyGrad', two, 0, 0, 0.5],
  ['a product of 2, of upstream values up to 4, as 0', 'softmaxGrad', two, 0, 0, 0.5],
  ['the same of up to 1/2', 'softmaxGrad', two, 2, 0, 0.5],
  ['a product of 4, of upstream values that are 8 together, as 0', 'logSoftmaxGrad', two, 0, 0, 0.5],
  ['infinity for a finite number', 'logSumExp', two, 0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ['NaN for a finite number', 'softmax', two, 0, Number.NaN, Number.POSITIVE_INFINITY],
];

describe('the weight of an error', () => {
  it.each(table)('should be that of %s', (_, operation, batch, k, got, weight) => {
    expect(compare(createOracle(batch), operation, k, got, defaultProfile)?.weight).toBeCloseTo(weight, 12);
  });
});
