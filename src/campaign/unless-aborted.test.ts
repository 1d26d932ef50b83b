import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { abortAfter, unlessAborted } from './unless-aborted.ts';

const never = new Promise<number>(() => {});

describe('unlessAborted', () => {
  it('should give what comes in time, at once where it is there', async () => {
    const { signal } = new AbortController();
    expect(unlessAborted(7, signal)).toBe(7);
    expect(await unlessAborted(Promise.resolve(7), signal)).toBe(7);
    await expect(unlessAborted(Promise.reject(new Error('lost')), signal)).rejects.toThrow('lost');
  });

  it('should give null once it is aborted, and hear no failure then', async () => {
    const controller = new AbortController();
    const waiting = unlessAborted(never, controller.signal);
    const failing = unlessAborted(
      setTimeout(20).then(() => Promise.reject(new Error('too late'))),
      controller.signal,
    );
    controller.abort();
    expect([await waiting, await failing, await unlessAborted(never, controller.signal)]).toEqual([
      null,
      null,
      null,
    ]);
    await setTimeout(40);
  });
});

describe('abortAfter', () => {
  it('should abort after the time, or after the signal', async () => {
    const controller = new AbortController();
    const early = abortAfter(10, undefined, 0);
    const never = abortAfter(Number.POSITIVE_INFINITY, undefined, 0);
    const atOnce = abortAfter(Number.POSITIVE_INFINITY, controller.signal, 0);
    const later = abortAfter(Number.POSITIVE_INFINITY, controller.signal, 20);
    const past = abortAfter(-1, undefined, 0);
    controller.abort();
    expect([atOnce.aborted, later.aborted, past.aborted]).toEqual([true, false, true]);
    await setTimeout(200);
    expect([early.aborted, later.aborted, never.aborted]).toEqual([true, true, false]);
    expect(abortAfter(1000, controller.signal, 0).aborted).toBe(true);
  });
});
