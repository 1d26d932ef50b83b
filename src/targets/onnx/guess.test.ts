import { describe, expect, it } from 'vitest';
import { createBatch } from '../../core/batch.ts';
import { inRows, laidOut } from '../../core/layout.ts';
import { fp16 } from '../../formats/index.ts';
import { unpackWords } from '../../formats/words.ts';
import { stable } from '../../kernels/stable.ts';
import { describeReading, readingOf, tryOut } from './guess.ts';
import type { ModelInterface } from './interface.ts';
import type { ModelCall } from './kernel.ts';
import type { ModelOperation } from './model.ts';

const operations = ['softmax', 'logSoftmax', 'logSumExp'] as const;
const format = { logits: 'fp32', answer: 'fp32' } as const;
const model: ModelInterface = {
  logits: 'x',
  sizes: ['N', 'C'],
  targets: null,
  weights: null,
  scores: {},
  output: 'y',
  isOfRows: false,
  format,
};
const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);

/** A right model of the operation along an axis. */
function along(axis: number, operation: (typeof operations)[number]): ModelCall {
  return (logits, { sizes }) => {
    const cols = sizes[axis];
    const layout = { outer: product(sizes.slice(0, axis)), inner: product(sizes.slice(axis + 1)) };
    const rows = logits.length / cols;
    const answer = stable[operation](inRows(logits as Float32Array, cols, layout), rows, cols);
    if (operation === 'logSumExp') return Promise.resolve(answer);
    return Promise.resolve(laidOut(createBatch(rows, cols, answer), layout, Number.NaN).logits);
  };
}

/** What is read of a model, tried with these sizes. */
async function read(
  call: ModelCall,
  sizes: readonly number[],
  told: ModelOperation | null = null,
): Promise<unknown> {
  const { operation, axis } = readingOf({ ...model, sizes }, told, await tryOut(call, model, sizes));
  return `${operation} ${axis}`;
}

const shapes = [2, 3, 4].flatMap((rank) =>
  Array.from({ length: 4 ** rank }, (_, k) =>
    Array.from({ length: rank }, (__, dimension) => 1 + (Math.floor(k / 4 ** dimension) % 4)),
  ),
);

describe('readingOf', () => {
  it('should know each operation along each axis of more than one number, of two to four dimensions', async () => {
    const wrong: unknown[] = [];
    for (const sizes of shapes)
      for (const operation of operations)
        for (const axis of sizes.keys()) {
          if (sizes[axis] === 1) continue;
          for (const told of [null, operation]) {
            const found = await read(along(axis, operation), sizes, told);
            if (found !== `${operation} ${axis}`) wrong.push([sizes, operation, axis, told, found]);
          }
        }
    expect(wrong).toEqual([]);
  });

  it('should know them of long rows', async () => {
    for (const operation of operations) {
      expect(await read(along(1, operation), [2, 50_257, 3])).toBe(`${operation} 1`);
      expect(await read(along(2, operation), [2, 3, 50_257])).toBe(`${operation} 2`);
    }
  });

  it('should know what overflows only for large logits, and probabilities that are wrong but add up to 1', async () => {
    const flat: ModelCall = (logits) => Promise.resolve(new Float32Array(logits.length).fill(1 / 3));
    expect(await read(flat, [2, 3, 4])).toBe('softmax 1');
    expect(await read(flat, [2, 3])).toBe('softmax 1');
    expect(await read(flat, [3, 2])).toBe('softmax 0');
  });

  it('should take the last axis where several fit: of probabilities of one class', async () => {
    expect(await read(along(1, 'softmax'), [2, 1, 1])).toBe('softmax 2');
  });

  it('should not take what is left as it was for a logsumexp of one number each', async () => {
    const same: ModelCall = (logits) => Promise.resolve(logits);
    await expect(read(same, [2, 3, 1])).rejects.toThrow(
      'it is not plain which operation it is: of logits 2 x 3 x 1, ',
    );
  });

  it('should not guess what is not plain, and show it', async () => {
    const nan: ModelCall = (logits) => Promise.resolve(new Float32Array(logits.length).fill(Number.NaN));
    await expect(read(nan, [1, 3])).rejects.toMatchObject({
      message: expect.stringMatching(
        /^it is not plain which operation it is: of logits 1 x 3, (-?[\d.]+, ){3}it makes NaN, NaN, NaN$/,
      ),
      hint: expect.stringContaining('Name the operation: onnx:./model.onnx#softmax'),
    });
    const another: ModelCall = () => Promise.resolve(new Float32Array(5).fill(0.2));
    await expect(read(another, [1, 3])).rejects.toThrow('it makes 0.2, 0.2, 0.2, …');
  });

  it('should take what is told along the last axis where nothing fits, or nothing was tried', async () => {
    const nan: ModelCall = (logits) => Promise.resolve(new Float32Array(logits.length).fill(Number.NaN));
    expect(await read(nan, [2, 3, 4], 'softmax')).toBe('softmax 2');
    expect(await read(along(1, 'softmax'), [2, 3, 4], 'logSumExp')).toBe('logSumExp 2');
    expect(readingOf(model, 'softmax', null)).toEqual({ operation: 'softmax', axis: 1, isFound: false });
  });

  it('should know a loss by its targets', () => {
    const loss = { ...model, targets: { name: 't', isInt64: false } };
    expect(readingOf(loss, null, null)).toEqual({
      operation: 'crossEntropy',
      axis: 1,
      isFound: true,
    });
  });
});

describe('describeReading', () => {
  it('should show what is guessed, and an axis that is not the last', () => {
    const described = (axis: number, isGuessed: boolean) =>
      describeReading({ operation: 'softmax', axis }, { rank: 3, isGuessed });
    expect(described(2, false)).toBe('softmax');
    expect(described(2, true)).toBe('softmax (guessed)');
    expect(described(0, false)).toBe('softmax (axis 0 of 3)');
    expect(described(1, true)).toBe('softmax (guessed, axis 1 of 3)');
  });
});

describe('tryOut', () => {
  it('should give a model ordinary logits, and the first class', async () => {
    const asked: unknown[] = [];
    const call: ModelCall = (...given) => {
      asked.push(given);
      return Promise.resolve(Float32Array.of(1));
    };
    const { logits, answer } = await tryOut(call, model, [2, 3, 4]);
    expect(asked).toEqual([[logits, { sizes: [2, 3, 4], axis: 1 }, new Int32Array(2 * 4)]]);
    expect(answer).toEqual(Float32Array.of(1));
    expect(logits).toHaveLength(24);
    expect(new Set(logits).size).toBe(24);
    expect(logits.every((x) => Math.abs(x) <= 2)).toBe(true);
  });

  it('should give and take words where the model has some', async () => {
    const asked: unknown[] = [];
    const call: ModelCall = (words) => {
      asked.push(words);
      return Promise.resolve(Uint16Array.of(0x3800, 0xc500));
    };
    const half = { ...model, format: { logits: 'fp16', answer: 'fp16' } } as const;
    const { logits, answer } = await tryOut(call, half, [1, 2]);
    expect(answer).toEqual(Float32Array.of(0.5, -5));
    expect(unpackWords(asked[0] as Uint16Array, fp16)).toEqual(logits);
  });
});
