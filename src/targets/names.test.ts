import { describe, expect, it } from 'vitest';
import { operations } from '../core/operation.ts';
import { conventionalNames, isOfField, operationOfName } from './names.ts';

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

describe('operationOfName', () => {
  it.each([
    ['log_softmax_backward', 'logSoftmaxGrad'],
    ['rowLse', 'logSumExp'],
    ['softmax_lse', 'logSumExp'],
    ['lse_softmax', 'softmax'],
    ['logsumexp_log_softmax', 'logSoftmax'],
    ['lse_grad', null],
    ['fused_nll', 'crossEntropy'],
  ])('should take %s for %s', (name, operation) => {
    expect(operationOfName(name)).toBe(operation);
  });
});
