import { describe, expect, it } from 'vitest';
import { operations } from '../core/operation.ts';
import { conventionalNames, isLookalike } from './names.ts';

describe('isLookalike', () => {
  it.each([
    'softmaxCrossEntropy',
    'lse',
    'row_lse',
    'rowLse',
    'nllLoss',
    'nll_loss',
    'SoftMax',
    'safeSoftmax',
    'xentLoss',
  ])('should see that %s is of the field', (name) => expect(isLookalike(name)).toBe(true));

  it.each(['pulse', 'elseBranch', 'loss', 'mseLoss', 'argmax', 'target', 'else'])(
    'should leave %s alone',
    (name) => expect(isLookalike(name)).toBe(false),
  );

  it('should be of no name by which a function is found', () => {
    for (const operation of operations)
      for (const name of conventionalNames(operation)) expect(isLookalike(name), name).toBe(false);
  });
});
