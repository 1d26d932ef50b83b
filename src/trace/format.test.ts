import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { createNaive } from '../kernels/naive.ts';
import { createStable } from '../kernels/stable.ts';
import { formatTrace } from './format.ts';
import { traceKernel } from './trace.ts';

describe('formatTrace', () => {
  it('should align the steps and mark the first non-finite one', () => {
    expect(formatTrace(traceKernel(createNaive, 'softmax', batchOf([[89, 0]])))).toEqual([
      '1  exp(89)             = Infinity  (7f800000)  <- first non-finite',
      '2  exp(0)              = 1         (3f800000)',
      '3  0 + Infinity        = Infinity  (7f800000)',
      '4  Infinity + 1        = Infinity  (7f800000)',
      '5  Infinity / Infinity = NaN       (7fc00000)',
      '6  1 / Infinity        = 0         (00000000)',
    ]);
  });

  it('should mark nothing where all is finite', () => {
    expect(formatTrace(traceKernel(createStable, 'logSumExp', batchOf([[-0.5]]))).join('\n')).toBe(
      [
        '1  -0.5 - -0.5 = 0     (00000000)',
        '2  exp(0)      = 1     (3f800000)',
        '3  0 + 1       = 1     (3f800000)',
        '4  log(1)      = 0     (00000000)',
        '5  0 + -0.5    = -0.5  (bf000000)',
      ].join('\n'),
    );
  });

  it('should leave out the middle of a long trace but for the surroundings of the first non-finite step', () => {
    const logits = Array.from({ length: 100 }, (_, i) => (i === 50 ? 89 : 0));
    const lines = formatTrace(traceKernel(createNaive, 'softmax', batchOf([logits])), 11);
    expect(lines.map((line) => line.replace(/ +=.*\)/, ''))).toEqual([
      '  1  exp(0)',
      '  2  exp(0)',
      '… 45 steps …',
      ' 48  exp(0)',
      ' 49  exp(0)',
      ' 50  exp(0)',
      ' 51  exp(89)  <- first non-finite',
      ' 52  exp(0)',
      ' 53  exp(0)',
      ' 54  exp(0)',
      '… 244 steps …',
      '299  1 / Infinity',
      '300  1 / Infinity',
    ]);
  });

  it('should not leave out a single step', () => {
    const lines = formatTrace(traceKernel(createStable, 'logSumExp', batchOf([[0]])), 4);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['1', '2', '3', '4', '5']);
  });

  it('should have no lines for a trace without steps', () => {
    expect(formatTrace({ steps: [], firstNonFinite: null, output: new Float32Array(0) })).toEqual([]);
  });
});
