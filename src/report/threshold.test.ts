import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { fromOrdinal, toOrdinal } from '../float32/ordinal.ts';
import { reasonAtBoundary } from './threshold.ts';

/** The reason where the last logit of a row fails once it, less the maximum of the others in FP32, is at `threshold` or beyond. */
function reasonAt(threshold: number, others: readonly number[]): string | null {
  const origin = others.length === 0 ? 0 : Math.max(...others);
  const away = Math.sign(threshold);
  const isBeyond = (ordinal: number) =>
    away * Math.fround(fromOrdinal(ordinal) - origin) >= Math.abs(threshold);
  let fails = toOrdinal(Math.fround(threshold + origin)) - 8 * away;
  while (!isBeyond(fails)) fails += away;
  const boundary = { cell: others.length, passes: fromOrdinal(fails - away), fails: fromOrdinal(fails) };
  return reasonAtBoundary({ batch: batchOf([[...others, boundary.fails]]), boundary });
}

describe('reasonAtBoundary', () => {
  it.each([
    [88.722839, [], 'exp of a logit overflows FP32 (88.72284 and above)'],
    [709.782712893384, [], 'exp of a logit overflows FP64 (709.7827 and above)'],
    [65520, [], 'a logit overflows FP16 (65520 and above)'],
    [Math.log(65520), [], 'exp of a logit overflows FP16 (11.0899 and above)'],
    [-103.97207708, [], 'exp of a logit rounds to 0 in FP32 (-103.972084 and below)'],
    [-103.97207708, [50], 'exp of the distance to the maximum rounds to 0 in FP32 (103.972084 and more)'],
    [-90.99457, [], null],
    [4.25e37, [], null],
    [42, [], null],
  ] as const)('should read the threshold at %d beside %j: %s', (at, others, reason) => {
    expect(reasonAt(at, others)).toBe(reason);
  });

  it('should know a sum that overflows by its boundary', () => {
    const batch = batchOf([[88.5, 88]]);
    // e^88.5 + e^x is 2^128 at 87.134...
    const at = Math.log(2 ** 128 - Math.exp(88.5));
    const [passes, fails] = [Math.fround(at - 1e-4), Math.fround(at + 1e-4)];
    expect(reasonAtBoundary({ batch, boundary: { cell: 1, passes, fails } })).toBe(
      'each exp is finite, but their sum overflows FP32',
    );
  });

  it('should not take for the reason what it passes beyond', () => {
    const [below, above] = [88.72283, 88.72284].map(Math.fround);
    const batch = batchOf([[-102, -102]]);
    const reasonOf = (passes: number, fails: number) =>
      reasonAtBoundary({ batch, boundary: { cell: 1, passes, fails } });
    expect(reasonOf(below, above)).toBe('exp of a logit overflows FP32 (88.72284 and above)');
    expect(reasonOf(above, below)).toBeNull();
    const [shallow, deep] = [-103.97208, -103.972084].map(Math.fround);
    expect(reasonOf(shallow, deep)).toBe('exp of a logit rounds to 0 in FP32 (-103.972084 and below)');
    expect(reasonOf(deep, shallow)).toBeNull();
  });

  it('should say nothing without a boundary, or at an infinite one', () => {
    const batch = batchOf([[89]]);
    expect(reasonAtBoundary({ batch, boundary: null })).toBeNull();
    const fails = Number.POSITIVE_INFINITY;
    expect(
      reasonAtBoundary({ batch, boundary: { cell: 0, passes: 3.4028234663852886e38, fails } }),
    ).toBeNull();
  });
});
