import { describe, expect, it } from 'vitest';
import { operations } from '../core/operation.ts';
import { nearestName, unknownName } from './nearest.ts';

describe('nearestName', () => {
  it.each([
    ['sofmax', 'softmax'],
    ['SOFTMAX', 'softmax'],
    ['logsoftmax', 'logSoftmax'],
    ['logsumexp', 'logSumExp'],
    ['crossEntropyGradient', 'crossEntropyGrad'],
    ['cross-entropy', 'crossEntropy'],
  ])('should take %s for %s', (name, nearest) => {
    expect(nearestName(name, operations)).toBe(nearest);
  });

  it.each(['', 'x', 'matmul', 'attention'])("should not guess at '%s'", (name) => {
    expect(nearestName(name, operations)).toBeNull();
  });

  it('should count insertions, deletions and substitutions, and allow half of the name', () => {
    expect(nearestName('abcd', ['abxy'])).toBe('abxy');
    expect(nearestName('abcd', ['axyz'])).toBeNull();
    expect(nearestName('ab', ['abc', 'abcd'])).toBe('abc');
    expect(nearestName('abcd', [])).toBeNull();
  });
});

describe('unknownName', () => {
  it('should name the nearest, and all in the hint', () => {
    expect(unknownName('kernel', 'nave', ['naive', 'stable'])).toMatchObject({
      message: "there is no kernel 'nave'; did you mean naive?",
      hint: 'The kernels are: naive, stable.',
    });
    expect(unknownName('kernel', 'xyz', ['naive']).message).toBe("there is no kernel 'xyz'");
  });
});
