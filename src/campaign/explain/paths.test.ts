import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../../core/batch.ts';
import { inFormat } from '../../core/grid.ts';
import { MAX_FINITE } from '../../float32/constants.ts';
import { withOptions } from '../../options/index.ts';
import { pathsFrom } from './paths.ts';

/** What each path makes of a number of the batch. */
const along = (batch: Batch, numberOf: (step: Batch) => unknown): unknown[][] =>
  pathsFrom(batch).map((path) => Array.from(path, numberOf));

const first = ({ logits }: Batch): number => logits[0];

describe('pathsFrom', () => {
  it('should double logits, make them a little larger, halve them through 0 to the other side, and make them a little smaller', () => {
    const [doubled, larger, halved, smaller] = along(batchOf([[5, 0]]), first);
    expect(doubled).toEqual([10, 20, 40, 80, 160, 320, 640, 1280]);
    expect(larger).toEqual([5.0390625, 5.15625, 5.625]);
    expect(halved?.slice(0, 3)).toEqual([2.5, 1.25, 0.625]);
    expect(halved?.slice(13)).toEqual([
      5 / 2 ** 20,
      0,
      ...[256, 128, 64, 32, 16, 8, 4, 2].map((by) => -5 / by),
      ...[1, 2, 4, 8, 16, 32, 64, 128, 256].map((by) => -5 * by),
    ]);
    expect(smaller).toEqual([1.0078125, 1.03125, 1.125].map((by) => Math.fround(5 * (1 / by))));
  });

  it('should end at the largest number, of the format of the batch', () => {
    expect(along(batchOf([[3e38]]), first)[0]?.[0]).toBe(MAX_FINITE);
    expect(along(inFormat(batchOf([[60000]]), 'fp16'), first)[0]?.[0]).toBe(65504);
  });

  it('should make infinities the largest number, and smaller ones, and leave NaN', () => {
    const batch = batchOf([[0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN]]);
    const [path] = pathsFrom(batch);
    const steps = Array.from(path ?? [], ({ logits }) => [...logits]);
    expect(steps[0]).toEqual([0, -MAX_FINITE, MAX_FINITE, Number.NaN]);
    expect(steps.at(-1)).toEqual([0, -1, 1, Number.NaN]);
    expect(along(inFormat(batch, 'fp16'), ({ logits }) => logits[2])[0]?.slice(0, 3)).toEqual([
      65504, 4096, 1024,
    ]);
  });

  it('should make a maximum of -Infinity one of Infinity, without options that have made it', () => {
    const hidden = withOptions(batchOf([[0]]), { mask: Uint8Array.of(0) });
    const steps = pathsFrom(hidden).flatMap((path) => [...path]);
    expect(steps).toContainEqual(batchOf([[Number.NEGATIVE_INFINITY]]));
    expect(steps).toContainEqual(batchOf([[Number.POSITIVE_INFINITY]]));
    const scaled = withOptions(batchOf([[2e36]]), { scale: 1000 });
    expect(pathsFrom(scaled).map((path) => [...path].map(({ logits }) => logits[0]))).toContainEqual([
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ]);
  });

  it('should leave out mask and bias', () => {
    const given = withOptions(batchOf([[0, 0]]), { mask: Uint8Array.of(1, 0), scale: 0 });
    expect(along(given, ({ options }) => options).at(-1)).toEqual([{ scale: 0 }]);
  });

  it('should leave out what is masked in all rows, and move a target from there to either end', () => {
    const { NEGATIVE_INFINITY } = Number;
    const rows = [
      [1, NEGATIVE_INFINITY, 2, NEGATIVE_INFINITY],
      [3, NEGATIVE_INFINITY, 4, 5],
    ];
    const batch = withOptions(batchOf(rows, [2, 1]), { mask: Uint8Array.of(1, 1, 1, 1, 1, 0, 1, 0) });
    const shown = along(batch, ({ logits, cols, targets }) => ({
      logits: [...logits],
      cols,
      targets: [...targets],
    }));
    const kept = { logits: [1, 2, 3, 4], cols: 2 };
    expect(shown).toContainEqual([{ ...kept, targets: [1, 0] }]);
    expect(shown).toContainEqual([{ ...kept, targets: [1, 1] }]);
  });

  it('should have none of zeros', () => {
    expect(pathsFrom(batchOf([[0, 0]]))).toEqual([]);
  });

  it('should scale upstream values, and options that are numbers by powers of two', () => {
    expect(along(batchOf([[0, 0]], [0], [3, 0]), ({ upstream }) => upstream?.[0])[0]?.slice(0, 2)).toEqual([
      6, 12,
    ]);
    const given = withOptions(batchOf([[0, 0]]), { sink: 3, mask: Uint8Array.of(1, 0), labelSmoothing: 1 });
    const [shown, , unmasked, withoutSink, more, less, ...others] = along(
      given,
      ({ options }) => options?.sink,
    );
    expect([shown, unmasked, withoutSink]).toEqual([[3], [3], [undefined]]);
    expect(more?.slice(0, 2)).toEqual([6, 12]);
    expect(less?.slice(0, 2)).toEqual([1.5, 0.75]);
    expect(others).toEqual([]);
    const bias = withOptions(batchOf([[0, 0]]), { bias: Float32Array.of(1, Number.NEGATIVE_INFINITY) });
    expect(along(bias, ({ options }) => options?.bias).at(-2)?.[0]).toEqual(
      Float32Array.of(2, Number.NEGATIVE_INFINITY),
    );
  });
});
