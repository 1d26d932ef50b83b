import { describe, expect, it } from 'vitest';
import { isNumeric } from '../../core/batch.ts';
import { createHistory, MOST_CALLS } from '../../core/call.ts';
import type { Operation } from '../../core/operation.ts';
import type { Target } from '../../core/target.ts';
import { stable } from '../../kernels/stable.ts';
import { createTarget } from '../../targets/create.ts';
import { casesOf } from './cases.ts';
import { earlierCalls } from './earlier-calls.ts';
import { createExplorer } from './explore.ts';

const operations: readonly Operation[] = ['softmax', 'logSumExp', 'softmaxGrad'];
const cases = casesOf({ seed: 4, saved: [], generation: { maxRows: 3, maxCols: 9, upstream: true } });

describe('earlierCalls', () => {
  it('should be those that exploring makes, where no law is asked and nothing is climbed', async () => {
    const history = createHistory();
    const target: Target = {
      ...createTarget('test', {
        ...stable,
        softmax: () => {
          throw new Error('no');
        },
      }),
      history,
      laws: [],
    };
    const subject = { target, operations: operations.slice(0, 1) };
    await createExplorer([subject], cases, Number.POSITIVE_INFINITY)([-cases.given, 100]);
    const expected = history.calls();
    expect(earlierCalls(subject, 'softmax', { case: 100, step: 0 }, cases)).toEqual(expected);
    expect(expected).toHaveLength(MOST_CALLS);
  });

  it('should have the operations before its own of the same case, and its own where a climb began there', () => {
    const subject = { target: createTarget('test', stable), operations };
    const endOf = (operation: Operation, step: number) =>
      earlierCalls(subject, operation, { case: 1, step }, cases).map((call) => call.operation);
    const first = operations.slice();
    expect(endOf('softmax', 0)).toEqual([...first, ...first]);
    expect(endOf('softmaxGrad', 0)).toEqual([...first, ...first, 'softmax', 'logSumExp']);
    expect(endOf('softmax', 3)).toEqual([...first, ...first, 'softmax']);
  });

  it('should leave out what the target is not given', () => {
    const subject = { target: createTarget('test', stable, { nonFinite: false }), operations };
    const calls = earlierCalls(subject, 'softmax', { case: 60, step: 0 }, cases);
    expect(calls.every(({ batch }) => isNumeric(batch))).toBe(true);
  });
});
