import { describe, expect, it } from 'vitest';
import { batchOf } from '../../core/batch.ts';
import { callKernel, operationsOf } from '../../core/kernel.ts';
import { callOf, kernelOf, modelKernel } from './kernel.ts';
import type { OnnxRuntime, OnnxSession } from './runtime.ts';

/** A runtime whose models answer `numbers`, and what was asked of it. */
function fakeRuntime(...numbers: readonly number[]) {
  class Tensor {
    readonly type: string;
    readonly data: unknown;
    readonly dims: readonly number[];

    constructor(type: string, data: unknown, dims: readonly number[]) {
      this.type = type;
      this.data = data;
      this.dims = dims;
    }
  }
  const asked: unknown[] = [];
  const session: OnnxSession = {
    inputMetadata: [],
    outputMetadata: [],
    run(inputs, outputs) {
      const tensors = Object.entries(inputs as Readonly<Record<string, Tensor>>);
      asked.push(tensors.map(([name, { type, data, dims }]) => [name, type, data, dims]));
      return Promise.resolve(
        Object.fromEntries(outputs.map((name) => [name, { data: Float32Array.from(numbers) }])),
      );
    },
  };
  const runtime: OnnxRuntime = { Tensor, InferenceSession: { create: () => Promise.resolve(session) } };
  return { runtime, session, asked };
}

const batch = batchOf([[1, 2, 3]], [2]);
const logits = ['float32', batch.logits, [1, 3]];

describe('callOf', () => {
  it('should pass targets in the type that the model wants', async () => {
    const { runtime, session, asked } = fakeRuntime(0.5);
    for (const isInt64 of [false, true]) {
      const call = callOf(runtime, session, { logits: 'x', targets: { name: 't', isInt64 }, output: 'loss' });
      expect(await callKernel(kernelOf('crossEntropy', call), 'crossEntropy', batch)).toBe(0.5);
    }
    expect(asked).toEqual([
      [
        ['x', ...logits],
        ['t', 'int32', Int32Array.of(2), [1]],
      ],
      [
        ['x', ...logits],
        ['t', 'int64', BigInt64Array.of(2n), [1]],
      ],
    ]);
  });
});

describe('kernelOf', () => {
  it('should leave a loss of several numbers to the judge', async () => {
    const kernel = kernelOf('crossEntropy', () => Promise.resolve(Float32Array.of(1, 2)));
    expect(await callKernel(kernel, 'crossEntropy', batch)).toEqual(Float32Array.of(1, 2));
  });
});

describe('modelKernel', () => {
  it('should have the operations that it is asked for', async () => {
    const { runtime, asked } = fakeRuntime(1, 2, 3);
    const kernel = await modelKernel(runtime, ['softmax', 'logSumExp']);
    expect(operationsOf(kernel)).toEqual(['softmax', 'logSumExp']);
    expect(await callKernel(kernel, 'softmax', batch)).toEqual(Float32Array.of(1, 2, 3));
    expect(asked).toEqual([[['logits', ...logits]]]);
  });
});
