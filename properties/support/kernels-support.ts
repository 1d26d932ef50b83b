/** Batches for the laws of the built-in kernels: few and small, dense where exp, sums and differences break. */
import fc from 'fast-check';
import { type Batch, createBatch } from '../../src/core/batch.ts';
import { fromBits } from '../../src/float32/bits.ts';
import { EXP_OVERFLOW, EXP_SUBNORMAL, EXP_UNDERFLOW, MAX_FINITE } from '../../src/float32/constants.ts';
import { fromOrdinal, toOrdinal } from '../../src/float32/ordinal.ts';

/** Any FP32 word: subnormals, infinities and NaN with their share of the words. */
const anyLogit = fc.integer({ min: 0, max: 0xffffffff }).map(fromBits);

/** Logits whose exps, sums and quotients of exps are normal numbers. */
export const ordinaryLogit = fc.float({ min: -40, max: 40, noNaN: true });

/** Within four FP32 values of a threshold of exp, of half of FP32's range and of its end. */
const edgeLogit = fc
  .tuple(
    fc.constantFrom(
      EXP_OVERFLOW,
      EXP_UNDERFLOW,
      EXP_SUBNORMAL,
      88,
      2 ** 24,
      2 ** 127,
      -(2 ** 127),
      MAX_FINITE,
    ),
    fc.integer({ min: -4, max: 4 }),
  )
  .map(([threshold, steps]) => fromOrdinal(toOrdinal(threshold) + steps));

const specialLogit = fc.constantFrom(
  0,
  -0,
  Number.NEGATIVE_INFINITY,
  Number.POSITIVE_INFINITY,
  Number.NaN,
  MAX_FINITE,
  -MAX_FINITE,
);

/** Everything, NaN and the infinities included. */
export const logit = fc.oneof(ordinaryLogit, edgeLogit, anyLogit, specialLogit);

export const finiteLogit = logit.filter(Number.isFinite);

/** Batches of 1 to 4 rows and 1 to 9 columns of such logits; half of them draw from two values only, so that ties occur. */
export function batches(logits: fc.Arbitrary<number>): fc.Arbitrary<Batch> {
  const pool = fc.oneof(
    fc.constant(logits),
    fc.tuple(logits, logits).map(([a, b]) => fc.constantFrom(a, b)),
  );
  return fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 9 }), pool)
    .chain(([rows, cols, values]) =>
      fc
        .tuple(
          fc.array(values, { minLength: rows * cols, maxLength: rows * cols }),
          fc.array(fc.nat(cols - 1), { minLength: rows, maxLength: rows }),
        )
        .map(([flat, targets]) => createBatch(rows, cols, flat, targets)),
    );
}
