import { afterEach, describe, expect, it } from 'vitest';
import { createGuard } from './intrinsics.ts';

const { max } = Math;

afterEach(() => {
  Math.max = max;
  Reflect.deleteProperty(Object.prototype, 'options');
  Reflect.deleteProperty(Object.prototype, 'then');
});

const lost = (words: string): never => {
  throw new Error(words);
};

describe('createGuard', () => {
  it('should put back what was changed and added, and give it to who has changed it', () => {
    const guard = createGuard(lost);
    Math.max = () => 7;
    Reflect.set(Object.prototype, 'options', 1);
    guard.takeBack();
    expect([Math.max(1, 2), 'options' in {}]).toEqual([2, false]);
    expect(guard.changed()).toEqual(['Math.max', 'Object.prototype.options']);
    const seen = guard.call((x: number) => [Math.max(1, 2), 'options' in {}, x], null, [3]);
    expect(seen).toEqual([7, true, 3]);
    expect([Math.max(1, 2), 'options' in {}]).toEqual([2, false]);
  });

  it('should put back what a call changes, also one that throws, and keep it for the next', () => {
    const guard = createGuard(lost);
    const change = (): never => {
      Math.max = () => 7;
      throw new RangeError('no');
    };
    expect(() => guard.call(change, null, [])).toThrow(new RangeError('no'));
    expect(Math.max(1, 2)).toBe(2);
    expect(guard.call(() => Math.max(1, 2), null, [])).toBe(7);
    expect(Math.max(1, 2)).toBe(2);
  });

  it('should give it while a promise is waited for, and take it back with its answer', async () => {
    const guard = createGuard(lost);
    const slow = async (): Promise<number> => {
      Math.max = () => 7;
      await new Promise((resolve) => setTimeout(resolve, 5));
      return Math.max(1, 2);
    };
    const answer = guard.call(slow, null, []);
    expect(Math.max(1, 2)).toBe(2);
    expect(await answer).toBe(7);
    expect(Math.max(1, 2)).toBe(2);
    const failing = guard.call(async () => lost('late'), null, []);
    await expect(failing).rejects.toThrow('late');
    expect(Math.max(1, 2)).toBe(2);
  });

  it('should take no answer for a promise that only inherits what was added to all objects', () => {
    const guard = createGuard(lost);
    const answer = Float32Array.of(1);
    const given = guard.call(
      () => {
        Reflect.set(Object.prototype, 'then', (use: (x: number) => void) => use(5));
        return answer;
      },
      null,
      [],
    );
    expect(given).toBe(answer);
  });
});
