import { describe, expect, it } from 'vitest';
import type { Operation } from '../core/operation.ts';
import { NAN_BITS } from '../float32/bits.ts';
import { callOf, probe } from './probe.ts';
import type { ForeignFunction } from './signature.ts';

type Numbers = ArrayLike<number>;
// biome-ignore lint/suspicious/noExplicitAny: functions of users take anything.
type Any = any;

const list = (row: Numbers): number[] => Array.from(row);
const lse = (row: Numbers): number => Math.log(list(row).reduce((sum, x) => sum + Math.exp(x), 0));
const logSoftmax = (row: Numbers): number[] => {
  const total = lse(row);
  return list(row).map((x) => x - total);
};
const softmax = (row: Numbers): number[] => logSoftmax(row).map(Math.exp);
const loss = (row: Numbers, target: number): number => -logSoftmax(row)[target];
const gradient = (row: Numbers, target: number): number[] =>
  softmax(row).map((p, i) => p - Number(i === target));
const product = (g: Numbers, row: Numbers): number[] => {
  const p = softmax(row);
  const dot = p.reduce((sum, x, i) => sum + x * g[i], 0);
  return p.map((x, i) => x * (g[i] - dot));
};

/** A function of one row, for all rows. */
const rowsOf = (x: Float32Array, rows: number, cols: number): Float32Array[] =>
  Array.from({ length: rows }, (_, r) => x.subarray(r * cols, (r + 1) * cols));
const all = (
  x: Float32Array,
  rows: number,
  cols: number,
  of: (row: Numbers, r: number) => Numbers,
): Float32Array => Float32Array.from(rowsOf(x, rows, cols).flatMap((row, r) => list(of(row, r))));
const losses = (x: Float32Array, t: Int32Array, rows: number, cols: number): number[] =>
  rowsOf(x, rows, cols).map((row, r) => loss(row, t[r]));
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

const found = async (implementation: unknown, operation: Operation = 'softmax') => {
  const { reading, note } = await probe(implementation as ForeignFunction, 'f', operation);
  return [reading && callOf('f', reading), note];
};

const contract = (x: Float32Array, rows: number, cols: number) => all(x, rows, cols, softmax);

describe('probe', () => {
  it.each<[string, Operation, unknown]>([
    ['a batch', 'softmax', contract],
    ['a batch, later', 'softmax', async (x: Any, rows: Any, cols: Any) => contract(x, rows, cols)],
    ['sizes by default', 'softmax', (x: Float32Array, rows = 1, cols = x.length) => contract(x, rows, cols)],
    [
      'a batch of losses',
      'crossEntropy',
      (x: Any, t: Any, rows: Any, cols: Any) => sum(losses(x, t, rows, cols)) / rows,
    ],
    [
      'columns of its own making',
      'crossEntropy',
      (x: Any, t: Any) => sum(losses(x, t, t.length, x.length / t.length)) / t.length,
    ],
    [
      'gradients',
      'crossEntropyGrad',
      (x: Any, t: Any, rows: Any, cols: Any) =>
        all(x, rows, cols, (row, r) => gradient(row, t[r])).map((g) => g / rows),
    ],
  ])('should leave a function of the contract as it is: %s', async (_what, operation, implementation) => {
    expect(await found(implementation, operation)).toEqual([null, null]);
  });

  it.each<[string, Operation, unknown]>([
    ['f(row)', 'softmax', (row: Float32Array) => Float32Array.from(softmax(row.subarray(0)))],
    ['f(row)', 'softmax', async (row: Float32Array) => softmax(row.subarray(0))],
    ['f(row)', 'softmax', (row: Float32Array) => Object.freeze(softmax(row))],
    ['f(row)', 'logSumExp', lse],
    ['f(array)', 'softmax', (array: Any) => softmax(array.concat([]))],
    ['f(matrix)', 'softmax', (matrix: Any) => matrix.map(softmax)],
    ['f(rowInPlace)', 'softmax', (row: Float32Array) => void row.set(softmax(row))],
    ['f(row, cols)', 'softmax', (row: Any, n: number) => softmax(row.subarray(0, n))],
    ['f(logits, cols)', 'softmax', (x: Any, cols: number) => contract(x, x.length / cols, cols)],
    ['f(row, out)', 'softmax', (row: Any, out: Any) => void out.set(softmax(row))],
    [
      'f(inPlace, rows, cols)',
      'softmax',
      (x: Any, rows: Any, cols: Any) => void x.set(contract(x, rows, cols)),
    ],
    [
      'f(inPlace, rows, cols)',
      'softmax',
      (x: Any, rows: Any, cols: Any) => {
        x.set(contract(x, rows, cols));
        return x;
      },
    ],
    [
      'f(logits, out, rows, cols)',
      'softmax',
      (x: Any, out: Any, rows: Any, cols: Any) => void out.set(contract(x, rows, cols)),
    ],
    ['f(row, target)', 'crossEntropy', (row: Any, t: number) => loss(row, t)],
    ['f(target, row)', 'crossEntropy', (t: number, row: Any) => loss(row, t)],
    [
      'f(matrix, targets)',
      'crossEntropy',
      (rows: Any, t: Any) => sum(rows.map((row: Any, r: number) => loss(row, t[r]))) / t.length,
    ],
    ['f(row, target)', 'crossEntropyGrad', (row: Any, t: number) => gradient(row, t)],
    ['f(upstream, row)', 'softmaxGrad', (g: Any, row: Any) => product(g, row)],
    ['f(row, upstream)', 'softmaxGrad', (row: Any, g: Any) => product(g, row)],
    [
      'f(logits, upstream, rows, cols)',
      'softmaxGrad',
      (x: Any, g: Any, rows: Any, cols: Any) =>
        all(x, rows, cols, (row, r) => product(g.subarray(r * cols, (r + 1) * cols), row)),
    ],
  ])('should find %s, of %s', async (reading, operation, implementation) => {
    expect(await found(implementation, operation)).toEqual([reading, `f is called as ${reading}`]);
  });

  it.each<[string, Operation, unknown]>([
    [
      'answers no Float32Array: its numbers are rounded to FP32',
      'softmax',
      (x: Any, rows: Any, cols: Any) => Float64Array.from(contract(x, rows, cols)),
    ],
    [
      'answers no Float32Array: its numbers are rounded to FP32',
      'softmax',
      (x: Any, rows: Any, cols: Any) => rowsOf(x, rows, cols).map(softmax),
    ],
    ['answers the losses of rows: their mean is judged', 'crossEntropy', losses],
    [
      'answers no number: the one in its answer is judged',
      'crossEntropy',
      (x: Any, t: Any, rows: Any, cols: Any) => [sum(losses(x, t, rows, cols)) / rows],
    ],
  ])('should take an answer of another type: it %s', async (what, operation, implementation) => {
    const [reading, note] = await found(implementation, operation);
    expect(reading).toMatch(/^f\(logits, .*rows, cols\)$/);
    expect(note).toBe(`f ${what}`);
  });

  it('should judge a mean loss that is twice too large, as it is for two rows that a sum is', async () => {
    const doubled = (x: Any, t: Any, rows: Any, cols: Any) => (2 * sum(losses(x, t, rows, cols))) / rows;
    expect(await found(doubled, 'crossEntropy')).toEqual([null, null]);
  });

  it('should judge a mean that is divided by a row less, as it is for two rows that a sum is', async () => {
    const ofFewer = (x: Any, t: Any, rows: Any, cols: Any) =>
      sum(losses(x, t, rows, cols)) / Math.max(1, rows - 1);
    expect(await found(ofFewer, 'crossEntropy')).toEqual([null, null]);
  });

  it('should judge a loss of the wrong class, as it is right by chance for a batch of zeros and ones', async () => {
    const ofClassBefore = (x: Any, t: Any, rows: Any, cols: Any) =>
      sum(
        losses(
          x,
          Int32Array.from(t, (each: number) => Math.max(0, each - 1)),
          rows,
          cols,
        ),
      ) / rows;
    expect(await found(ofClassBefore, 'crossEntropy')).toEqual([null, null]);
  });

  it.each<[string, Operation, unknown]>([
    [
      'answers the sum of the losses of rows: the contract has their mean',
      'crossEntropy',
      (x: Any, t: Any, rows: Any, cols: Any) => sum(losses(x, t, rows, cols)),
    ],
    [
      'answers the gradient of the sum of the losses of rows: the contract has that of their mean',
      'crossEntropyGrad',
      (x: Any, t: Any, rows: Any, cols: Any) => all(x, rows, cols, (row, r) => gradient(row, t[r])),
    ],
    ['takes probabilities: the contract has logits', 'crossEntropy', (p: Any, t: number) => -Math.log(p[t])],
    [
      'takes probabilities: the contract has logits',
      'crossEntropyGrad',
      (p: Any, t: Any, rows: Any, cols: Any) =>
        all(p, rows, cols, (row, r) => list(row).map((q, i) => (q - Number(i === t[r])) / rows)),
    ],
    [
      'takes logarithms of probabilities: the contract has logits',
      'crossEntropy',
      (p: Any, t: number) => -p[t],
    ],
    [
      'takes its targets as zeros and ones: the contract has the index of each class',
      'crossEntropy',
      (row: Any, hot: Any) => loss(row, hot.indexOf(1)),
    ],
    [
      'takes its targets as zeros and ones: the contract has the index of each class',
      'crossEntropy',
      (x: Any, hot: Any, rows: Any, cols: Any) =>
        sum(
          losses(
            x,
            Int32Array.from(rowsOf(hot, rows, cols), (row) => row.indexOf(1)),
            rows,
            cols,
          ),
        ) / rows,
    ],
  ])('should refuse what is plainly something else: it %s', async (what, operation, implementation) => {
    await expect(found(implementation, operation)).rejects.toThrow(`f ${what}`);
  });

  it('should ask where a function of one row hides what it takes', async () => {
    await expect(found((...args: Any[]) => softmax(args[0]))).rejects.toThrow(
      /^f says nothing of its parameters: it is right as f\(row\), and wrong as f\(logits, rows, cols\)$/,
    );
  });

  it.each<[string, unknown]>([
    ['NaN', (x: Any, _rows: Any, _cols: Any) => x.map(() => Number.NaN)],
    ['NaN, later', async (x: Any, _rows: Any, _cols: Any) => x.map(() => Number.NaN)],
    [
      'a thrown error',
      (_x: Any, _rows: Any, _cols: Any) => {
        throw new Error('no GPU');
      },
    ],
    ['no numbers', (_x: Any, _rows: Any, _cols: Any) => 'text'],
    ['exponentials without their sum', (x: Any, _rows: Any, _cols: Any) => x.map(Math.exp)],
  ])('should have what is simply wrong judged by the contract: %s', async (_what, implementation) => {
    expect(await found(implementation)).toEqual([null, null]);
  });

  it('should not call a slow function for long that is right in no way', async () => {
    let calls = 0;
    const slow = async (x: Any, _rows: Any, _cols: Any) => {
      calls++;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return x.map(Math.exp);
    };
    expect(await found(slow)).toEqual([null, null]);
    expect(calls).toBeLessThan(10);
  });

  it('should not excuse a batch that is taken for one row', async () => {
    const [reading, note] = await found((x: Any, _rows: Any, _cols: Any) => Float32Array.from(softmax(x)));
    expect(reading).toBeNull();
    expect(note).toMatch(/judged as f\(logits, rows, cols\), and it is right as '#f\(row\)'$/);
  });

  it('should say what was tried where a function takes other arguments', async () => {
    expect(
      await found((x: Any, t: number) =>
        all(x, 1, x.length, (row) => softmax(list(row).map((y) => y / t + 1 / y))),
      ),
    ).toEqual([
      null,
      expect.stringMatching(
        /^f answers .* for \[0, 1, 2\] and \[1.5, -0.5, 0.25\], not \[0.09, 0.24, 0.67, .*\]; it is judged as f\(logits, rows, cols\), and if it takes others, name them: '#f\(…\)'$/,
      ),
    ]);
  });

  it('should probe at the sizes that are declared', async () => {
    const narrow = (row: Float32Array) => {
      if (row.length !== 5) throw new RangeError('five');
      return softmax(row);
    };
    const { reading } = await probe(narrow as ForeignFunction, 'f', 'softmax', { cols: 5 });
    expect(reading).toEqual(['row']);
    const long = (row: Float32Array) => Float32Array.from(softmax(row));
    expect((await probe(long as ForeignFunction, 'f', 'softmax', { rows: 3, cols: 3000 })).reading).toEqual([
      'row',
    ]);
    const whole = await probe(contract as ForeignFunction, 'f', 'softmax', { rows: 1, cols: 1 });
    expect(whole).toEqual({ reading: null, note: null });
  });

  it('should leave the arguments of a caller and the state of a batch alone: it gives copies', async () => {
    const seen: Float32Array[] = [];
    const greedy = (x: Float32Array) => {
      seen.push(x.slice());
      return x.fill(Number.NaN);
    };
    await found(greedy);
    // Room for an answer is poisoned with other NaNs.
    for (const given of seen) expect([...new Uint32Array(given.buffer)]).not.toContain(NAN_BITS);
    expect(seen.length).toBeGreaterThan(3);
  });
});
