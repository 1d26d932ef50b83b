import { describe, expect, it } from 'vitest';
import { EXP_UNDERFLOW } from '../float32/constants.ts';
import { blocksOf, CHUNK, chunksOf, createPlan, type SweepPlan } from './plan.ts';
import { POSITIONS, positionOf, thresholdPositions } from './positions.ts';

/** Every position that a plan visits. */
function visits(plan: SweepPlan): number[] {
  return blocksOf(plan).flatMap((block) => Array.from(chunksOf(plan, block), (chunk) => [...chunk]).flat());
}

describe('blocksOf', () => {
  it('should cut the finite words into 255 blocks of 2^24', () => {
    const blocks = blocksOf(createPlan('softmax', 'default'));
    expect(blocks).toHaveLength(255);
    expect(blocks[0]).toEqual({ index: 0, from: 0, to: 2 ** 24 - 1 });
    expect(blocks[254]).toEqual({ index: 254, from: 254 * 2 ** 24, to: POSITIONS - 1 });
  });

  it('should cut a range at the same positions', () => {
    const plan = createPlan('softmax', 'default', { from: 2 ** 24 - 10, to: 2 ** 24 });
    expect(blocksOf(plan)).toEqual([
      { index: 0, from: 2 ** 24 - 10, to: 2 ** 24 - 1 },
      { index: 1, from: 2 ** 24, to: 2 ** 24 },
    ]);
  });
});

describe('chunksOf', () => {
  it('should visit every position of a range once, in order', () => {
    const from = 2 ** 24 - CHUNK - 5;
    const plan = createPlan('softmax', 'default', { from, to: from + 3 * CHUNK });
    expect(visits(plan)).toEqual(Array.from({ length: 3 * CHUNK + 1 }, (_, i) => from + i));
  });

  it('should fill chunks as far as there are positions', () => {
    const plan = createPlan('softmax', 'default', { from: 0, to: CHUNK });
    expect(Array.from(chunksOf(plan, blocksOf(plan)[0]), ({ length }) => length)).toEqual([CHUNK, 1]);
  });

  it('should keep the thresholds and the ends of a thinned range, in order and once', () => {
    const [from, to] = [positionOf(-110) + 1, positionOf(-100) + 1];
    const thinned = visits(createPlan('softmax', 'default', { stride: 1000, from, to }));
    const underflow = positionOf(EXP_UNDERFLOW);
    expect(thinned).toEqual(expect.arrayContaining([from, underflow - 1, underflow, underflow + 1, to]));
    expect(thinned.filter((position) => position % 1000 === 0)).toHaveLength(Math.round((to - from) / 1000));
    expect(thinned).toEqual([...new Set(thinned)].sort((a, b) => a - b));
  });

  it('should visit all thresholds with any stride', () => {
    const coarse = visits(createPlan('softmax', 'default', { stride: 2 ** 33 }));
    expect(coarse).toEqual([...new Set([0, ...thresholdPositions, POSITIONS - 1])]);
  });
});
