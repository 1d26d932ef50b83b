import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createTurns, type Pause } from './turns.ts';

/** A task that notes its name so often, with a few milliseconds of work each time. */
function noting(notes: string[], name: string, times: number) {
  return async (pause: Pause): Promise<string> => {
    for (let k = 0; k < times; k++) {
      await pause();
      notes.push(name);
      await setTimeout(10);
    }
    return name;
  };
}

describe('createTurns', () => {
  it('should run each task to its end before the next where time is no matter', async () => {
    const notes: string[] = [];
    const turns = createTurns(() => Number.POSITIVE_INFINITY);
    const tasks = ['a', 'b', 'c'].map((name) => turns.take(noting(notes, name, 8)));
    expect(await Promise.all(tasks)).toEqual(['a', 'b', 'c']);
    expect(notes.join('')).toBe('aaaaaaaabbbbbbbbcccccccc');
  });

  it('should give each some of the time before one has all, and never two at once', async () => {
    const notes: string[] = [];
    const turns = createTurns(() => 0);
    await Promise.all(['a', 'b', 'c'].map((name) => turns.take(noting(notes, name, 24))));
    const runs =
      notes
        .join('')
        .match(/a+|b+|c+/g)
        ?.map(([name]) => name) ?? [];
    expect(runs.slice(0, 3)).toEqual(['a', 'b', 'c']);
    expect(runs.length).toBeGreaterThan(3);
    expect([...notes].sort().join('')).toBe('a'.repeat(24) + 'b'.repeat(24) + 'c'.repeat(24));
  });

  it('should let those that wait come before what takes long, where time is limited or over', async () => {
    for (const [left, order] of [
      [60_000, 'abcABC'],
      [Number.POSITIVE_INFINITY, 'aAbBcC'],
      [0, 'abcABC'],
    ] as const) {
      const notes: string[] = [];
      const turns = createTurns(() => left);
      const task = (name: string) => async (pause: Pause) => {
        notes.push(name);
        await pause(true);
        notes.push(name.toUpperCase());
      };
      await Promise.all(['a', 'b', 'c'].map((name) => turns.take(task(name))));
      expect(notes.join('')).toBe(order);
    }
  });

  it('should go on with none once one has failed', async () => {
    const notes: string[] = [];
    const turns = createTurns(() => Number.POSITIVE_INFINITY);
    const failing = turns.take(() => Promise.reject(new Error('lost')));
    turns.take(noting(notes, 'b', 1));
    await expect(failing).rejects.toThrow('lost');
    await setTimeout(30);
    expect(notes).toEqual([]);
  });
});
