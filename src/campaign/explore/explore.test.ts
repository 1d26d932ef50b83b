import { describe, expect, it } from 'vitest';
import { naive } from '../../kernels/naive.ts';
import { stable } from '../../kernels/stable.ts';
import { createTarget } from '../../targets/create.ts';
import { monotonicMs } from '../monotonic.ts';
import { casesOf } from './cases.ts';
import { createExplorer } from './explore.ts';

const cases = casesOf({ seed: 1, saved: [], generation: {} });
const isOver = { until: monotonicMs() - 1, first: true };

/** An explorer of one kernel, which does something at each call. */
function explorerOf({ softmax }: typeof naive, onCall = () => {}) {
  const target = createTarget('mine', {
    softmax(logits, rows, cols) {
      onCall();
      return softmax(logits, rows, cols);
    },
  });
  return createExplorer([{ target, operations: ['softmax'] }], cases, Number.POSITIVE_INFINITY);
}

describe('createExplorer', () => {
  it('should run the first case whatever the time, and say where its answers are wrong', async () => {
    const { range, tallies } = await explorerOf(naive)([-cases.given, 0], isOver);
    expect(range).toEqual([-cases.given, 1 - cases.given]);
    const [{ places, discoveries }] = tallies;
    const wrong = [...(places.get('softmax')?.gaps.values() ?? [])].reduce(
      (sum, band) => sum + band.wrong,
      0,
    );
    expect(wrong).toBe(discoveries.size);
    expect(wrong).toBeGreaterThan(0);
  });

  it.each([
    ['wrong', naive],
    ['right', stable],
  ])(
    'should run all of the first case whatever the signal, be it %s: a resumed campaign does not run it again',
    async (_, kernel) => {
      const interrupt = new AbortController();
      const limit = { until: Number.POSITIVE_INFINITY, first: true };
      const range = [-cases.given, 0] as const;
      const interrupted = await explorerOf(kernel, () => interrupt.abort())(range, limit, interrupt.signal);
      expect(interrupted.range).toEqual([-cases.given, 1 - cases.given]);
      const undisturbed = await explorerOf(kernel)([-cases.given, 1 - cases.given], limit);
      expect(interrupted.tallies).toEqual(undisturbed.tallies);
    },
  );

  it('should count nothing of a later case that a signal ends', async () => {
    const interrupt = new AbortController();
    const explore = explorerOf(naive, () => interrupt.abort());
    const { range, tallies } = await explore([-cases.given, 0], undefined, interrupt.signal);
    expect(range).toEqual([-cases.given, -cases.given]);
    expect([tallies[0].cases, tallies[0].discoveries.size]).toEqual([0, 0]);
  });
});
