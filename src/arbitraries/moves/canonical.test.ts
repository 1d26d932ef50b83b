import { describe, expect, it } from 'vitest';
import { type Batch, batchOf, createBatch } from '../../core/batch.ts';
import { compareSimplicity } from '../simplicity.ts';
import { canonical, scanPairs, scanTwoRows } from './canonical.ts';
import type { Move } from './search.ts';

const messy = batchOf([[-93.28, 10.5, 3.25]], [2]);

/** What the move ends at when `fails` answers, and how many batches it asks for. */
function endOf(move: Move, start: Batch, fails: (batch: Batch) => boolean): [end: Batch, asked: number] {
  const search = move(start);
  let asked = 0;
  let next = search.next();
  while (!next.done) {
    asked++;
    expect(compareSimplicity(next.value, start)).toBeLessThan(0);
    next = search.next(fails(next.value));
  }
  return [next.value, asked];
}

describe('canonical', () => {
  it('should end at the same batch from every start', () => {
    const fails = ({ logits }: Batch) => logits.some((x) => x < -90);
    const starts = [messy, createBatch(3, 40, new Float32Array(120).fill(-99.7))];
    for (const start of starts) expect(endOf(canonical, start, fails)[0]).toEqual(batchOf([[-92]]));
  });

  it('should end at the shortest of equal logits, with a target where it is long', () => {
    const start = createBatch(1, 40, new Float32Array(40).fill(91.3));
    const fails = ({ cols, targets }: Batch) => cols > 6 && targets[0] === 1;
    expect(endOf(canonical, start, fails)[0]).toEqual(batchOf([new Array(7).fill(0)], [1]));
    const overflow = (batch: Batch) => fails(batch) && batch.logits.every((x) => x > 88);
    expect(endOf(canonical, start, overflow)[0]).toEqual(batchOf([new Array(7).fill(89)], [1]));
  });

  it('should keep the special values, at the end', () => {
    const start = batchOf([[-Infinity, 7.5, -99.5]]);
    const fails = ({ logits }: Batch) => logits.includes(-Infinity) && logits[0] < 0;
    expect(endOf(canonical, start, fails)[0]).toEqual(batchOf([[-1, -Infinity]]));
  });

  it('should give ones for upstream values where there are some', () => {
    const start = batchOf([[7.5, 3.5]], [0], [0.3, 0.4]);
    expect(endOf(canonical, start, () => true)[0]).toEqual(batchOf([[1]], [0], [1]));
  });

  it('should ask for nothing where the batch is an integer, beside a zero or not', () => {
    for (const plain of [[[89]], [[0, 89]], [[0, -104, -Infinity]]])
      expect(endOf(canonical, batchOf(plain), () => true)[1]).toBe(0);
  });
});

describe('scanPairs', () => {
  it('should end at the pair whose larger is the least', () => {
    const fails = ({ cols, logits }: Batch) => cols === 2 && logits[0] - logits[1] > 87;
    expect(endOf(scanPairs, messy, fails)[0]).toEqual(batchOf([[44, -44]]));
    const subnormal = ({ logits }: Batch) => logits[1] === -92 && logits[0] % 10 === -6;
    expect(endOf(scanPairs, messy, subnormal)[0]).toEqual(batchOf([[-6, -92]]));
  });

  it('should leave larger, plainer and farther batches alone', () => {
    for (const rows of [[[1, 2, 3, 4]], [[0, 89]], [[9001, 9002]], [[0.5], [2.5]]])
      expect(endOf(scanPairs, batchOf(rows), () => true)[1]).toBe(0);
  });
});

describe('scanTwoRows', () => {
  it('should end at two of its rows', () => {
    const start = batchOf([
      [3.5, 2e38, 1],
      [7, 2e38, 4],
    ]);
    const fails = ({ rows, logits }: Batch) => rows === 2 && logits.filter((x) => x > 1e38).length === 2;
    expect(endOf(scanTwoRows, start, fails)[0]).toEqual(
      batchOf([
        [0, 2e38],
        [0, 2e38],
      ]),
    );
  });

  it('should mask where the batch does, and only there', () => {
    const masked = ({ logits }: Batch) => logits.includes(-Infinity);
    const start = batchOf([
      [3.5, -Infinity, 1],
      [7, 2e38, 4],
    ]);
    expect(endOf(scanTwoRows, start, masked)[0].logits).toContain(-Infinity);
    expect(
      endOf(
        scanTwoRows,
        batchOf([
          [3.5, 2.5, 1],
          [7, 2e38, 4],
        ]),
        masked,
      )[0].cols,
    ).toBe(3);
  });

  it('should leave one row and wide ones alone', () => {
    for (const start of [messy, createBatch(2, 4, new Float32Array(8).fill(0.3))])
      expect(endOf(scanTwoRows, start, () => true)[1]).toBe(0);
  });
});
