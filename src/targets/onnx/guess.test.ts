import { describe, expect, it } from 'vitest';
import { answerToOrdinary, guessOperation } from './guess.ts';
import type { ModelInterface } from './interface.ts';
import type { OnnxSession } from './runtime.ts';

const sessionOf = (...shape: readonly (number | string)[]): OnnxSession => ({
  inputMetadata: [],
  outputMetadata: [{ name: 'y', isTensor: true, type: 'float32', shape }],
  release: () => Promise.resolve(),
  run: () => Promise.reject(new Error('it is not run')),
});
const format = { logits: 'fp32', answer: 'fp32' } as const;
const model: ModelInterface = {
  logits: 'x',
  targets: null,
  weights: null,
  output: 'y',
  isOfRows: false,
  format,
};

describe('guessOperation', () => {
  it('should know a loss by its targets and logsumexp by its shape', () => {
    const loss = { ...model, targets: { name: 't', isInt64: false } };
    expect(guessOperation(sessionOf(), loss, [2.41])).toBe('crossEntropy');
    expect(guessOperation(sessionOf('N'), model, [2.41])).toBe('logSumExp');
    expect(guessOperation(sessionOf('N', 1), model, [2.41])).toBe('logSumExp');
  });

  it('should know softmax and log-softmax by what they answer', () => {
    expect(guessOperation(sessionOf('N', 'C'), model, [0.09, 0.2447, 0.6652])).toBe('softmax');
    expect(guessOperation(sessionOf('N', 'C'), model, [-2.4076, -1.4076, -0.4076])).toBe('logSoftmax');
    expect(guessOperation(sessionOf(2, 1), { ...model, rows: 2, cols: 1 }, [1, 1])).toBe('softmax');
    expect(guessOperation(sessionOf(), model, [0.09, 0.2447, 0.6652])).toBe('softmax');
  });

  it('should not guess what is not plain', () => {
    expect(() => guessOperation(sessionOf('N', 'C'), model, [0, 1, 2])).toThrow(
      'it is not plain which operation it is: of the logits 0, 1, 2, … it makes 0, 1, 2',
    );
    expect(() => guessOperation(sessionOf('N', 'C'), model, [Number.NaN, 1, 2])).toThrow(
      'it makes NaN, 1, 2',
    );
  });
});

describe('answerToOrdinary', () => {
  it('should give a model logits of the sizes that it takes', async () => {
    const asked: unknown[] = [];
    const call = (...args: readonly unknown[]): Promise<Float32Array> => {
      asked.push(args);
      return Promise.resolve(Float32Array.of(1));
    };
    await answerToOrdinary(call, model);
    await answerToOrdinary(call, { ...model, rows: 2, cols: 2 });
    expect(asked).toEqual([
      [Float32Array.of(0, 1, 2), Int32Array.of(0), 1, 3],
      [Float32Array.of(0, 1, 0, 1), Int32Array.of(0, 0), 2, 2],
    ]);
  });

  it('should give and take words where the model has some', async () => {
    const asked: unknown[] = [];
    const call = (...args: readonly unknown[]): Promise<Uint16Array> => {
      asked.push(args[0]);
      return Promise.resolve(Uint16Array.of(0x3800, 0xc500));
    };
    const half = { ...model, format: { logits: 'fp16', answer: 'fp16' } } as const;
    expect(await answerToOrdinary(call, half)).toEqual(Float32Array.of(0.5, -5));
    expect(asked).toEqual([Uint16Array.of(0, 0x3c00, 0x4000)]);
  });
});
