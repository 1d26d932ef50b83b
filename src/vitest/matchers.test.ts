import { describe, expect, it } from 'vitest';
import { stable } from '../kernels/stable.ts';
import './matchers.ts';

describe('the matchers', () => {
  it('should be those of expect, with types', () => {
    const logits = Float32Array.of(1, 2);
    const answer = stable.softmax(logits, 1, 2);
    expect(answer).toMatchOracle('softmax', logits, { profile: 'libm' });
    expect(answer).not.toMatchOracle('softmax', [1, 3]);
    expect(0.1).toBeWithinUlps(0.1, 0);
    expect([1]).not.toBeWithinUlps([2], 1);
    // @ts-expect-error There is no such operation.
    expect(() => expect(answer).toMatchOracle('softmx', logits)).toThrow(
      'did you mean softmax?\nThe operations are: ',
    );
    // @ts-expect-error Nor is a text a number.
    expect(() => expect(1).toBeWithinUlps('1', 1)).toThrow('expected numbers');
  });

  it('should tell failures by what was expected', () => {
    expect(() => expect(2).toBeWithinUlps(1, 3)).toThrow(
      'expected 1 (3f800000) within 3 ULP, got 2 (40000000)',
    );
    expect(() => expect([1]).toMatchOracle('softmax', [0, 0])).toThrow(
      'softmax([0, 0]) has 2 numbers, got 1',
    );
    expect(() => expect([0.5, 0.5]).not.toMatchOracle('softmax', [0, 0])).toThrow(
      'softmax([0, 0]) is right by the profile default, and should not be',
    );
  });
});
