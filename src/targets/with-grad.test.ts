import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import type { Kernel } from '../core/kernel.ts';
import { createTarget } from './create.ts';
import { observe } from './observe.ts';
import { partsOfBoth } from './with-grad.ts';

const batch = batchOf([[1, 2]], [1]);
const both = {
  answering: (answer: unknown) => () => answer,
  inPlace: (logits: Float32Array) => {
    logits.fill(0.5);
    return { loss: 1 };
  },
};

const targetOf = (call: (logits: Float32Array) => unknown, isInPlace = false) =>
  createTarget('mine', partsOfBoth(call, null, isInPlace) as Kernel, isInPlace ? { inPlace: true } : {});

describe('a function of a loss and its gradient', () => {
  it('should be both operations', () => {
    const target = targetOf(both.answering({ loss: 2, grad: Float32Array.of(3, 4) }));
    expect(observe(target, 'crossEntropy', batch)).toEqual({
      status: 'answered',
      output: Float32Array.of(2),
    });
    const gradient = observe(target, 'crossEntropyGrad', batch);
    expect(gradient).toMatchObject({ status: 'answered', output: Float32Array.of(3, 4) });
  });

  it('should be waited for', async () => {
    const target = targetOf(both.answering(Promise.resolve({ loss: 2, grad: null })));
    const loss = await observe(target, 'crossEntropy', batch);
    expect(loss).toEqual({ status: 'answered', output: Float32Array.of(2) });
  });

  it('should answer in the logits where that is declared, and only there', () => {
    const target = targetOf(both.inPlace, true);
    expect(observe(target, 'crossEntropy', batch)).toMatchObject({ output: Float32Array.of(1) });
    expect(observe(target, 'crossEntropyGrad', batch)).toMatchObject({ output: Float32Array.of(0.5, 0.5) });
    expect([...batch.logits]).toEqual([1, 2]);
    expect(observe(targetOf(both.inPlace), 'crossEntropy', batch)).toMatchObject({ status: 'mutated-input' });
  });

  it('should say what it answers instead', () => {
    expect(observe(targetOf(both.answering(7)), 'crossEntropy', batch)).toEqual({
      status: 'bad-shape',
      detail: 'returned 7: expected { loss, grad }',
    });
  });
});
