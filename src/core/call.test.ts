import { describe, expect, it } from 'vitest';
import { batchOf, createBatch } from './batch.ts';
import { createHistory, MOST_CALLS } from './call.ts';

describe('createHistory', () => {
  it('should keep the last calls in their order, until it forgets them', () => {
    const history = createHistory();
    for (let k = 0; k < 1000; k++) history.note(k % 2 === 0 ? 'softmax' : 'logSumExp', batchOf([[k]]));
    const calls = history.calls();
    expect(calls.map(({ batch }) => batch.logits[0])).toEqual(
      Array.from({ length: MOST_CALLS }, (_, k) => 1000 - MOST_CALLS + k),
    );
    expect(calls.at(-1)?.operation).toBe('logSumExp');
    history.forget();
    expect(history.calls()).toEqual([]);
    expect(calls).toHaveLength(MOST_CALLS);
  });

  it('should keep fewer of large batches', () => {
    const history = createHistory();
    const large = createBatch(1, 2 ** 20, new Float32Array(2 ** 20));
    for (let k = 0; k < 10; k++) history.note('softmax', large);
    expect(history.calls()).toHaveLength(4);
  });
});
