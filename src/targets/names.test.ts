import { describe, expect, it } from 'vitest';
import { operations } from '../core/operation.ts';
import { conventionalNames, isOfField } from './names.ts';

describe('isOfField', () => {
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
  ])('should see that %s is of the field', (name) => expect(isOfField(name)).toBe(true));

  it.each(['pulse', 'elseBranch', 'loss', 'mseLoss', 'argmax', 'target', 'else'])(
    'should leave %s alone',
    (name) => expect(isOfField(name)).toBe(false),
  );

  it('should see the names by which functions are found', () => {
    for (const operation of operations)
      for (const name of conventionalNames(operation)) expect(isOfField(name), name).toBe(true);
  });
});
