import { describe, expect, it } from 'vitest';
import { builtinTarget } from '../targets/builtin.ts';
import { CallFailure } from '../targets/call-failure.ts';
import { compareTargets } from './comparison.ts';

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

describe('compareTargets', () => {
  it('should measure each operation of each target on the same batches', async () => {
    const { targets, measured } = await compareTargets([stable, halves], 1, ['softmax', 'logSumExp'], 10);
    expect(targets).toEqual(['stable', 'halves']);
    const [right, wrong, other] = measured;
    expect(measured).toHaveLength(3);
    expect(right).toMatchObject({ target: 'stable', operation: 'softmax', notFinite: 0, unanswered: 0 });
    expect(right.budgetUse).toBeLessThan(1);
    expect(wrong).toMatchObject({ target: 'halves', operation: 'softmax' });
    expect(wrong.budgetUse).toBeGreaterThan(1);
    expect(other).toMatchObject({ target: 'stable', operation: 'logSumExp' });
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
    const { semantics } = await compareTargets([picky], 1, ['softmax'], 100);
    expect(given.length).toBeGreaterThan(50);
    expect(given.flatMap((logits) => [...logits]).every((x) => x < Number.POSITIVE_INFINITY)).toBe(true);
    expect(semantics.find(({ question }) => question === 'softmax([NaN, 0])')?.answers).toEqual(['-']);
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
    const { measured } = await compareTargets([hanging], 1, ['softmax'], 10);
    expect(measured).toMatchObject([{ unanswered: 1 }]);
    expect(calls).toBeLessThan(10);
  });

  it('should say what each makes of special inputs', async () => {
    const { semantics } = await compareTargets([stable, halves], 1, undefined, 0);
    const answers = Object.fromEntries(semantics.map(({ question, answers }) => [question, answers]));
    expect(answers).toMatchObject({
      'softmax([-Infinity, -Infinity])': ['[NaN, NaN]', '[0.5, 0.5]'],
      'softmax of no class': ['[]', 'threw'],
      'softmax, subnormal answers': ['kept', 'kept'],
      'logSumExp, subnormal logits': ['kept', '-'],
    });
  });
});
