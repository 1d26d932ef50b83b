import { describe, expect, it } from 'vitest';
import { builtinTarget } from '../targets/builtin.ts';
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
