import { describe, expect, it } from 'vitest';
import type { Declaration } from '../core/target.ts';
import { createTarget, declarationOfTaken } from './create.ts';

const takenOf = (options: NonNullable<Declaration['options']>, cols?: number) =>
  createTarget('mine', {}, { options, ...(cols !== undefined && { cols }) }).options;

describe('createTarget', () => {
  it('should refuse an array for what is a number', () => {
    const options = { softmax: { temperature: [1, 2] as unknown as number } };
    expect(() => takenOf(options)).toThrow('temperature is an array');
    expect(() => takenOf({ softmax: { temperature: '0.7' as unknown as number } })).toThrow(
      "temperature is the text '0.7'",
    );
  });
});

describe('declarationOfTaken', () => {
  it.each<[NonNullable<Declaration['options']>, number?]>([
    [{ softmax: ['scale', 'mask'], logSumExp: { softcap: 30, sink: true } }],
    [{ softmax: ['temperature'], logSoftmax: { temperature: 0.7, scale: 2, bias: true } }],
    [{ softmax: { bias: Float32Array.of(0, -Infinity), mask: Uint8Array.of(1, 0), sink: -Infinity } }, 2],
  ])('should declare %j again, through JSON', (options, cols) => {
    const taken = takenOf(options, cols);
    const declared = JSON.parse(JSON.stringify(declarationOfTaken(taken ?? {})));
    expect(takenOf(declared, cols)).toEqual(taken);
  });
});
