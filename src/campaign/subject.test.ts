import { describe, expect, it } from 'vitest';
import type { Batch } from '../core/batch.ts';
import type { Declaration } from '../core/target.ts';
import { stable } from '../kernels/stable.ts';
import { createTarget } from '../targets/create.ts';
import { batchFor, casesOf } from './explore/cases.ts';
import { drawnFor } from './subject.ts';

describe('drawnFor', () => {
  /** What the loss of a target with these fixed options is given in 100 cases. */
  const given = (declaration: Declaration): Batch[] => {
    const target = createTarget('mine', stable, declaration);
    const subjects = [{ target, operations: ['crossEntropy'] as const }];
    const generation = { ...drawnFor(subjects), maxRows: 4, maxCols: 4, cols: declaration.cols };
    const cases = casesOf({ seed: 1, saved: [], generation });
    return Array.from({ length: 100 }, (_, number) => batchFor(cases.at(number), target, 'crossEntropy'));
  };

  it('should draw which rows a fixed index ignores, though it is no class', () => {
    const batches = given({ options: { crossEntropy: { ignoreIndex: -100 } } });
    expect(batches.every(({ options }) => options?.ignoreIndex === -100)).toBe(true);
    const ignored = batches.filter(({ targets }) => targets.includes(-100)).length;
    expect(ignored).toBeGreaterThan(20);
    expect(ignored).toBeLessThan(80);
  });

  it('should draw what a fixed mask hides', () => {
    const mask = Uint8Array.of(1, 0);
    const batches = given({ cols: 2, options: { crossEntropy: { mask } } });
    expect(batches.every(({ options }) => String(options?.mask) === '1,0')).toBe(true);
    const hidden = batches.map(({ logits }) => logits[1]);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Math.fround(1e30)])
      expect(hidden.filter((each) => Object.is(each, value)).length).toBeGreaterThan(3);
  });

  it('should draw nothing for other fixed options', () => {
    const target = createTarget('mine', stable, { options: { softmax: { scale: 0.5 } } });
    expect(drawnFor([{ target, operations: ['softmax'] }]).options).toBeUndefined();
  });
});
