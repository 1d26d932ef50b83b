import { describe, expect, it } from 'vitest';
import { createBatch } from './batch.ts';
import { answerKept, batchKept, isAnswer, isWhole, MOST_KEPT, sketchOf } from './kept.ts';

describe('sketchOf', () => {
  it('should keep a batch of 65,536 logits, and of a larger one the shape', () => {
    const whole = createBatch(2, MOST_KEPT / 2, new Float32Array(MOST_KEPT));
    expect(sketchOf(whole)).toBe(whole);
    const large = sketchOf(createBatch(1, MOST_KEPT + 1, new Float32Array(MOST_KEPT + 1)));
    expect([large, isWhole(large)]).toEqual([{ rows: 1, cols: MOST_KEPT + 1 }, false]);
  });
});

describe('batchKept', () => {
  it('should hold the same values, both zeros told apart', () => {
    const batch = createBatch(1, MOST_KEPT + 1, new Float32Array(MOST_KEPT + 1).with(3, -0).with(9, 5));
    expect(batchKept(batch)).toEqual(batch);
  });
});

describe('answerKept', () => {
  it('should keep an answer, and of a longer one the number where the error shows', () => {
    const answer = Float32Array.of(1, 2);
    expect(answerKept(answer, 1)).toBe(answer);
    expect(isAnswer(answer)).toBe(true);
    const long = new Float32Array(MOST_KEPT + 1).with(7, 5);
    const kept = answerKept(long, 7);
    expect(isAnswer(kept)).toBe(false);
    expect(kept).toEqual({ length: MOST_KEPT + 1, index: 7, value: 5 });
    expect(answerKept(long, null)).toEqual({ length: MOST_KEPT + 1, index: 0, value: 0 });
  });
});
