import { describe, expect, it } from 'vitest';
import { stable } from '../../kernels/stable.ts';
import { createTarget } from '../../targets/create.ts';
import { type BenchmarkedOperation, benchmark } from './accuracy-benchmark.ts';
import { accuracyChanges } from './accuracy-changes.ts';

const { fround } = Math;
const cell = { from: 16, to: 87, cols: 12 };
const sizes = (size: number) => Array.from({ length: 16 }, (_, k) => size + k / 1024);

/** One cell of softmax with these largest errors. */
const measured = (worst: readonly number[], mean = sizes(0.1)): BenchmarkedOperation[] => [
  { operation: 'softmax', cells: [{ ...cell, mean, worst }] },
];

/** How accurate a softmax is that takes its exponentials from `exp`, in FP32. */
async function accuracyOf(exp: (x: number) => number) {
  const target = createTarget(
    'mine',
    {
      softmax(logits, rows, cols) {
        const out = new Float32Array(logits.length);
        for (let r = 0; r < rows; r++) {
          const row = logits.subarray(r * cols, (r + 1) * cols);
          const max = row.reduce((a, b) => Math.max(a, b));
          const powers = row.map((x) => exp(fround(x - max)));
          const sum = powers.reduce((a, b) => a + b, 0);
          out.set(
            powers.map((each) => each / sum),
            r * cols,
          );
        }
        return out;
      },
    },
    { profile: 'sequential' },
  );
  return (await benchmark({ target, operations: ['softmax'] })) ?? expect.fail();
}

describe('accuracyChanges', () => {
  it('should tell an error that has grown in every block, and one that has shrunk', () => {
    const [low, high] = [measured(sizes(0.2)), measured(sizes(0.4))];
    const change = { operation: 'softmax', ...cell, of: 'worst' };
    const [less, more] = [
      [0.2, 0.2 + 15 / 1024],
      [0.4, 0.4 + 15 / 1024],
    ];
    expect(accuracyChanges(low, high)).toEqual([{ ...change, before: less, after: more, isLoss: true }]);
    expect(accuracyChanges(high, low)).toEqual([{ ...change, before: more, after: less, isLoss: false }]);
  });

  it('should tell the mean too', () => {
    const changes = accuracyChanges(measured(sizes(0.4)), measured(sizes(0.4), sizes(0.2)));
    expect(changes).toMatchObject([{ of: 'mean', isLoss: true }]);
  });

  it('should be nothing where one block is as it was, where it is little, or where there is no such cell', () => {
    const before = measured(sizes(0.2));
    expect(accuracyChanges(before, measured(sizes(0.4).with(3, sizes(0.2)[3])))).toEqual([]);
    expect(accuracyChanges(before, measured(sizes(0.21)))).toEqual([]);
    expect(accuracyChanges(measured(sizes(0)), measured(new Array(16).fill(5e-4)))).toEqual([]);
    expect(accuracyChanges([], before)).toEqual([]);
    expect(accuracyChanges([{ operation: 'softmax', cells: [] }], before)).toEqual([]);
  });

  it('should be nothing of a kernel that has not changed', async () => {
    const target = createTarget('stable', { logSumExp: stable.logSumExp });
    const measure = () => benchmark({ target, operations: ['logSumExp'] });
    const [first, second] = [await measure(), await measure()];
    expect(second).toEqual(first);
    expect(accuracyChanges(first ?? expect.fail(), second ?? expect.fail())).toEqual([]);
  });

  it('should tell what an exponential off by up to an ULP costs, and ln 2 in one part', async () => {
    const right = await accuracyOf((x) => fround(Math.exp(x)));
    const lossesOf = async (exp: (x: number) => number) =>
      accuracyChanges(right, await accuracyOf(exp)).filter(({ isLoss }) => isLoss);
    const off = await lossesOf((x) => fround(Math.exp(x) * (1 + 2 ** -23 * Math.sin(1e4 * x))));
    expect(off.length).toBeGreaterThan(0);
    const ln2 = fround(Math.LN2);
    const reduced = await lossesOf((x) => {
      const k = Math.round(x / Math.LN2);
      return fround(Math.exp(fround(x - fround(k * ln2)))) * 2 ** k;
    });
    expect(new Set(reduced.map(({ from }) => from))).toContain(16);
  });
});

describe('benchmark', () => {
  it('should have each cell of a length that the target takes, and none where it does not answer', async () => {
    const [softmax] = await accuracyOf(Math.exp).then((all) => all);
    expect(softmax.cells.map(({ from, cols }) => [from, cols])).toEqual(
      [12, 203, 2050].flatMap((cols) => [0, 1, 16, 87].map((from) => [from, cols])),
    );
    const fixed = createTarget('fixed', { softmax: stable.softmax }, { cols: 64 });
    const [ofFixed] = (await benchmark({ target: fixed, operations: ['softmax'] })) ?? expect.fail();
    expect(new Set(ofFixed.cells.map(({ cols }) => cols))).toEqual(new Set([64]));
    const mute = createTarget('mute', {
      softmax: () => {
        throw new Error('no');
      },
    });
    expect(await benchmark({ target: mute, operations: ['softmax'] })).toEqual([
      { operation: 'softmax', cells: [] },
    ]);
  });

  it('should be null where it is over before', async () => {
    const target = createTarget('stable', { softmax: stable.softmax });
    expect(await benchmark({ target, operations: ['softmax'] }, () => true)).toBeNull();
  });
});
