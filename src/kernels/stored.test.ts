import { describe, expect, it } from 'vitest';
import { bf16 } from '../formats/index.ts';
import { packWords } from '../formats/words.ts';
import { stable } from './stable.ts';
import { storedIn } from './stored.ts';

describe('storedIn', () => {
  it('should answer a loss as a number, and the losses of rows as words', () => {
    const { crossEntropy } = storedIn({ crossEntropy: stable.crossEntropy }, bf16);
    const logits = packWords(new Float32Array(4), bf16) as unknown as Float32Array;
    const targets = Int32Array.of(0, 1);
    const ln2 = bf16.round(Math.LN2);
    expect(crossEntropy?.(logits, targets, 2, 2)).toBe(ln2);
    expect(crossEntropy?.(logits, targets, 2, 2, { reduction: 'none' })).toEqual(
      packWords(Float32Array.of(ln2, ln2), bf16),
    );
  });
});
