/**
 * The built-in kernels answer like PyTorch 1.13.1 on the CPU running the same steps, bit for bit.
 *
 * The only difference is its exp, which is within 1 ULP and not always correctly rounded: at the six arguments of
 * `pytorchExp` it is the FP32 value next to the right one. Each element in which that shows is listed; with PyTorch's
 * values at these six arguments, no element differs.
 */
import { Decimal } from 'decimal.js';
import { describe, expect, it } from 'vitest';
import { type Batch, createBatch } from '../src/core/batch.ts';
import type { CompleteKernel } from '../src/core/kernel.ts';
import type { Operation } from '../src/core/operation.ts';
import { fromHex, fromHexWords, toHex, toHexWords } from '../src/float32/bits.ts';
import { nextDown, nextUp } from '../src/float32/ordinal.ts';
import { type Arithmetic, fp32, type Step } from '../src/kernels/arithmetic.ts';
import { argmaxRows } from '../src/kernels/matrix.ts';
import { createNaive, naive } from '../src/kernels/naive.ts';
import { createStable, stable } from '../src/kernels/stable.ts';
import { traceKernel } from '../src/trace/trace.ts';
import data from './data/pytorch-cases.json' with { type: 'json' };

/** An argument, PyTorch's exp of it, and the correctly rounded one. The last of PyTorch's is inferred from overflow_88. */
const pytorchExp: readonly (readonly [x: string, pytorch: string, correct: string])[] = [
  ['3fa01f48', '405f9866', '405f9865'],
  ['406f12ff', '4227a444', '4227a445'],
  ['bea42c4c', '3f39c5f6', '3f39c5f5'],
  ['3f9c63b1', '40592b3e', '40592b3d'],
  ['c044dcd5', '3d3d01f8', '3d3d01f7'],
  ['c2b1999a', '001d9fa6', '001d9fa5'],
];

type Difference = readonly [
  name: string,
  field: string,
  index: number,
  pytorch: string,
  ours: string,
  reason: string,
];

/** Every element that differs, of every case. */
const differences: readonly Difference[] = [
  ['overflow_88', 'stable.grad', 2, '000f8d45', '000f8d44', "PyTorch's exp(-88.8) is too high"],
  ['batch5x8', 'naive.exp', 0, '405f9866', '405f9865', "PyTorch's exp(1.2509546) is too high"],
  ['batch5x8', 'naive.exp', 5, '4227a444', '4227a445', "PyTorch's exp(3.7355344) is too low"],
  ['batch5x8', 'naive.exp', 9, '3f39c5f6', '3f39c5f5', "PyTorch's exp(-0.32065046) is too high"],
  ['batch5x8', 'naive.exp', 18, '40592b3e', '40592b3d', "PyTorch's exp(1.2217923) is too high"],
  ['batch5x8', 'naive.exp', 33, '3d3d01f8', '3d3d01f7', "PyTorch's exp(-3.0759785) is too high"],
  ['batch5x8', 'naive.softmax', 5, '3e9a0c63', '3e9a0c64', 'follows from naive.exp[5]'],
  ['batch5x8', 'naive.softmax', 9, '3cf8c359', '3cf8c357', 'follows from naive.exp[9]'],
  ['batch5x8', 'naive.softmax', 18, '3c394d5f', '3c394d5e', 'follows from naive.exp[18]'],
  ['batch5x8', 'naive.logSoftmax', 5, 'bf99bc44', 'bf99bc43', 'follows from naive.exp[5]'],
  ['batch5x8', 'naive.grad', 0, 'be47a9d4', 'be47a9d3', 'follows from naive.exp[0]'],
  ['batch5x8', 'naive.grad', 5, '3d767a39', '3d767a3b', 'follows from naive.exp[5]'],
  ['batch5x8', 'naive.grad', 9, '3bc702ae', '3bc702ad', 'follows from naive.exp[9]'],
  ['batch5x8', 'naive.grad', 18, '3b143de5', '3b143de4', 'follows from naive.exp[18]'],
  ['batch5x8', 'naive.grad', 33, '398ccf95', '398ccf94', 'follows from naive.exp[33]'],
];

const cases = Object.entries(data.cases).map(([name, { rows, cols, logits, targets, ...fields }]) => ({
  name,
  batch: createBatch(rows, cols, fromHexWords(logits.split(' ')), targets),
  fields: Object.entries(fields).flatMap(([kernel, words]) =>
    Object.entries(words).map(([field, list]) => ({ field: `${kernel}.${field}`, words: wordsOf(list) })),
  ),
}));

/** The words of a field, every NaN as the one word of src/float32/bits.ts. */
function wordsOf(list: string): string[] {
  return toHexWords(fromHexWords(list.split(' ')));
}

/** What the operations of two kernels answer, by the names of the data. */
function outputs(naive: CompleteKernel, stable: CompleteKernel, batch: Batch) {
  const { logits, targets, rows, cols } = batch;
  return {
    'naive.softmax': naive.softmax(logits, rows, cols),
    'naive.logSoftmax': naive.logSoftmax(logits, rows, cols),
    'naive.loss': [naive.crossEntropy(logits, targets, rows, cols)],
    'naive.grad': naive.crossEntropyGrad(logits, targets, rows, cols),
    'stable.lse': stable.logSumExp(logits, rows, cols),
    'stable.loss': [stable.crossEntropy(logits, targets, rows, cols)],
    'stable.grad': stable.crossEntropyGrad(logits, targets, rows, cols),
    'builtin.lse': stable.logSumExp(logits, rows, cols),
  };
}

/** The steps in between, by the names of the data, picked from the traces. */
function intermediates(batch: Batch) {
  const { logits, rows, cols } = batch;
  const results = (
    create: (arithmetic: Arithmetic) => CompleteKernel,
    operation: Operation,
    op: Step['op'],
  ) =>
    traceKernel(create, operation, batch)
      .steps.filter((step) => step.op === op)
      .map((step) => step.result);
  const lastOfRows = (values: readonly number[]) => values.filter((_, i) => i % cols === cols - 1);
  return {
    'naive.exp': results(createNaive, 'softmax', 'exp'),
    'naive.sum': lastOfRows(results(createNaive, 'softmax', 'add')),
    'naive.nll': results(createNaive, 'crossEntropy', 'neg'),
    'stable.max': Array.from(argmaxRows(logits, rows), (argmax) => logits[argmax]),
    'stable.shifted': results(createStable, 'softmax', 'sub'),
    'stable.sum': lastOfRows(results(createStable, 'softmax', 'add')),
    'stable.nll': results(createStable, 'crossEntropy', 'sub').slice(rows * cols),
  };
}

/** Case, field, index, PyTorch's word and ours of every element that differs in the fields of `ours`. */
function differencesOf(
  { name, fields }: (typeof cases)[number],
  ours: Readonly<Record<string, ArrayLike<number>>>,
) {
  return fields
    .filter(({ field }) => field in ours)
    .flatMap(({ field, words }) => {
      const answer = toHexWords(ours[field]);
      expect(answer).toHaveLength(words.length);
      return words
        .map((word, i) => [name, field, i, word, answer[i]] as const)
        .filter(([, , , word, ourWord]) => word !== ourWord);
    });
}

describe('the built-in kernels', () => {
  it('should answer like PyTorch, but for the listed elements', () => {
    const found = cases.flatMap((testCase) => {
      const ours = { ...intermediates(testCase.batch), ...outputs(naive, stable, testCase.batch) };
      expect(Object.keys(ours).sort()).toEqual(testCase.fields.map(({ field }) => field).sort());
      return differencesOf(testCase, ours);
    });
    expect(found).toEqual(differences.map((difference) => difference.slice(0, 5)));
  });

  it.each(cases)("should answer like PyTorch with PyTorch's exp, without exception: $name", (testCase) => {
    const off = new Map(pytorchExp.map(([x, pytorch]) => [fromHex(x), fromHex(pytorch)]));
    const arithmetic = { ...fp32, exp: (x: number) => off.get(x) ?? fp32.exp(x) };
    const ours = outputs(createNaive(arithmetic), createStable(arithmetic), testCase.batch);
    expect(differencesOf(testCase, ours)).toEqual([]);
  });

  it("should differ nowhere on the article's batch", () => {
    expect(differences.filter(([name]) => name === 'main')).toEqual([]);
    const { logits, targets, rows, cols } = cases[0].batch;
    expect(naive.crossEntropy(logits, targets, rows, cols)).toBe(Number.POSITIVE_INFINITY);
    expect(naive.crossEntropyGrad(logits, targets, rows, cols).subarray(3, 6)).toEqual(
      Float32Array.of(Number.NaN, Number.NaN, Number.NaN),
    );
    expect(toHex(stable.crossEntropy(logits, targets, rows, cols))).toBe('4426d197');
  });
});

describe('fp32.exp', () => {
  it.each(pytorchExp)(
    'should be correctly rounded at %s where PyTorch is next to it',
    (x, pytorch, correct) => {
      const exact = decimal(fromHex(x)).exp();
      const error = (word: string) => exact.minus(decimal(fromHex(word))).abs();
      expect(toHex(fp32.exp(fromHex(x)))).toBe(correct);
      expect(error(correct).lessThan(error(pytorch))).toBe(true);
      expect([nextUp(fromHex(correct)), nextDown(fromHex(correct))]).toContain(fromHex(pytorch));
    },
  );
});

/** The FP32 value to 100 digits. */
function decimal(value: number): Decimal {
  const Precise = Decimal.clone({ precision: 100 });
  return new Precise(value.toPrecision(100));
}
