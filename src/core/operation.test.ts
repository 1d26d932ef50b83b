import { describe, expect, it } from 'vitest';
import { operations, outputLength, usesTargets, usesUpstream } from './operation.ts';

describe('outputLength', () => {
  it('should be one a logit, one a row, or one', () => {
    expect(operations.map((operation) => [operation, outputLength(operation, 3, 5, undefined)])).toEqual([
      ['softmax', 15],
      ['logSoftmax', 15],
      ['logSumExp', 3],
      ['crossEntropy', 1],
      ['crossEntropyGrad', 15],
      ['softmaxGrad', 15],
      ['logSoftmaxGrad', 15],
    ]);
  });
});

describe('usesUpstream', () => {
  it('should hold for the vector-Jacobian products', () => {
    expect(operations.filter(usesUpstream)).toEqual(['softmaxGrad', 'logSoftmaxGrad']);
  });
});

describe('usesTargets', () => {
  it('should hold for the loss and its gradient', () => {
    expect(operations.filter(usesTargets)).toEqual(['crossEntropy', 'crossEntropyGrad']);
  });
});
