import { describe, expect, it } from 'vitest';
import { batchGenerator } from '../../arbitraries/generate.ts';
import { type Batch, batchOf } from '../../core/batch.ts';
import { callKernel, operationsOf } from '../../core/kernel.ts';
import { laidOut } from '../../core/layout.ts';
import { createRandom } from '../../core/random.ts';
import { optionSpecs, withOptions } from '../../options/index.ts';
import { asTaken } from '../../options/taken.ts';
import { dimensionsOf, inRows } from './dimensions.ts';
import { type Graph, graphIn } from './graph.ts';
import { callOf, kernelOf, type ModelCall, modelKernel, modelOptionsOf } from './kernel.ts';
import { lossNodeIn } from './loss-node.ts';
import { modelOf } from './model.ts';
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
  const models: Uint8Array[] = [];
  const released: OnnxSession[] = [];
  const session: OnnxSession = {
    inputMetadata: [],
    outputMetadata: [],
    release() {
      released.push(session);
      return Promise.resolve();
    },
    run(inputs, outputs) {
      const tensors = Object.entries(inputs as Readonly<Record<string, Tensor>>);
      asked.push(tensors.map(([name, { type, data, dims }]) => [name, type, data, dims]));
      return Promise.resolve(Object.fromEntries(outputs.map((name) => [name, { data }])));
    },
  };
  const runtime: OnnxRuntime = {
    Tensor,
    InferenceSession: {
      create(model) {
        models.push(model as Uint8Array);
        return Promise.resolve(session);
      },
    },
  };
  return { runtime, session, asked, models, released };
}

const batch = batchOf([[1, 2, 3]], [2]);
const logits = ['float32', batch.logits, [1, 3]];
const rowsOf = (asked: Batch) => dimensionsOf(inRows, asked);
const inFp32 = { logits: 'fp32', answer: 'fp32' } as const;
const inFp16 = { logits: 'fp16', answer: 'fp16' } as const;

describe('callOf', () => {
  it('should pass targets in the type that the model wants', async () => {
    const { runtime, session, asked } = fakeRuntime(Float32Array.of(0.5));
    for (const isInt64 of [false, true]) {
      const targets = { name: 't', isInt64 };
      const call = callOf(runtime, session, {
        logits: 'x',
        sizes: ['N', 'C'],
        targets,
        weights: null,
        scores: {},
        output: 'loss',
        isOfRows: false,
        format: inFp32,
      });
      expect(await callKernel(kernelOf('crossEntropy', call, 'fp32', rowsOf), 'crossEntropy', batch)).toBe(
        0.5,
      );
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

  it('should give an input of sizes of its own all of its numbers', async () => {
    const { runtime, session, asked } = fakeRuntime(new Float32Array(6));
    const call = callOf(runtime, session, {
      logits: 'x',
      sizes: [2, 3],
      targets: null,
      weights: null,
      scores: {
        temperature: { name: 't', sizes: [1] },
        bias: { name: 'b', sizes: [2, 3] },
        hidden: { name: 'h', sizes: [2, 3] },
      },
      output: 'y',
      isOfRows: false,
      format: inFp32,
    });
    const six = Float32Array.of(1, 2, 3, 4, 5, 6);
    const options = { temperature: 2, bias: Float32Array.of(7, 8, 9), mask: Uint8Array.of(1, 1, 0) };
    await call(six, { sizes: [2, 3], axis: 1 }, new Int32Array(2), options);
    await call(six, { sizes: [2, 3], axis: 1 }, new Int32Array(2));
    expect(asked).toEqual([
      [
        ['x', 'float32', six, [2, 3]],
        ['t', 'float32', Float32Array.of(2), [1]],
        ['b', 'float32', Float32Array.of(7, 8, 9, 7, 8, 9), [2, 3]],
        ['h', 'bool', Uint8Array.of(0, 0, 1, 0, 0, 1), [2, 3]],
      ],
      [
        ['x', 'float32', six, [2, 3]],
        ['t', 'float32', Float32Array.of(1), [1]],
        ['b', 'float32', new Float32Array(6), [2, 3]],
        ['h', 'bool', new Uint8Array(6), [2, 3]],
      ],
    ]);
  });

  it('should pass words as float16, and give words of its data, in whatever array they are', async () => {
    const bytes = Uint16Array.of(0xffff, 0x3800, 0x3400).subarray(1);
    // As a Float16Array, which not every version of Node has, would hold them.
    const data = Object.assign([0.5, 0.25], { buffer: bytes.buffer, byteOffset: bytes.byteOffset });
    const { runtime, session, asked } = fakeRuntime(data);
    const wanted = {
      logits: 'x',
      sizes: ['N', 'C'],
      targets: null,
      weights: null,
      scores: {},
      output: 'y',
      isOfRows: false,
      format: inFp16,
    };
    const words = Uint16Array.of(0, 0x3c00);
    expect(
      await callOf(runtime, session, wanted)(words, { sizes: [1, 2], axis: 1 }, Int32Array.of(0)),
    ).toEqual(Uint16Array.of(0x3800, 0x3400));
    expect(asked).toEqual([[['x', 'float16', words, [1, 2]]]]);
  });
});

describe('kernelOf', () => {
  it('should leave a loss of several numbers to the judge', async () => {
    const kernel = kernelOf('crossEntropy', () => Promise.resolve(Float32Array.of(1, 2)), 'fp32', rowsOf);
    expect(await callKernel(kernel, 'crossEntropy', batch)).toEqual(Float32Array.of(1, 2));
  });

  it('should answer a loss that is a word with its number', async () => {
    const kernel = kernelOf('crossEntropy', () => Promise.resolve(Uint16Array.of(0xc100)), 'fp16', rowsOf);
    expect(await callKernel(kernel, 'crossEntropy', batch)).toBe(-2.5);
  });
});

describe('kernelOf, of more dimensions', () => {
  it('should give a model its dimensions, in layouts too', async () => {
    const asked: unknown[] = [];
    const call = (...[numbers, dimensions]: Parameters<ModelCall>) => {
      asked.push(dimensions.sizes);
      return Promise.resolve(numbers);
    };
    const placement = [1, 'rows', 'cols', 'inner', 1] as const;
    const kernel = kernelOf('softmax', call, 'fp32', (each) => dimensionsOf(placement, each));
    await callKernel(kernel, 'softmax', batch);
    const four = batchOf([
      [1, 2],
      [3, 4],
    ]);
    await callKernel(kernel, 'softmax', laidOut(four, { outer: 1, inner: 2 }, Number.NaN));
    expect(asked).toEqual([
      [1, 1, 3, 1, 1],
      [1, 1, 2, 2, 1],
    ]);
  });
});

describe('modelKernel', () => {
  it('should ask a model of three dimensions, along the middle one, where logits lie so', async () => {
    const { runtime, asked, models } = fakeRuntime(Float32Array.of(0.5, 0.5, 0.5, 0.5));
    const kernel = await modelKernel(runtime, ['softmax']);
    const four = batchOf([
      [1, 2],
      [3, 4],
    ]);
    await callKernel(kernel, 'softmax', laidOut(four, { outer: 1, inner: 2 }, Number.NaN));
    expect(asked).toEqual([[['logits', 'float32', Float32Array.of(1, 3, 2, 4), [1, 2, 2]]]]);
    expect(models).toEqual([modelOf('softmax'), modelOf('softmax', 'fp32', { isAlongMiddle: true })]);
    await callKernel(kernel, 'softmax', four);
    expect(asked[1]).toEqual([['logits', 'float32', four.logits, [2, 2]]]);
    expect(models).toHaveLength(2);
  });

  it('should have the operations that it is asked for', async () => {
    const { runtime, asked } = fakeRuntime(Float32Array.of(1, 2, 3));
    const kernel = await modelKernel(runtime, ['softmax', 'logSumExp']);
    expect(operationsOf(kernel)).toEqual(['softmax', 'logSumExp']);
    expect(await callKernel(kernel, 'softmax', batch)).toEqual(Float32Array.of(1, 2, 3));
    expect(asked).toEqual([[['logits', ...logits]]]);
  });

  it('should make a model for each choice of a loss’s options, once, and give it weights', async () => {
    const { runtime, asked, models } = fakeRuntime(Float32Array.of(1));
    const kernel = await modelKernel(runtime, ['crossEntropy']);
    const ask = (options: object) => callKernel(kernel, 'crossEntropy', withOptions(batch, options));
    const weighted = { classWeights: [1, 2, 3], ignoreIndex: -1 };
    expect(await ask({})).toBe(1);
    expect(await ask(weighted)).toBe(1);
    expect(await ask({ ...weighted, reduction: 'none' })).toEqual(Float32Array.of(1));
    await ask({ ...weighted, classWeights: [0, 0, 1] });
    expect(models.map((model) => lossNodeIn(graphIn(model) as Graph))).toEqual([
      { reduction: 'mean', ignoreIndex: null, weights: null },
      { reduction: 'mean', ignoreIndex: -1, weights: null },
      { reduction: 'none', ignoreIndex: -1, weights: null },
    ]);
    const targets = ['targets', 'int32', Int32Array.of(2), [1]];
    const called = [['logits', ...logits], targets];
    const weights = (...numbers: readonly number[]) => [
      'weights',
      'float32',
      Float32Array.from(numbers),
      [3],
    ];
    expect(asked).toEqual([
      called,
      [...called, weights(1, 2, 3)],
      [...called, weights(1, 2, 3)],
      [...called, weights(0, 0, 1)],
    ]);
  });

  it('should have options of scores as inputs, for which there are nodes before the operator', async () => {
    const { runtime, asked, models } = fakeRuntime(Float32Array.of(1, 2, 3));
    const kernel = await modelKernel(runtime, ['softmax']);
    const ask = (options: object) => callKernel(kernel, 'softmax', withOptions(batch, options));
    await ask({ scale: 0.5, softcap: 30, sink: -1 });
    await ask({ bias: [0, -1, Number.NEGATIVE_INFINITY], mask: [1, 0, 1] });
    expect(asked).toEqual([
      [
        ['logits', ...logits],
        ['scale', 'float32', Float32Array.of(0.5), []],
        ['softcap', 'float32', Float32Array.of(30), []],
        ['sink', 'float32', Float32Array.of(-1), [1, 1]],
      ],
      [
        ['logits', ...logits],
        ['bias', 'float32', Float32Array.of(0, -1, Number.NEGATIVE_INFINITY), [1, 3]],
        ['mask', 'bool', Uint8Array.of(1, 0, 1), [1, 3]],
      ],
    ]);
    expect(models).toEqual([
      modelOf('softmax'),
      modelOf('softmax', 'fp32', { scores: ['scale', 'softcap', 'sink'] }),
      modelOf('softmax', 'fp32', { scores: ['bias', 'mask'] }),
    ]);
  });

  it('should lay options of the columns, and sinks, along the rows of a layout', async () => {
    const { runtime, asked } = fakeRuntime(Float32Array.of(1, 2, 3, 4));
    const kernel = await modelKernel(runtime, ['softmax']);
    const four = withOptions(
      batchOf([
        [1, 2],
        [3, 4],
      ]),
      { bias: [5, 6], mask: [1, 1, 0, 1], sink: [7, 8] },
    );
    await callKernel(kernel, 'softmax', laidOut(four, { outer: 1, inner: 2 }, Number.NaN));
    expect(asked).toEqual([
      [
        ['logits', 'float32', Float32Array.of(1, 3, 2, 4), [1, 2, 2]],
        ['bias', 'float32', Float32Array.of(5, 6), [1, 2, 1]],
        ['mask', 'bool', Uint8Array.of(1, 0, 1, 1), [1, 2, 2]],
        ['sink', 'float32', Float32Array.of(7, 8), [1, 1, 2]],
      ],
    ]);
  });

  it('should give a loss with a sink the weight of a class more', async () => {
    const { runtime, asked } = fakeRuntime(Float32Array.of(1));
    const kernel = await modelKernel(runtime, ['crossEntropy']);
    await callKernel(kernel, 'crossEntropy', withOptions(batch, { sink: 4, classWeights: [1, 2, 3] }));
    expect(asked[0]).toContainEqual(['weights', 'float32', Float32Array.of(1, 2, 3, 1), [4]]);
  });

  it('should keep a bounded number of models', async () => {
    const { runtime, models, released } = fakeRuntime(Float32Array.of(1));
    const kernel = await modelKernel(runtime, ['crossEntropy']);
    const ask = (ignoreIndex: number) =>
      callKernel(kernel, 'crossEntropy', withOptions(batch, { ignoreIndex }));
    for (let index = 0; index < 70; index++) {
      await ask(-1 - index);
      await ask(-1);
    }
    expect([models.length, released.length]).toEqual([71, 71 - 64]);
    await ask(-1);
    expect(models.length).toBe(71);
    await ask(-2);
    expect(models.length).toBe(72);
  });

  it('should be asked for every choice that the node tests of ONNX make: reduction, weights, index to ignore', async () => {
    const { runtime, models } = fakeRuntime(Float32Array.of(1));
    const kernel = await modelKernel(runtime, ['crossEntropy']);
    const names = modelOptionsOf(['crossEntropy'], 'fp32').crossEntropy ?? [];
    const taken = { names: names.filter((name) => optionSpecs[name].kind === 'loss'), fixed: {} };
    const draw = batchGenerator({ maxRows: 3, maxCols: 5, options: taken.names });
    const choices = new Set<string>();
    for (let seed = 0; seed < 300; seed++) {
      const { batch: drawnBatch, drawn } = draw(createRandom([3, 1, 4, seed]));
      const given = asTaken(drawnBatch, taken, drawn);
      const { reduction = 'mean', classWeights, ignoreIndex } = given.options ?? {};
      choices.add([reduction, classWeights !== undefined, ignoreIndex !== undefined].join());
      await callKernel(kernel, 'crossEntropy', given);
      await callKernel(kernel, 'crossEntropy', given);
    }
    expect(choices.size).toBe(3 * 2 * 2);
    const distinct = new Set(models.map((model) => Buffer.from(model).toString('hex')));
    expect([models.length, choices.size]).toEqual([distinct.size, 12]); // None is made twice.
  });
});
