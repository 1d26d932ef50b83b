/** Laws of the built-in kernels with options. A law that says "bit for bit" takes all NaNs for one. */
import { describe, expect, it } from 'vitest';
import { type Batch, batchOf, createBatch, rowOf } from '../src/core/batch.ts';
import { answerOf, type CompleteKernel } from '../src/core/kernel.ts';
import { type Operation, operations, usesTargets, usesUpstream } from '../src/core/operation.ts';
import type { Options } from '../src/core/options.ts';
import { toHexWords } from '../src/float32/bits.ts';
import { judge } from '../src/judge/judge.ts';
import { fp32 } from '../src/kernels/arithmetic.ts';
import { builtinKernels } from '../src/kernels/builtin.ts';
import { takingOptions } from '../src/kernels/options.ts';
import { stable } from '../src/kernels/stable.ts';
import { withOptions } from '../src/options/index.ts';
import { createOracle } from '../src/oracle/exact.ts';
import { profileNamed } from '../src/row/profiles.ts';
import { traceKernel } from '../src/trace/trace.ts';
import { answerBy, rightDesigns } from './support/option-kernels.ts';
import { batchesWith, hasOrdinaryRows, optionSets } from './support/options.ts';

const { NaN: NAN, NEGATIVE_INFINITY: MASKED } = Number;

const several = batchesWith('several', 60, 11);

describe.each(Object.entries(builtinKernels))('%s', (_, { create, kernel }) => {
  const words = (operation: Operation, batch: Batch) => toHexWords(answerOf(kernel, operation, batch));

  it.each(operations)('should not change by options that change nothing, bit for bit: %s', (operation) => {
    for (const batch of several) {
      const { options: _options, ...plain } = batch;
      const { logits, cols } = plain;
      const neutral: Options = {
        scale: 1,
        bias: new Float32Array(cols),
        mask: new Uint8Array(logits.length).fill(1),
      };
      expect(words(operation, { ...plain, options: neutral })).toEqual(words(operation, plain));
    }
  });

  it('should not change by a sink of -Infinity, bit for bit', () => {
    for (const { options: _options, ...plain } of several)
      for (const operation of [
        'softmax',
        'logSoftmax',
        'logSumExp',
        'crossEntropy',
        'crossEntropyGrad',
      ] as const)
        expect(words(operation, { ...plain, options: { sink: MASKED } })).toEqual(words(operation, plain));
  });

  it('should answer by a scale that is a power of two as for logits that are scaled, bit for bit', () => {
    let compared = 0;
    for (const { options: _options, ...plain } of several) {
      const scaled = { ...plain, logits: plain.logits.map((x) => x / 4) };
      if (scaled.logits.some((x, i) => 4 * x !== plain.logits[i])) continue;
      compared++;
      for (const operation of ['softmax', 'logSoftmax', 'logSumExp', 'crossEntropy'] as const)
        expect(words(operation, { ...plain, options: { scale: 0.25 } })).toEqual(words(operation, scaled));
    }
    expect(compared).toBeGreaterThan(several.length / 2);
  });

  it('should answer for the others as if what a mask hides were not there, whatever that is', () => {
    const hidden = (value: number, operation: Operation) =>
      answerOf(
        kernel,
        operation,
        withOptions(createBatch(2, 3, [1, value, 2, 3, 0.5, value], [0, 1], [1, 5, 2, 3, -1, 4]), {
          mask: Uint8Array.of(1, 0, 1, 1, 1, 0),
        }),
      );
    const without = createBatch(2, 2, [1, 2, 3, 0.5], [0, 1], [1, 2, 3, -1]);
    for (const operation of ['softmax', 'softmaxGrad', 'crossEntropyGrad'] as const) {
      const [a, b, c, d] = answerOf(kernel, operation, without);
      for (const value of [NAN, 1e30, Number.POSITIVE_INFINITY, 7])
        expect(hidden(value, operation)).toEqual(Float32Array.of(a, 0, b, c, d, 0));
    }
    for (const operation of ['logSumExp', 'crossEntropy'] as const)
      expect(hidden(NAN, operation)).toEqual(answerOf(kernel, operation, without));
  });

  it('should answer with a bias or a mask of all rows as with one of each, bit for bit', () => {
    const logits = [1, 2, 3, -1, 0, 5];
    for (const [bias, mask] of [
      [
        [0.5, -3, 20],
        [1, 0, 1],
      ],
    ]) {
      const once = { bias: Float32Array.from(bias), mask: Uint8Array.from(mask) };
      const each = { bias: Float32Array.from([...bias, ...bias]), mask: Uint8Array.from([...mask, ...mask]) };
      const batch = createBatch(2, 3, logits, [0, 2], [1, 2, 3, 4, 5, 6]);
      for (const operation of operations)
        expect(words(operation, withOptions(batch, once))).toEqual(
          words(operation, withOptions(batch, each)),
        );
    }
  });

  it('should answer with a sink of each row as for the row alone with its own', () => {
    const batch = createBatch(2, 2, [1, 2, 3, -1], [0, 1]);
    const sinks = Float32Array.of(0.5, 4);
    const softmax = answerOf(kernel, 'softmax', withOptions(batch, { sink: sinks }));
    for (const [r, sink] of sinks.entries()) {
      const alone = withOptions(batchOf([Array.from(rowOf(batch, r))]), { sink });
      expect(softmax.slice(2 * r, 2 * r + 2)).toEqual(answerOf(kernel, 'softmax', alone));
    }
  });

  it('should answer a step of all logits at a time as one logit after the other, bit for bit', () => {
    const without = (operation: Operation) => {
      const count = usesTargets(operation) || usesUpstream(operation) ? 4 : 3;
      const call = kernel[operation] as (...args: readonly unknown[]) => unknown;
      return [operation, (...args: readonly unknown[]) => call(...args.slice(0, count))];
    };
    const bare = Object.fromEntries(operations.map(without)) as unknown as CompleteKernel;
    const oneByOne = takingOptions(fp32, bare, { scores: () => ({}) });
    for (const batch of several)
      for (const operation of operations)
        expect(toHexWords(answerOf(oneByOne, operation, batch))).toEqual(words(operation, batch));
  });

  it('should answer under the trace as without it, bit for bit, and leave its arguments as they are', () => {
    for (const batch of several) {
      const before = structuredClone(batch);
      for (const operation of operations)
        expect(toHexWords(traceKernel(create, operation, batch).output)).toEqual(words(operation, batch));
      expect(batch).toEqual(before);
    }
  });
});

describe('stable', () => {
  const sequential = profileNamed('sequential');
  const errorsOf = (operation: Operation, batch: Batch) =>
    judge(createOracle(batch), operation, answerOf(stable, operation, batch), sequential);

  it.each(optionSets)('should be right with %s, but for what it gets wrong without', (set) => {
    for (const batch of batchesWith(set, 60, 12)) {
      if (!hasOrdinaryRows(batch)) continue;
      for (const operation of operations) {
        const found = errorsOf(operation, batch);
        const isKnown = operation === 'crossEntropy' || operation === 'crossEntropyGrad';
        const isNew = ({ kind, severity }: (typeof found)[number]) =>
          kind !== 'special-value' && (!isKnown || severity === 'error');
        expect(found.filter(isNew), operation).toEqual([]);
      }
    }
  });

  it('should be right where a product vanishes before its scale', () => {
    const batch = withOptions(batchOf([[3, -3]], [0], [0, 1]), { scale: -54.872440338134766, softcap: 50 });
    expect(errorsOf('softmaxGrad', batch)).toEqual([]);
  });

  it('should have its softmax from the definition in FP32, an operation for each option', () => {
    for (const batch of several)
      expect(answerOf(stable, 'softmax', batch)).toEqual(
        answerBy(rightDesigns['an operation each'].design, 'softmax', batch),
      );
  });
});

describe('a trace', () => {
  it('should have a step for each option', () => {
    const batch = withOptions(batchOf([[3]]), {
      scale: 2,
      softcap: 6,
      bias: Float32Array.of(1),
      sink: 0,
    });
    const { steps } = traceKernel(builtinKernels.naive.create, 'logSumExp', batch);
    expect(steps.map(({ op }) => op)).toEqual([
      'mul',
      'div',
      'tanh',
      'mul',
      'add',
      'exp',
      'exp',
      'add',
      'add',
      'log',
    ]);
  });
});
