import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../core/batch.ts';
import type { Call } from '../core/call.ts';
import type { Operation } from '../core/operation.ts';
import { shrinkSequence } from './sequence.ts';

const callOf = (logits: readonly number[], operation: Operation = 'softmax'): Call => ({
  operation,
  batch: batchOf([[...logits]]),
});
const row = (cols: number, value = 3): number[] => new Array(cols).fill(value);
const start = batchOf([[7]]);

/** The sequence as a text, and how often was asked. */
async function shrunk(
  before: readonly Call[],
  fails: (before: readonly Call[], batch: Batch) => boolean,
  most = Number.POSITIVE_INFINITY,
) {
  let asked = 0;
  const found = await shrinkSequence(
    'softmax',
    { before, batch: start },
    async (...sequence) => {
      asked++;
      return fails(...sequence);
    },
    { isOver: () => asked >= most },
  );
  const words = [...found.before, { operation: 'softmax', batch: found.batch }].map(
    ({ operation, batch }) => `${operation} ${batch.cols} ${batch.logits[0]}`,
  );
  return { words, asked, found };
}

const mixed = Array.from({ length: 64 }, (_, k) => callOf(row(k + 1), k % 2 === 0 ? 'softmax' : 'logSumExp'));

describe('shrinkSequence', () => {
  it('should leave the one call that is needed, and of it the smallest shape and the simplest logits', async () => {
    const longest = (before: readonly Call[]) => Math.max(0, ...before.map(({ batch }) => batch.cols));
    const { words, asked, found } = await shrunk(mixed, (before) => longest(before) >= 33);
    expect(words).toEqual(['softmax 33 0', 'softmax 1 0']);
    expect(found).toMatchObject({ minimal: true, evaluations: asked });
    expect(asked).toBeLessThan(120);
  });

  it('should leave the first call where that is it, in few evaluations', async () => {
    const { words, asked } = await shrunk(mixed, ([first]) => first?.batch.cols === 1);
    expect(words).toEqual(['softmax 1 0', 'softmax 1 0']);
    expect(asked).toBeLessThan(60);
  });

  it('should leave two that are needed together, of their operation where it matters', async () => {
    const needs = (before: readonly Call[]) => {
      const at = before.findIndex(({ operation, batch }) => operation === 'logSumExp' && batch.cols > 9);
      return at >= 0 && before.slice(at + 1).some(({ batch }) => batch.cols === 33);
    };
    const { words } = await shrunk(mixed, needs);
    expect(words).toEqual(['logSumExp 10 0', 'softmax 33 0', 'softmax 1 0']);
  });

  it('should make a count of calls the same call so many times', async () => {
    const { words, asked, found } = await shrunk(mixed.slice(0, 34), (before) => before.length % 7 === 6);
    expect(words).toEqual(new Array(7).fill('softmax 1 0'));
    expect(found.minimal).toBe(true);
    expect(asked).toBeLessThan(120);
  });

  it('should simplify the last call beside what the first asks of it', async () => {
    const stale = ([first]: readonly Call[], { cols, logits }: Batch) =>
      first !== undefined && first.batch.cols > cols && logits[0] >= 2;
    const { words } = await shrunk([callOf(row(40))], stale);
    expect(words).toEqual(['softmax 2 0', 'softmax 1 2']);
  });

  it('should never ask for the last call alone, and end where it may', async () => {
    const { found, asked } = await shrunk(mixed, ([first]) => first?.batch.cols === 1, 10);
    expect(found.minimal).toBe(false);
    expect(asked).toBe(10);
    expect(found.before.length).toBeGreaterThan(0);
    expect((await shrunk(mixed, ({ length }) => length > 0)).words).toEqual(['softmax 1 0', 'softmax 1 0']);
  });
});
