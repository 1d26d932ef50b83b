import { describe, expect, it } from 'vitest';
import { batchOf } from '../../core/batch.ts';
import { callKernel, operationsOf } from '../../core/kernel.ts';
import { callOf, kernelOf, modelKernel } from './kernel.ts';
import type { OnnxRuntime, OnnxSession } from './runtime.ts';

/** A runtime whose models answer `data`, and what was asked of it. */
function fakeRuntime(data: ArrayLike<number>) {
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
      return Promise.resolve(Object.fromEntries(outputs.map((name) => [name, { data }])));
    },
  };
  const runtime: OnnxRuntime = { Tensor, InferenceSession: { create: () => Promise.resolve(session) } };
  return { runtime, session, asked };
}

const batch = batchOf([[1, 2, 3]], [2]);
const logits = ['float32', batch.logits, [1, 3]];
const inFp32 = { logits: 'fp32', answer: 'fp32' } as const;
const inFp16 = { logits: 'fp16', answer: 'fp16' } as const;

describe('callOf', () => {
  it('should pass targets in the type that the model wants', async () => {
    const { runtime, session, asked } = fakeRuntime(Float32Array.of(0.5));
    for (const isInt64 of [false, true]) {
      const targets = { name: 't', isInt64 };
      const call = callOf(runtime, session, { logits: 'x', targets, output: 'loss', format: inFp32 });
      expect(await callKernel(kernelOf('crossEntropy', call, 'fp32'), 'crossEntropy', batch)).toBe(0.5);
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

  it('should pass words as float16, and give words of its data, in whatever array they are', async () => {
    const bytes = Uint16Array.of(0xffff, 0x3800, 0x3400).subarray(1);
    // As a Float16Array, which not every version of Node has, would hold them.
    const data = Object.assign([0.5, 0.25], { buffer: bytes.buffer, byteOffset: bytes.byteOffset });
    const { runtime, session, asked } = fakeRuntime(data);
    const wanted = { logits: 'x', targets: null, output: 'y', format: inFp16 };
    const words = Uint16Array.of(0, 0x3c00);
    expect(await callOf(runtime, session, wanted)(words, Int32Array.of(0), 1, 2)).toEqual(
      Uint16Array.of(0x3800, 0x3400),
    );
    expect(asked).toEqual([[['x', 'float16', words, [1, 2]]]]);
  });
});

describe('kernelOf', () => {
  it('should leave a loss of several numbers to the judge', async () => {
    const kernel = kernelOf('crossEntropy', () => Promise.resolve(Float32Array.of(1, 2)), 'fp32');
    expect(await callKernel(kernel, 'crossEntropy', batch)).toEqual(Float32Array.of(1, 2));
  });

  it('should answer a loss that is a word with its number', async () => {
    const kernel = kernelOf('crossEntropy', () => Promise.resolve(Uint16Array.of(0xc100)), 'fp16');
    expect(await callKernel(kernel, 'crossEntropy', batch)).toBe(-2.5);
  });
});

describe('modelKernel', () => {
  it('should have the operations that it is asked for', async () => {
    const { runtime, asked } = fakeRuntime(Float32Array.of(1, 2, 3));
    const kernel = await modelKernel(runtime, ['softmax', 'logSumExp']);
    expect(operationsOf(kernel)).toEqual(['softmax', 'logSumExp']);
    expect(await callKernel(kernel, 'softmax', batch)).toEqual(Float32Array.of(1, 2, 3));
    expect(asked).toEqual([[['logits', ...logits]]]);
  });
});
