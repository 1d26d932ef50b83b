import { describe, expect, it } from 'vitest';
import type { Target } from '../../core/target.ts';
import { stable as builtinKernel } from '../../kernels/stable.ts';
import { builtinTarget } from '../../targets/builtin.ts';
import { CallFailure } from '../../targets/call-failure.ts';
import { createTarget } from '../../targets/create.ts';
import { type Comparison, type ComparisonOptions, compareTargets } from './comparison.ts';

const stable = builtinTarget('stable');
const halves = {
  ...stable,
  name: 'halves',
  kernel: {
    softmax: (logits: Float32Array) => {
      if (logits.length === 0) throw new Error('no class');
      return new Float32Array(logits.length).fill(0.5);
    },
  },
};

async function compare(targets: readonly Target[], options: ComparisonOptions): Promise<Comparison> {
  return (await compareTargets(targets, 1, options)) ?? expect.fail('it was over');
}

describe('compareTargets', () => {
  it('should measure each operation of each target on the same batches', async () => {
    const { targets, measured } = await compare([stable, halves], {
      operations: ['softmax', 'logSumExp'],
      batches: 10,
    });
    expect(targets).toEqual(['stable', 'halves']);
    const [right, wrong, other] = measured;
    expect(measured).toHaveLength(3);
    expect(right).toMatchObject({ target: 'stable', operation: 'softmax', notFinite: 0, unanswered: 0 });
    expect(right.budgetUse).toBeLessThan(1);
    expect(wrong).toMatchObject({ target: 'halves', operation: 'softmax' });
    expect(wrong.budgetUse).toBeGreaterThan(1);
    expect(other).toMatchObject({ target: 'stable', operation: 'logSumExp' });
  });

  it('should hold a target that has fixed options to the answer with them', async () => {
    const { softmax } = stable.kernel;
    const scaled = createTarget(
      'scaled',
      {
        softmax: (logits: Float32Array, rows: number, cols: number) =>
          softmax?.(
            logits.map((x) => Math.fround(x * 0.125)),
            rows,
            cols,
          ) as Float32Array,
      },
      { options: { softmax: { scale: 0.125 } } },
    );
    const { measured } = await compare([scaled], { batches: 10 });
    expect(measured[0].budgetUse).toBeLessThan(1);
  });

  it('should give NaN and +Infinity to none that refuses them', async () => {
    const given: Float32Array[] = [];
    const picky = {
      ...halves,
      nonFinite: false,
      kernel: {
        softmax: (logits: Float32Array) => {
          given.push(logits.slice());
          return halves.kernel.softmax(logits);
        },
      },
    };
    const { semantics } = await compare([picky], { operations: ['softmax'], batches: 100 });
    expect(given.length).toBeGreaterThan(50);
    expect(given.flatMap((logits) => [...logits]).every((x) => x < Number.POSITIVE_INFINITY)).toBe(true);
    expect(semantics.find(({ question }) => question === 'softmax([NaN, 0])')?.answers).toEqual(['-']);
  });

  it('should say what a target has lost in accuracy against the first, of the same profile', async () => {
    const { softmax } = builtinKernel;
    const coarse: typeof softmax = (...args) => softmax(...args).map((p) => p * (1 + 2 ** -20));
    const [first, second, other] = [
      createTarget('first', { softmax }),
      createTarget('second', { softmax: coarse }),
      createTarget('other', { softmax: coarse }, { profile: 'online' }),
    ];
    const compared = await compareTargets([first, second, other], 1, { batches: 1 });
    expect(compared?.accuracy).toMatchObject([{ target: 'second', against: 'first' }]);
    const [{ changes }] = compared?.accuracy ?? [];
    expect(changes.length).toBeGreaterThan(0);
    expect(changes.every(({ operation, isLoss }) => operation === 'softmax' && isLoss)).toBe(true);
  });

  it('should wait only once for an operation that does not answer', async () => {
    let calls = 0;
    const hanging = {
      ...halves,
      kernel: {
        softmax: () => {
          calls++;
          throw new CallFailure('timed-out', 'no answer');
        },
      },
    };
    const { measured } = await compare([hanging], { operations: ['softmax'], batches: 10 });
    expect(measured).toMatchObject([{ unanswered: 1 }]);
    expect(calls).toBeLessThan(10);
  });

  it('should say what each makes of special inputs', async () => {
    const { semantics } = await compare([stable, halves], { batches: 0 });
    const answers = Object.fromEntries(semantics.map(({ question, answers }) => [question, answers]));
    expect(answers).toMatchObject({
      'softmax([-Infinity, -Infinity])': ['[NaN, NaN]', '[0.5, 0.5]'],
      'softmax of no class': ['[]', 'threw'],
      'softmax, subnormal answers': ['kept', 'kept'],
      'logSumExp, subnormal logits': ['kept', '-'],
    });
  });

  it.each([
    [{}, 150],
    [{ cols: 100 }, 96],
    [{ rows: 3, cols: 5 }, 150],
    [{ rows: 64, cols: 100 }, 1],
    [{ cols: 100_000 }, 0],
  ])('should measure batches of the sizes %j, %i of them', async (sizes, batches) => {
    const shapes: object[] = [];
    const softmax = (logits: Float32Array, rows: number, cols: number) => {
      shapes.push({ rows, cols });
      return new Float32Array(logits.length);
    };
    const target = { ...halves, kernel: { softmax } };
    const compared = await compare([target], { operations: ['softmax'], sizes });
    expect(compared.batches).toBe(batches);
    for (const shape of shapes.slice(0, batches)) expect(shape).toMatchObject(sizes);
    expect(shapes.length).toBeGreaterThan(batches);
  });

  it.each([
    [2, null], // Asked before the first batch and each of its two calls.
    [3, 1],
    [8, 2],
  ])('should show what all targets have answered when it is over at question %i', async (at, batches) => {
    let asked = 0;
    const isOver = () => asked++ >= at;
    const compared = await compareTargets([stable, halves], 1, { operations: ['softmax'], isOver });
    expect(compared?.batches ?? null).toBe(batches);
    expect(compared?.semantics ?? []).toEqual([]);
  });
});
