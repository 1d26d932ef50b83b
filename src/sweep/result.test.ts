import { describe, expect, it } from 'vitest';
import { sweepHere } from '../../properties/support/sweeps.ts';
import { fromHex, toHex } from '../float32/bits.ts';
import { MIN_NORMAL } from '../float32/constants.ts';
import { nextUp } from '../float32/ordinal.ts';
import { builtinTarget } from '../targets/builtin.ts';
import { createTarget } from '../targets/create.ts';
import { FLUSHED } from './intervals.ts';
import { createPlan } from './plan.ts';
import { positionOf, valueAt } from './positions.ts';
import type { SeriesSummary } from './result.ts';

/** The correctly rounded softmax of rows of two, but for what `change` makes of each answer. */
function softmaxTarget(change: (answer: number, x: number) => number, profile = 'default') {
  return createTarget(
    'mine',
    {
      softmax: (logits) =>
        logits.map((x, i) => {
          const other = logits[i ^ 1];
          return change(Math.fround(1 / (1 + Math.exp(other - x))), x === 0 ? other : x);
        }),
    },
    { profile },
  );
}

/** The intervals of a series as fault, words and counts. */
function shown({ intervals }: SeriesSummary): (string | number)[][] {
  return intervals.map(({ fault, from, to, answers }) => [
    fault,
    toHex(valueAt(from)),
    toHex(valueAt(to)),
    answers,
  ]);
}

describe('summarize', () => {
  it('should report a fault of three floats as an interval of three floats', async () => {
    const wrong = [2.5, nextUp(2.5), nextUp(nextUp(2.5))];
    const target = softmaxTarget((p, x) => (wrong.includes(x) ? p * 1.5 : p));
    const at = positionOf(2.5);
    const { series } = await sweepHere(
      target,
      createPlan('softmax', 'default', { from: at - 5000, to: at + 5000 }),
    );
    for (const each of series.filter(({ series: { entry } }) => entry === 'zero'))
      expect(shown(each)).toEqual([['softmax/inaccurate/ordinary', '40200000', '40200002', 3]]);
  });

  it('should find to the word where a kernel flushes subnormals, however thin the sweep', async () => {
    const target = softmaxTarget((p) => (p < MIN_NORMAL ? 0 : p), 'default+ftz');
    const plan = createPlan('softmax', 'default+ftz', { stride: 1 << 20 });
    const { series } = await sweepHere(target, plan);
    // From the first x whose p does not round to 0, e^x > 2^-150, up to the last with e^x < 2^-126.
    for (const each of series.filter(({ series: { entry } }) => entry === 'x'))
      expect(shown(each)).toEqual([[FLUSHED, 'c2cff1b4', 'c2aeac50', expect.any(Number)]]);
    for (const each of series.filter(({ series: { entry } }) => entry === 'zero'))
      expect(shown(each)).toEqual([[FLUSHED, '42aeac50', '42cff1b4', expect.any(Number)]]);
  });

  it('should call the same flushing wrong where the profile has gradual underflow', async () => {
    const target = softmaxTarget((p) => (p < MIN_NORMAL ? 0 : p));
    const from = positionOf(fromHex('c2aeac50')) - 3;
    const { series } = await sweepHere(target, createPlan('softmax', 'default', { from, to: from + 6 }));
    expect(shown(series[0])).toEqual([['softmax/zeroed/underflow/warning', 'c2aeac53', 'c2aeac50', 4]]);
  });

  it('should know where the naive kernel overflows, and count its NaNs', async () => {
    const from = positionOf(fromHex('42b17218')) - 100;
    const plan = createPlan('softmax', 'sequential', { from, to: from + 200 });
    const [x] = (await sweepHere(builtinTarget('naive'), plan)).series;
    expect(shown(x)).toEqual([['softmax/nan/exp-overflow', '42b17218', '42b1727c', 101]]);
    expect(x).toMatchObject({ nans: 101, beyond: [], error: null }); // The other answers are 1, and so is the nearest.
  });

  it('should compare the largest errors exactly', async () => {
    const target = softmaxTarget((p) => p);
    const { series } = await sweepHere(target, createPlan('softmax', 'strict', { stride: 40_999 }));
    for (const { error, beyond, intervals } of series) {
      expect(error?.isProven).toBe(true);
      expect(error?.size).toBeGreaterThan(0.4999);
      expect(error?.size).toBeLessThanOrEqual(0.5);
      expect([beyond, intervals]).toEqual([[], []]);
    }
  });

  it('should own up when too many errors are nearly the largest', async () => {
    const [from, to] = [positionOf(300), positionOf(300) + 1000];
    const { series } = await sweepHere(
      softmaxTarget((p) => p / 2),
      createPlan('softmax', 'default', { from, to }),
    );
    expect(series[0].error).toMatchObject({ isProven: false, position: from, size: 2 ** 23 });
    expect(series[0].beyond[23]).toEqual({ ulps: 2 ** 22, answers: 1001 });
    expect(series[0].beyond[24]).toBeUndefined();
    expect(series[1].error).toBeNull();
  });
});
