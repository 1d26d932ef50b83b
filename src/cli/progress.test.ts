import { describe, expect, it } from 'vitest';
import { formatProgress } from './progress.ts';

const progress = { done: 2, total: 3, buckets: 3, elapsedMs: 3600 };

describe('formatProgress', () => {
  it('should say how fast it explores, and what it shrinks', () => {
    expect(formatProgress({ ...progress, phase: 'exploring', done: 360, total: null })).toBe(
      'exploring 360, 100 a second, 3 buckets, 3.6 s',
    );
    expect(formatProgress({ ...progress, phase: 'exploring', done: 360, total: 1000 })).toBe(
      'exploring 360 of 1,000, 100 a second, 3 buckets, 3.6 s, 6.4 s to go',
    );
    expect(formatProgress({ ...progress, phase: 'exploring', done: 360, total: 1000 }, 5000)).toMatch(
      '3.6 s, 1.4 s to go',
    );
    expect(formatProgress({ ...progress, phase: 'exploring', done: 0, total: 1000 })).toMatch(/3\.6 s$/);
    const shrinking = { ...progress, phase: 'shrinking' } as const;
    expect(formatProgress(shrinking)).toBe('shrinking 2 of 3, 3 buckets, 3.6 s');
    expect(formatProgress({ ...shrinking, bucket: 'softmax/nan/exp-overflow' })).toBe(
      'shrinking 2 of 3, softmax/nan/exp-overflow, 3.6 s',
    );
  });
});
