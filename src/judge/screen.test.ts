import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Batch, batchOf } from '../core/batch.ts';
import type { Operation } from '../core/operation.ts';
import { MIN_SUBNORMAL as TINY, UNIT_ROUNDOFF as u } from '../float32/constants.ts';
import { bf16, fp16, fp32 } from '../formats/index.ts';
import { lossSpecs, rowSpecs } from '../operations/index.ts';
import type { LossSpec, RowSpec } from '../operations/operation.ts';
import { withOptions } from '../options/index.ts';
import { createOracle } from '../oracle/exact.ts';
import type { ApproximateRow } from '../row/approximate-row.ts';
import { inFormats } from '../row/profile-formats.ts';
import { defaultProfile } from '../row/profiles.ts';
import { judgeExactly } from './judge.ts';
import { unproven } from './screen.ts';

/** What is not proven right when double precision is as far off as `blur` says. */
function unprovenWith(
  blur: Partial<ApproximateRow>,
  operation: Operation,
  batch: Batch,
  output: readonly number[],
  profile = defaultProfile,
): number[] {
  const rows = createOracle(batch).approximate.map((row) => ({ ...row, ...blur }));
  return unproven(operation, batch, rows, Float32Array.from(output), profile);
}

describe('unproven', () => {
  it('should add the error of its own reference to that of the answer', () => {
    const half = batchOf([[0, 0]]);
    // Of 3.5 u the answer takes 3, and the reference half of its relative error.
    const softmax = (relativeError: number) =>
      unprovenWith({ relativeError }, 'softmax', half, [0.5 + 3 * u, 0.5]);
    expect(softmax(0.9 * u)).toEqual([]);
    expect(softmax(1.1 * u)).toEqual([0]);
    // Of 1 + 5 ln 2 = 4.47 u the answer takes 4 + 0.03.
    for (const operation of ['logSumExp', 'crossEntropy'] as const) {
      const logarithm = (logSumError: number) =>
        unprovenWith({ logSumError }, operation, half, [Math.fround(Math.LN2) + 4 * u]);
      expect(logarithm(0.4 * u)).toEqual([]);
      expect(logarithm(0.5 * u)).toEqual([0]);
    }
  });

  it('should prove the logsumexp of a sink beside hidden logits, whatever made them: the sink itself, and no other number', () => {
    const hidden = withOptions(batchOf([[1, 2]]), { softcap: 50, mask: Uint8Array.of(0, 0), sink: -93.6337 });
    const sink = Math.fround(-93.6337);
    expect(unprovenWith({}, 'logSumExp', hidden, [sink])).toEqual([]);
    expect(unprovenWith({}, 'logSumExp', hidden, [sink - 1e-5])).toEqual([0]);
  });

  it('should prove the logsumexp of scores so large that their gaps are not known, in the format that it is stored in', () => {
    // The scores are some 6.9999995e29 and 6.9999998e28; the answer is the number of the format beside the first, and the one after the next is wrong.
    const large = withOptions(batchOf([[1e30, 1e29]]), { scale: 0.7, bias: Float32Array.of(1e25, 0) });
    for (const answer of [fp32, bf16]) {
      const profile = inFormats(defaultProfile, { answer, arithmetic: fp32 });
      const [right] = createOracle(large).rounded('logSumExp', answer);
      expect(unprovenWith({}, 'logSumExp', large, [right], profile)).toEqual([]);
      expect(unprovenWith({}, 'logSumExp', large, [right + 2 * answer.ulp(right)], profile)).toEqual([0]);
    }
  });

  it('should prove what all that a logsumexp may be rounds to, also of one score alone', () => {
    const alone = withOptions(batchOf([[1e30]]), { scale: 0.7, bias: Float32Array.of(1e25) });
    const profile = inFormats(defaultProfile, { answer: bf16, arithmetic: fp32 });
    const [right] = createOracle(alone).rounded('logSumExp', bf16);
    expect(unprovenWith({}, 'logSumExp', alone, [right], profile)).toEqual([]);
    expect(unprovenWith({}, 'logSumExp', alone, [right + bf16.ulp(right)], profile)).toEqual([0]);
  });

  it('should add what far weights may change', () => {
    // e^-100 is 26.55 * 2^-149: of the floor of 4 the answer takes 3.45.
    const small = (absoluteError: number) =>
      unprovenWith({ absoluteError }, 'softmax', batchOf([[0, -100]]), [1, 30 * TINY]);
    expect(small(0.5 * TINY)).toEqual([]);
    expect(small(0.6 * TINY)).toEqual([1]);
    // A far probability rounds to 0, and what else it may be is a matter of the floor.
    const far = (got: number, floor: number) =>
      unprovenWith({}, 'softmax', batchOf([[0, -300]]), [1, got], { ...defaultProfile, floor });
    expect(far(0, 0)).toEqual([]);
    expect(far(TINY, 2 * TINY)).toEqual([]);
    expect(far(TINY, 0)).toEqual([1]);
  });
});

describe('what is rounded to nearest', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const stored = [bf16, fp16].map((answer) => inFormats(defaultProfile, { answer, arithmetic: fp32 }));

  it.each(stored)('should be proven in $answer.name without its budget, and what is not by it', (profile) => {
    const { answer } = profile;
    const logits = [1, 0, -3, -12, -95, -300, Number.NEGATIVE_INFINITY];
    const batch = batchOf([logits]);
    const { approximate } = createOracle(batch);
    const right = Float32Array.from(approximate[0].probabilities, answer.round);
    const budget = vi.spyOn(rowSpecs.softmax as { budget: RowSpec['budget'] }, 'budget');
    expect(unproven('softmax', batch, approximate, right, profile)).toEqual([]);
    expect(budget).not.toHaveBeenCalled();
    for (const [i, p] of right.entries()) {
      for (const steps of [-1, 1]) {
        const off = right.with(i, answer.fromOrdinal(answer.toOrdinal(p) + steps));
        expect(unproven('softmax', batch, approximate, off, profile)).toEqual(
          judgeExactly(createOracle(batch), 'softmax', off, profile).length > 0 ? [i] : [],
        );
      }
      const notANumber = right.with(i, Number.NaN);
      expect(unproven('softmax', batch, approximate, notANumber, profile)).toEqual([i]);
    }
  });

  it('should be right whatever is allowed, and nothing else where that is nothing', () => {
    vi.spyOn(rowSpecs.logSoftmax as { budget: RowSpec['budget'] }, 'budget').mockReturnValue(() => 0);
    vi.spyOn(lossSpecs.crossEntropy as { budget: LossSpec['budget'] }, 'budget').mockReturnValue(0);
    const batch = batchOf([[1, 0, -3]]);
    for (const operation of ['logSoftmax', 'crossEntropy'] as const) {
      const right = createOracle(batch).rounded(operation, fp32);
      expect(unprovenWith({}, operation, batch, [...right])).toEqual([]);
      for (const [i, x] of right.entries())
        for (const steps of [-1, 1]) {
          const off = right.with(i, fp32.fromOrdinal(fp32.toOrdinal(x) + steps));
          expect(unprovenWith({}, operation, batch, [...off])).toEqual([i]);
        }
    }
  });

  it('should leave to its budget what is computed in the format itself', () => {
    const batch = batchOf([[0, 0, 0]]);
    const { approximate } = createOracle(batch);
    const profile = inFormats(defaultProfile, { answer: bf16, arithmetic: bf16 });
    // A third is 0.333984375 in BF16, and its neighbors are within the budget of its arithmetic.
    const off = Float32Array.of(0.33203125, 0.3359375, 0.333984375);
    expect(unproven('softmax', batch, approximate, off, profile)).toEqual([]);
  });
});

describe('the glance at a row of softmax', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** What is not proven, and how many numbers were asked for one by one. */
  function glance(logits: readonly number[], output: readonly number[], operation: Operation = 'softmax') {
    const value = vi.spyOn(rowSpecs[operation as 'softmax'].approximate, 'value').mockClear();
    const wrong = unprovenWith({}, operation, batchOf([logits]), output);
    return { wrong, asked: value.mock.calls.length };
  }

  it('should prove it without asking for each number', () => {
    const logits = [0, -1, -100, -120, -300, Number.NEGATIVE_INFINITY];
    const S = 1 + Math.exp(-1);
    expect(glance(logits, [1 / S, Math.exp(-1) / S, 19 * TINY, 0, 0, -0])).toEqual({ wrong: [], asked: 0 });
    // Nearly all of the budgets: E_S is 4 + 5 * 0.27, exp and the division add 6, a unit of gap 1.
    const off = [(1 / S) * (1 + 10.5 * u), (Math.exp(-1) / S) * (1 + 11.3 * u), 22 * TINY, 3 * TINY, 0, 0];
    expect(glance(logits, off)).toEqual({ wrong: [], asked: 0 });
  });

  it.each([
    ['beyond its budget', [0.5 + 4 * u, 0.5], [0]],
    ['below its budget', [0.5, 0.5 - 4 * u], [1]],
    ['below 0', [-0.5, 0.5], [0]],
    ['NaN', [0.5, Number.NaN], [1]],
  ])('should leave a row to a closer look when a number is %s', (_, output, wrong) => {
    expect(glance([0, 0], output)).toEqual({ wrong, asked: 2 });
  });

  it('should leave far numbers that are not 0 to a closer look, which may be right', () => {
    expect(glance([0, -300], [1, 3 * TINY])).toEqual({ wrong: [], asked: 2 });
    expect(glance([0, -300], [1, 5 * TINY])).toEqual({ wrong: [1], asked: 2 });
  });

  it('should be of no other operation', () => {
    expect(glance([0, 0], [0.5, 0.5], 'logSoftmax')).toEqual({ wrong: [0, 1], asked: 2 });
  });
});

describe('a score alone in its row', () => {
  const alone = (bias: number) =>
    withOptions(batchOf([[1e30, 5]]), {
      temperature: 0.7,
      bias: Float32Array.of(bias, 0),
      mask: Uint8Array.of(1, 0),
    });

  it('should be known however large it is: of its probability and of its logsumexp', () => {
    const [lse] = createOracle(alone(1e25)).rounded('logSumExp', fp32);
    expect(unprovenWith({}, 'softmax', alone(1e25), [1, 0])).toEqual([]);
    expect(unprovenWith({}, 'softmax', alone(1e25), [0.9, 0])).toEqual([0]);
    expect(unprovenWith({}, 'logSumExp', alone(1e25), [lse])).toEqual([]);
    expect(unprovenWith({}, 'logSumExp', alone(1e25), [lse + fp32.ulp(lse)])).toEqual([0]);
  });

  it('should be 1 by decimal.js too, although the score may be off by far more than 80', () => {
    const blamed = (p: number) =>
      judgeExactly(createOracle(alone(1e25)), 'softmax', Float32Array.of(p, 0), defaultProfile);
    expect(blamed(1)).toEqual([]);
    expect(blamed(0.9)).toMatchObject([{ kind: 'inaccurate', severity: 'error', index: 0 }]);
  });

  it('should be so where the others are far, as far as their gaps are known', () => {
    const scores = (other: number) => withOptions(batchOf([[1e30, other]]), { temperature: 0.7 });
    const [, far] = createOracle(scores(-1e29)).rounded('logSoftmax', fp32);
    expect(unprovenWith({}, 'softmax', scores(-1e29), [1, 0])).toEqual([]);
    expect(unprovenWith({}, 'logSoftmax', scores(-1e29), [0, far])).toEqual([]);
    expect(unprovenWith({}, 'logSoftmax', scores(-1e29), [0, far * (1 + 2 ** -20)])).toEqual([1]);
    // What is the same number is so, whatever the number is; with a bias of its own it is another.
    const same = withOptions(batchOf([[1e30, 1e30, -1e30]]), { temperature: 0.7 });
    expect(unprovenWith({}, 'softmax', same, [0.5, 0.5, 0])).toEqual([]);
    expect(unprovenWith({}, 'softmax', same, [0.5, 0.4, 0])).toEqual([1]);
    const biased = withOptions(batchOf([[1e30, 1e30, -1e30]]), {
      temperature: 0.7,
      bias: Float32Array.of(1, 2, 0),
    });
    expect(createOracle(biased).approximate[0].gapError).toBeNaN();
    // A gap of 2e23, of scores that are known to 3e14.
    const beside = scores(fp32.fromOrdinal(fp32.toOrdinal(1e30) - 2));
    expect(createOracle(beside).approximate[0].gapError).toBeNaN();
  });

  it('should not be where little is left of what it was made of', () => {
    const left = alone(Math.fround(-1e30 / 0.7));
    expect(createOracle(left).approximate[0].gapError).toBeNaN();
    expect(unprovenWith({}, 'softmax', left, [1, 0])).toEqual([0]);
  });
});
