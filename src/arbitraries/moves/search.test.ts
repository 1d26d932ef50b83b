import { describe, expect, it } from 'vitest';
import { type Batch, batchOf, createBatch } from '../../core/batch.ts';
import { inFormat } from '../../core/grid.ts';
import { fp16 } from '../../formats/index.ts';
import { columnsRepeat, withoutColumns } from './edit.ts';
import { attempt, attemptAll, between, inTurn, lowerInteger, removeBlocks, type Search } from './search.ts';

/** Answers every candidate; gives the result and what was asked. */
function drive(search: Search, fails: (batch: Batch) => boolean): { batch: Batch; asked: Batch[] } {
  const asked: Batch[] = [];
  let next = search.next();
  while (!next.done) {
    asked.push(next.value);
    next = search.next(fails(next.value));
  }
  return { batch: next.value, asked };
}

const one = (value: number) => batchOf([[value]]);

describe('attempt', () => {
  it('should not ask about a batch that is no simpler', () => {
    expect(drive(attempt(one(5), one(6)), () => true)).toEqual({ batch: one(5), asked: [] });
    expect(drive(attempt(one(5), one(5)), () => true)).toEqual({ batch: one(5), asked: [] });
  });

  it('should return what failed', () => {
    expect(drive(attempt(one(5), one(4)), () => true).batch).toEqual(one(4));
    expect(drive(attempt(one(5), one(4)), () => false).batch).toEqual(one(5));
  });
});

describe('attemptAll', () => {
  it('should skip what is no simpler than the best so far', () => {
    const { batch, asked } = drive(attemptAll(one(9), [3, 7, 2].map(one)), () => true);
    expect(batch).toEqual(one(2));
    expect(asked).toEqual([3, 2].map(one));
  });
});

describe('inTurn', () => {
  it('should start each move where the last one ended', () => {
    const halve = (batch: Batch) => attempt(batch, one(batch.logits[0] / 2));
    expect(drive(inTurn(one(40), [halve, halve, halve]), () => true).batch).toEqual(one(5));
  });
});

describe('removeBlocks', () => {
  const wide = (cols: number) =>
    createBatch(
      1,
      cols,
      Float32Array.from({ length: cols }, (_, col) => col),
    );
  const remove = (batch: Batch, stage: 'early' | 'late' = 'early') =>
    removeBlocks(batch, stage, {
      lengthOf: ({ cols }) => cols,
      without: withoutColumns,
      repeats: columnsRepeat,
    });

  it('should isolate what matters in about two questions for each halving', () => {
    const { batch, asked } = drive(remove(wide(1024)), ({ logits }) => logits.includes(700));
    expect(batch).toEqual(one(700));
    expect(asked.length).toBeLessThanOrEqual(20);
  });

  it('should keep the parity of a length that has to be odd', () => {
    const fails = ({ cols }: Batch) => cols % 2 === 1 && cols > 512;
    const { batch } = drive(remove(wide(1023)), fails);
    expect(drive(remove(batch, 'late'), fails).batch.cols).toBe(513);
  });

  it('should divide the questions about a long sequence between the stages', () => {
    const early = [...remove(wide(1024))].length;
    const late = [...remove(wide(1024), 'late')].length;
    expect(early).toBe(2 + 4 + 8 + 16 + 32);
    expect(late).toBe(64 + 128 + 256 + 512 + 1024);
  });

  it('should try one of equal blocks beside each other, unless the batch has changed since', () => {
    const equal = batchOf([new Array(64).fill(0)]);
    expect([...remove(equal)].length).toBe(2 * 5); // Its target is in the first block.
    expect([...remove(equal, 'late')].length).toBe(2);
    const even = ({ cols, targets }: Batch) => cols % 2 === 0 && targets[0] > 8;
    expect(drive(remove(batchOf([new Array(64).fill(0)], [63])), even).batch.cols).toBe(10);
  });
});

describe('lowerInteger', () => {
  const search = (high: number) => lowerInteger(one(high), high, (_, integer) => one(integer));

  it.each([1, 2, 89, 104, 1000, 16777215])(
    'should find the threshold %d from anywhere above',
    (threshold) => {
      for (const high of [threshold, threshold + 1, 3 * threshold + 7, 2 ** 24]) {
        const { batch } = drive(search(high), ({ logits }) => logits[0] >= threshold);
        expect(batch).toEqual(one(threshold));
      }
    },
  );

  it.each([2049, 30_000, 65_504])(
    'should find the FP16 number of %d, where integers share one',
    (threshold) => {
      const least = fp16.round(threshold);
      for (const high of [threshold, 40_001, 65_504].filter((each) => each >= threshold)) {
        const on = (integer: number): Batch => inFormat(one(integer), 'fp16');
        const end = drive(
          lowerInteger(on(high), high, (_, integer) => one(integer)),
          ({ logits }) => logits[0] >= least,
        );
        expect(end.batch).toEqual(on(least));
      }
    },
  );

  it('should ask nothing new when started again from its result', () => {
    const fails = ({ logits }: Batch) => logits[0] >= 89;
    const { asked } = drive(search(12_345), fails);
    const again = drive(search(89), fails).asked;
    expect(asked).toEqual(expect.arrayContaining(again));
    expect(again.length).toBeGreaterThan(4);
  });
});

describe('between', () => {
  it('should split at powers of two, then at round numbers', () => {
    expect(between(0, 1000)).toBe(1);
    expect(between(1, 1000)).toBe(2 ** 8);
    expect(between(64, 128)).toBe(96);
    expect(between(80, 97)).toBe(96);
    expect(between(88, 90)).toBe(89);
  });

  it('should find nothing between neighbors', () => {
    expect(between(0, 1)).toBeUndefined();
    expect(between(88, 89)).toBeUndefined();
    expect(between(5, 5)).toBeUndefined();
  });
});
