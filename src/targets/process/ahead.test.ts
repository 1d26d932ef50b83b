import { describe, expect, it } from 'vitest';
import { ahead } from './ahead.ts';
import type { Connected } from './connect.ts';

type Listener = Parameters<Connected['listen']>[0];

/** Starts of processes that do nothing, with what becomes of each. */
function processes(refused: readonly number[] = []) {
  const killed: number[] = [];
  const listeners: Listener[] = [];
  let started = 0;
  const start = async (): Promise<Connected> => {
    const number = started++;
    if (refused.includes(number)) throw new Error(`process ${number} does not start`);
    const child = { kill: () => killed.push(number), number };
    const listen = (listener: Listener) => {
      listeners[number] = listener;
    };
    return { child, listen } as unknown as Connected;
  };
  const numberOf = async (taken: Promise<Connected>): Promise<number> =>
    ((await taken).child as unknown as { readonly number: number }).number;
  return { start, numberOf, killed, listeners, started: () => started };
}

describe('processes started ahead', () => {
  it('should be one at most, from the second on', async () => {
    const { start, numberOf, started } = processes();
    const take = ahead(start);
    expect(await numberOf(take())).toBe(0);
    expect(started()).toBe(1);
    expect(await numberOf(take())).toBe(1);
    expect(started()).toBe(3);
    expect(await numberOf(take())).toBe(2);
    expect(started()).toBe(4);
  });

  it.each([
    ['has ended', (listener: Listener) => listener.onEnd('exit code 1')],
    ['has said something', (listener: Listener) => listener.onOutput(Buffer.from('hello'))],
  ])('should be no one’s when it %s before', async (_, spoil) => {
    const { start, numberOf, killed, listeners } = processes();
    const take = ahead(start);
    await take();
    await take();
    spoil(listeners[2]);
    expect(await numberOf(take())).toBe(3);
    expect(killed).toEqual([2]);
  });

  it('should be started when it is needed where it could not be before, and say why not', async () => {
    const { start, numberOf } = processes([2, 4, 5]);
    const take = ahead(start);
    await take();
    await take();
    expect(await numberOf(take())).toBe(3);
    await expect(take()).rejects.toThrow('process 5 does not start');
  });
});
