import { describe, expect, it } from 'vitest';
import { createAftermath, describeChange, type Handed } from './aftermath.ts';

const handed = (name: string, now: ArrayLike<number>): Handed => ({
  name,
  was: Array.from(now),
  now: () => now,
});

describe('createAftermath', () => {
  it('should tell each change once, the latest first, and how many calls ago it was answered', () => {
    const aftermath = createAftermath();
    const [logits, answer] = [Float32Array.of(1, 2), Float32Array.of(0, 0)];
    aftermath.keep('softmax', [handed('logits', logits), handed('answer', answer)]);
    expect(aftermath.changed('softmax')).toBeNull();
    answer[1] = -0;
    aftermath.keep('logSoftmax', []);
    expect(aftermath.changed('logSoftmax')).toBeNull();
    expect(aftermath.changed('softmax', 0)).toBeNull();
    expect(aftermath.changed('softmax', 1)).toEqual({
      name: 'answer',
      operation: 'softmax',
      callsAgo: 1,
      index: 1,
    });
    expect(aftermath.changed('softmax')).toBeNull();
  });

  it('should see memory that is gone, of what was gathered before the call too', () => {
    const aftermath = createAftermath();
    const row = Float32Array.of(1);
    aftermath.gather([handed('row', row)]);
    aftermath.keep('softmax', []);
    structuredClone(row.buffer, { transfer: [row.buffer] });
    expect(aftermath.changed('softmax')).toEqual({
      name: 'row',
      operation: 'softmax',
      callsAgo: 0,
      index: null,
    });
  });

  it('should compare every call once more as it leaves, and keep no more than 64', () => {
    const aftermath = createAftermath();
    const arrays = Array.from({ length: 200 }, () => Float32Array.of(1));
    arrays.forEach((array, k) => {
      if (k === 60) arrays[10][0] = 2;
      aftermath.keep('softmax', [handed('answer', array)]);
    });
    expect(aftermath.changed('softmax')).toMatchObject({ callsAgo: 200 - 11 + 1 - 126 });
    arrays[100][0] = 2;
    expect(aftermath.changed('softmax')).toBeNull();
    arrays[136][0] = 2;
    expect(aftermath.changed('softmax')).toMatchObject({ callsAgo: 63 });
  });

  it('should keep no arrays of more than 2^18 numbers together', () => {
    const aftermath = createAftermath();
    const large = new Float32Array(2 ** 18 + 1);
    const half = new Float32Array(2 ** 17 + 1);
    aftermath.keep('softmax', [handed('answer', large)]);
    aftermath.keep('softmax', [handed('answer', half)]);
    aftermath.keep('softmax', [handed('answer', half.slice())]);
    large[0] = 1;
    half[0] = 1;
    expect(aftermath.changed('softmax')).toBeNull();
  });
});

describe('describeChange', () => {
  const change = { name: 'logits', operation: 'softmax', callsAgo: 4, index: 3 } as const;

  it('should say what was changed, and of which call', () => {
    expect(describeChange(change, 4)).toBe('it changed logits[3] after it had answered');
    expect(describeChange(change, 3)).toBe(
      'it changed logits[3] of softmax, a call before, after that was answered',
    );
    expect(describeChange({ ...change, index: null }, 0)).toBe(
      'it gave away its logits of softmax, 4 calls before, after that was answered',
    );
  });
});
