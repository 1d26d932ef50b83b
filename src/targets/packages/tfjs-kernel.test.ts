import { describe, expect, it } from 'vitest';
import { batchOf } from '../../core/batch.ts';
import { callKernel, operationsOf } from '../../core/kernel.ts';
import { withOptions } from '../../options/index.ts';
import { type Tfjs, tfjsKernel } from './tfjs-kernel.ts';

/** A library whose every operation gives the first tensor that it is given, and how many tensors live. */
function fakeTfjs() {
  const live = new Set<object>();
  const shapes: unknown[] = [];
  const asked: unknown[] = [];
  const tensor = (values: Float32Array) => {
    const made = { dataSync: () => values, dispose: () => void live.delete(made) };
    live.add(made);
    return made;
  };
  const copy = (given: { readonly dataSync: () => Float32Array }) => tensor(given.dataSync().slice());
  const tf: Tfjs = {
    setBackend: () => Promise.resolve(true),
    scalar: (value) => tensor(Float32Array.of(value)),
    tensor1d: tensor,
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
    losses: {
      softmaxCrossEntropy(labels, _logits, weights, labelSmoothing, reduction) {
        asked.push([weights?.dataSync(), labelSmoothing, reduction]);
        return copy(labels);
      },
    },
    Reduction: { NONE: 0, SUM: 2, SUM_BY_NONZERO_WEIGHTS: 3 },
    grad(compute) {
      return (x, upstream) => {
        const answer = compute(x);
        return copy(upstream ?? answer);
      };
    },
  };
  return { tf, live, shapes, asked };
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
    expect(callKernel(kernel, 'crossEntropyGrad', batch)).toEqual(Float32Array.of(1));
    expect(callKernel(kernel, 'crossEntropy', batch)).toBe(0);
    expect(callKernel(kernel, 'crossEntropy', withOptions(batch, { reduction: 'none' }))).toEqual(
      Float32Array.of(0, 1, 1, 0),
    );
    expect(callKernel(kernel, 'softmaxGrad', batch)).toEqual(Float32Array.of(5, 6, 7, 8));
  });

  it('should give the weights of the targets, the smoothing and the reduction, and upstream values of the loss’s shape', () => {
    const { tf, asked } = fakeTfjs();
    const kernel = tfjsKernel(tf);
    const options = { classWeights: [0.5, 2], labelSmoothing: 0.25, reduction: 'none' };
    const gradient = (given: object) => callKernel(kernel, 'crossEntropyGrad', withOptions(batch, given));
    expect(gradient({ ...options, upstream: [3, 4] })).toEqual(Float32Array.of(3, 4));
    expect(gradient({ ...options, upstream: 3 })).toEqual(Float32Array.of(3, 3));
    expect(gradient({ reduction: 'sum', upstream: 3 })).toEqual(Float32Array.of(3));
    expect(gradient({})).toEqual(Float32Array.of(1));
    expect(asked).toEqual([
      [Float32Array.of(2, 0.5), 0.25, 0],
      [Float32Array.of(2, 0.5), 0.25, 0],
      [undefined, 0, 2],
      [undefined, 0, 3],
    ]);
  });
});
