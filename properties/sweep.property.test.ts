/** The laws of a sweep: of every answer it says what decimals say of it alone, and a cut of the range changes nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CompleteKernel } from '../src/core/kernel.ts';
import type { Target } from '../src/core/target.ts';
import { fromBits, toBits } from '../src/float32/bits.ts';
import { MIN_SUBNORMAL } from '../src/float32/constants.ts';
import { nextDown, nextUp } from '../src/float32/ordinal.ts';
import type { Format } from '../src/formats/format.ts';
import { type FormatName, inFp32 } from '../src/formats/index.ts';
import { packWords } from '../src/formats/words.ts';
import { storedIn } from '../src/kernels/stored.ts';
import { profiles } from '../src/row/profiles.ts';
import { createPlan, type SweepOperation, type SweepPlan, sweepOperations } from '../src/sweep/plan.ts';
import {
  POSITIONS,
  positionOf,
  positionsOf as positionsIn,
  thresholdPositions,
  valueAt,
} from '../src/sweep/positions.ts';
import { createTarget } from '../src/targets/create.ts';
import { byEffort } from './support/effort.ts';
import { halves } from './support/format-designs.ts';
import { expectedSeries, sweepHere } from './support/sweeps.ts';

/** What may become of an answer that was right. */
const damages: readonly ((answer: number) => number)[] = [
  (answer) => answer,
  (answer) => nextUp(answer),
  (answer) => nextDown(answer),
  (answer) => nextUp(nextUp(answer)),
  (answer) => fromBits(toBits(answer) ^ 0x40),
  (answer) => fromBits(toBits(answer) ^ 0x8000),
  (answer) => -answer,
  () => 0,
  () => -0,
  () => -MIN_SUBNORMAL,
  () => 1,
  () => 1e-30,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => Number.NEGATIVE_INFINITY,
];

/** A kernel that is right, but for what `damageOf` does to the number of a word of x. */
function damaged(operation: SweepOperation, damageOf: (word: number) => (answer: number) => number): Target {
  const kernel = {
    [operation](logits: Float32Array, rows: number): Float32Array {
      const answers = Array.from({ length: rows }, (_, r) => {
        const row = logits.subarray(2 * r, 2 * r + 2);
        const max = Math.max(...row);
        const weights = Array.from(row, (x) => Math.exp(x - max));
        const sum = weights[0] + weights[1];
        const logSum = Math.log1p(Math.min(...weights));
        const damage = damageOf(toBits(Object.is(row[0], 0) ? row[1] : row[0]));
        if (operation === 'logSumExp') return [damage(Math.fround(max + logSum))];
        return Array.from(row, (x, i) =>
          damage(Math.fround(operation === 'softmax' ? weights[i] / sum : x - max - logSum)),
        );
      });
      return Float32Array.from(answers.flat());
    },
  };
  return createTarget('damaged', kernel);
}

/** The same of a 16-bit format: right and rounded once, but for what `damageOf` does. */
function damagedIn(
  format: Format,
  operation: SweepOperation,
  damageOf: (word: number) => (answer: number) => number,
): Target {
  const name = format.name as FormatName;
  const { kernel } = damaged(operation, () => (answer) => answer);
  const widened = (logits: Float32Array, rows: number): Float32Array => {
    const answer = (kernel as CompleteKernel)[operation](logits, rows, 2) as Float32Array;
    const perRow = answer.length / rows;
    return answer.map((each, k) => {
      const row = logits.subarray(2 * Math.floor(k / perRow));
      return format.round(damageOf(toBits(Object.is(row[0], 0) ? row[1] : row[0]) >>> 8)(each));
    });
  };
  return createTarget('damaged', storedIn({ [operation]: widened }, format), { format: name });
}

/** Where sweeps of a few words begin. */
const starts = fc.oneof(
  fc.constantFrom(...thresholdPositions),
  fc.nat({ max: POSITIONS - 1 }),
  fc.double({ min: -110, max: 110, noNaN: true }).map((x) => positionOf(Math.fround(x))),
);

/** A few words, every one, or every second or third of them. */
const plans = fc
  .record({
    operation: fc.constantFrom(...sweepOperations),
    profile: fc.constantFrom(...profiles.map(({ name }) => name)),
    start: starts,
    length: fc.integer({ min: 1, max: 12 }),
    stride: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ operation, profile, start, length, stride }): SweepPlan => {
    const to = Math.min(start + stride * length, POSITIONS - 1);
    return createPlan(operation, profile, { stride, from: start, to });
  });

/** The positions of a plan, by its definition. */
function positionsOf({ stride, from, to }: SweepPlan): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i).filter(
    (position) =>
      position % stride === 0 ||
      position === from ||
      position === to ||
      thresholdPositions.includes(position),
  );
}

describe('a sweep', () => {
  it('should say of every answer what decimals say of it alone', async () => {
    await fc.assert(
      fc.asyncProperty(
        plans,
        fc.array(fc.nat({ max: damages.length - 1 }), { minLength: 1, maxLength: 7 }),
        async (plan, kinds) => {
          const target = damaged(plan.operation, (word) => damages[kinds[(word % 1021) % kinds.length]]);
          const { series, visits } = await sweepHere(target, plan);
          const positions = positionsOf(plan);
          expect(visits).toBe(positions.length);
          for (const [s, expected] of expectedSeries(target, plan, positions).entries()) {
            const { error, use: _, ...shown } = series[s];
            const { largest, ...rest } = expected;
            expect(shown).toEqual(rest);
            expect(Math.abs((error?.size ?? 0) - largest)).toBeLessThanOrEqual(2 ** -22 + 2 ** -28 * largest);
            if (error?.isProven)
              expect(Math.abs(error.size - largest)).toBeLessThanOrEqual(1e-12 + 1e-15 * largest);
          }
        },
      ),
      { seed: 3, numRuns: byEffort(20, 80) },
    );
  });

  it.each(halves)('should say so of $name too, infinities and NaN among them', async (format) => {
    const last = positionsIn(format) - 1;
    const middle = (last - 1) / 2;
    const gaps = [0, 1, 5.5, 9.7, 11.09, 17.3, 87.3, 92.9].flatMap((gap) => {
      const steps = format.toOrdinal(format.round(gap));
      return [Math.floor(middle) - steps, Math.ceil(middle) + steps];
    });
    const formats = { ...inFp32, logits: format.name as FormatName, answer: format.name as FormatName };
    const pieces = fc.record({
      operation: fc.constantFrom(...sweepOperations),
      profile: fc.constantFrom(...profiles.map(({ name }) => name)),
      from: fc.oneof(fc.constantFrom(0, last - 8, ...gaps), fc.nat({ max: last })),
      length: fc.integer({ min: 0, max: 12 }),
      kinds: fc.array(fc.nat({ max: damages.length - 1 }), { minLength: 1, maxLength: 7 }),
    });
    await fc.assert(
      fc.asyncProperty(pieces, async ({ operation, profile, from, length, kinds }) => {
        const to = Math.min(from + length, last);
        const plan = createPlan(operation, profile, { from, to }, formats);
        const target = damagedIn(format, operation, (word) => damages[kinds[(word % 1021) % kinds.length]]);
        const { series, visits } = await sweepHere(target, plan);
        expect(visits).toBe(to - from + 1);
        for (const [s, expected] of expectedSeries(target, plan, positionsOf(plan)).entries()) {
          const { error, use: _, ...shown } = series[s];
          const { largest, ...rest } = expected;
          expect(shown).toEqual(rest);
          expect(error?.size ?? 0).toBeCloseTo(largest, 6);
        }
      }),
      { seed: 5, numRuns: byEffort(20, 80) },
    );
  });

  it.each(halves)('should visit each number of $name once, by its order', (format) => {
    const all = Array.from({ length: positionsIn(format) }, (_, position) => valueAt(position, format));
    const words = packWords(all, format);
    expect(new Set(words).size).toBe(all.length);
    // All words but those of NaN, of which there is one.
    const ofNaN = 2 * (2 ** (format.precision - 1) - 1);
    expect(all.length).toBe(2 ** 16 - ofNaN + 1);
    const ordered = all.slice(0, -1);
    expect(ordered.every((x, k) => k === 0 || x > ordered[k - 1] || Object.is(x, 0))).toBe(true);
    expect([all[0], all[all.length - 1]]).toEqual([Number.NEGATIVE_INFINITY, Number.NaN]);
  });

  it('should show exactly where a kernel has been made wrong', async () => {
    const planted = fc.record({
      at: starts,
      length: fc.integer({ min: 1, max: 5 }),
      operation: fc.constantFrom(...sweepOperations),
    });
    await fc.assert(
      fc.asyncProperty(planted, async ({ at, length, operation }) => {
        const to = Math.min(at + length - 1, POSITIONS - 1);
        const isWrong = (word: number): boolean => {
          const position = positionOf(fromBits(word));
          return position >= at && position <= to;
        };
        const target = damaged(operation, (word) => (isWrong(word) ? () => Number.NaN : (answer) => answer));
        const plan = createPlan(operation, 'default', {
          from: Math.max(0, at - 300),
          to: Math.min(POSITIONS - 1, to + 300),
        });
        const { series } = await sweepHere(target, plan);
        for (const { intervals, nans } of series) {
          expect(intervals.map(({ from }) => from)[0]).toBe(at);
          expect(intervals[intervals.length - 1].to).toBe(to);
          expect(nans).toBe(to - at + 1);
        }
      }),
      { seed: 4, numRuns: byEffort(10, 40) },
    );
  });
});
