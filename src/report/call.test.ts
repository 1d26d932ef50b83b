import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import type { Operation } from '../core/operation.ts';
import { withOptions } from '../options/index.ts';
import { formatAnswer, formatAnswerWords, formatCall, formatCalls, formatSome, formatWords } from './call.ts';

const rows = (count: number, cols: number) =>
  batchOf(Array.from({ length: count }, () => new Array(cols).fill(0)));

describe('formatCalls', () => {
  const callOf = (operation: Operation, ...logits: number[]) => ({ operation, batch: batchOf([logits]) });

  it('should write the calls in their order, equal neighbors counted', () => {
    const last = callOf('softmax', 0);
    expect(formatCalls(last)).toBe('softmax([0])');
    const long = { operation: 'softmax' as const, batch: rows(1, 33) };
    expect(formatCalls({ ...last, before: [long] })).toBe('softmax([0 ×33]); softmax([0])');
    const before = [last, last, callOf('logSumExp', 0), last];
    expect(formatCalls({ ...last, before })).toBe(
      'softmax([0]) ×2; logSumExp([0]); softmax([0]); softmax([0])',
    );
  });

  it('should show what may be anything in the last', () => {
    const free = { logits: [0], targets: [], upstream: [] };
    const last = callOf('softmax', 0);
    expect(formatCalls({ ...last, before: [last] }, undefined, free)).toBe('softmax([0]); softmax([*])');
  });
});

describe('formatCall', () => {
  it('should be what a person would write', () => {
    const two = batchOf(
      [
        [1, -0],
        [Number.NEGATIVE_INFINITY, 0.1],
      ],
      [1, 0],
    );
    expect(formatCall('softmax', batchOf([[89]]))).toBe('softmax([89])');
    expect(formatCall('crossEntropy', batchOf([[0, 89]], [1]))).toBe('crossEntropy([0, 89], target 1)');
    expect(formatCall('logSumExp', two)).toBe('logSumExp([[1, -0], [-Infinity, 0.1]])');
    expect(formatCall('crossEntropyGrad', two)).toBe(
      'crossEntropyGrad([[1, -0], [-Infinity, 0.1]], targets [1, 0])',
    );
    expect(formatCall('softmaxGrad', batchOf([[0, 89]], [1], [1, 0]))).toBe(
      'softmaxGrad([0, 89], upstream [1, 0])',
    );
    expect(formatCall('logSoftmaxGrad', { ...two, upstream: Float32Array.of(1, 0, -2, 3) })).toBe(
      'logSoftmaxGrad([[1, -0], [-Infinity, 0.1]], upstream [[1, 0], [-2, 3]])',
    );
    expect(formatCall('softmaxGrad', batchOf([[89]]))).toBe('softmaxGrad([89], upstream all 1)');
  });

  it('should cut long rows and many rows, and say how many there are', () => {
    expect(formatCall('softmax', rows(1, 1024), 3)).toBe('softmax([0 ×1024])');
    expect(formatCall('softmax', rows(2, 9), 4)).toBe('softmax([[0 ×9], [0 ×9]])');
    expect(formatCall('crossEntropy', rows(5, 1), 2)).toBe('crossEntropy([[0] ×5], targets [0 ×5])');
    const three = batchOf([[0], [1], [2], [2], [2]], [0, 0, 0, 0, 0]);
    expect(formatCall('softmax', three)).toBe('softmax([[0], [1], [2] ×3])');
    expect(formatCall('crossEntropy', three, 2)).toBe(
      'crossEntropy([[0], [1], … 5 rows in all], targets [0 ×5])',
    );
    const free = { logits: [0, 1, 4], targets: [1, 2], upstream: [] };
    expect(formatCall('crossEntropy', three, 3, free)).toBe(
      'crossEntropy([[*] ×2, [2] ×2, [*]], targets [0, * ×2, 0 ×2])',
    );
    const noise = Array.from({ length: 100 }, (_, r) =>
      Array.from({ length: 100 }, (_, c) => Math.sin(r + c)),
    );
    expect(formatCall('softmax', batchOf(noise)).length).toBeLessThan(1000);
  });
});

describe('formatSome and formatWords', () => {
  it('should write out what is short enough', () => {
    expect(formatSome(Float32Array.of(2, 2), 2)).toBe('[2, 2]');
    expect(formatWords(Float32Array.of(2, 2), 2)).toBe('40000000 40000000');
  });

  it('should count equal neighbors in what is longer, and tell the zeros apart', () => {
    const values = Float32Array.of(0, 0, 0, -0, -0, 89, 0, 0);
    expect(formatSome(values, 4)).toBe('[0 ×3, -0 ×2, 89, 0 ×2]');
    expect(formatWords(values, 4)).toBe('00000000 ×3 80000000 ×2 42b20000 00000000 ×2');
  });

  it('should cut what is still too long, and say how much there is', () => {
    expect(formatSome(Float32Array.of(1, 1, 2, 3), 2)).toBe('[1 ×2, 2, … 4 in all]');
  });
});

describe('formatAnswer and formatAnswerWords', () => {
  const long = Float32Array.from({ length: 9 }, (_, k) => k);

  it('should show a short answer whole', () => {
    expect(formatAnswer(Float32Array.of(1, Number.NaN), 1)).toBe('[1, NaN]');
    expect(formatAnswerWords(Float32Array.of(1, Number.NaN), 1)).toBe('[1, NaN]  3f800000 7fc00000');
  });

  it('should show of a long one the element that is wrong', () => {
    expect(formatAnswerWords(long, 8)).toBe('output[8] = 8  41000000');
  });

  it('should show the beginning of a long one that is wrong as a whole', () => {
    expect(formatAnswerWords(long, null)).toBe(
      '[0, 1, 2, 3, … 9 in all]  00000000 3f800000 40000000 40400000 … 9 in all',
    );
  });

  it('should tell options in their order', () => {
    const batch = withOptions(batchOf([[0, 1]]), { mask: [1, 0], temperature: 0.7, scale: 0.25 });
    expect(formatCalls({ operation: 'softmax', batch })).toBe(
      'softmax([0, 1], scale 0.25, temperature 0.7, mask [1, 0])',
    );
  });
});
