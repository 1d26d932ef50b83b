import { describe, expect, it } from 'vitest';
import { batchOf } from '../../core/batch.ts';
import { callKernel, operationsOf } from '../../core/kernel.ts';
import { type Tfjs, tfjsKernel } from './tfjs-kernel.ts';

/** A library whose every operation gives the first tensor that it is given, and how many tensors live. */
function fakeTfjs() {
  const live = new Set<object>();
  const shapes: unknown[] = [];
  const tensor = (values: Float32Array) => {
    const made = { dataSync: () => values, dispose: () => void live.delete(made) };
    live.add(made);
    return made;
  };
  const copy = (given: { readonly dataSync: () => Float32Array }) => tensor(given.dataSync().slice());
  const tf: Tfjs = {
    setBackend: () => Promise.resolve(true),
    tensor2d(values, shape) {
      shapes.push(shape);
      return tensor(values);
    },
    tidy(compute) {
      const before = new Set(live);
      const kept = compute();
      for (const each of live) if (!before.has(each) && each !== kept) live.delete(each);
      return kept;
    },
    softmax: copy,
    logSoftmax: copy,
    logSumExp: copy,
    losses: { softmaxCrossEntropy: copy },
    grad: (compute) => (x, upstream) => copy(upstream ?? compute(x)),
  };
  return { tf, live, shapes };
}

describe('tfjsKernel', () => {
  const batch = batchOf(
    [
      [1, 2],
      [3, 4],
    ],
    [1, 0],
    [5, 6, 7, 8],
  );

  it('should leave no tensor behind', () => {
    const { tf, live, shapes } = fakeTfjs();
    const kernel = tfjsKernel(tf);
    expect(operationsOf(kernel)).toHaveLength(7);
    for (const operation of operationsOf(kernel)) callKernel(kernel, operation, batch);
    expect(live.size).toBe(0);
    expect(new Set(shapes.map(String))).toEqual(new Set(['2,2']));
  });

  it('should give the loss one-hot labels, and gradients their upstream values', () => {
    const kernel = tfjsKernel(fakeTfjs().tf);
    expect(callKernel(kernel, 'crossEntropyGrad', batch)).toEqual(Float32Array.of(0, 1, 1, 0));
    expect(callKernel(kernel, 'crossEntropy', batch)).toBe(0);
    expect(callKernel(kernel, 'softmaxGrad', batch)).toEqual(Float32Array.of(5, 6, 7, 8));
  });
});
