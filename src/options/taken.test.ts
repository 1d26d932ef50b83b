import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { inFormat, isInFormat, toGrid } from '../core/grid.ts';
import type { Options, Taken } from '../core/options.ts';
import { formats } from '../formats/index.ts';
import { asTaken, notTaken } from './taken.ts';

const taken = (names: Taken['names'], fixed: Options = {}): Taken => ({ names, fixed });

const always: Taken = { names: ['probabilities'], fixed: {}, alwaysProbabilities: true };

describe('notTaken', () => {
  it.each<[string, Options | undefined, Taken, string | null]>([
    ['no option of none', undefined, taken([]), null],
    ['an option of none', { scale: 2 }, taken([]), 'scale'],
    ['one of two', { scale: 2, sink: 0 }, taken(['sink']), 'scale'],
    ['a fixed one that is not there', {}, taken([], { scale: 2 }), 'scale'],
    ['a fixed one of another value', { scale: 3 }, taken([], { scale: 2 }), 'scale'],
    ['a fixed one', { scale: 2 }, taken([], { scale: 2 }), null],
    ['a fixed array', { mask: Uint8Array.of(1, 0) }, taken([], { mask: Uint8Array.of(1, 0) }), null],
    ['another array', { mask: Uint8Array.of(1, 1) }, taken([], { mask: Uint8Array.of(1, 0) }), 'mask'],
    ['no probabilities where there are always some', {}, always, 'probabilities'],
    ['some', { probabilities: Float32Array.of(1, 0) }, always, null],
  ])('should tell %s', (_what, options, of, expected) => {
    expect(notTaken(options, of)).toBe(expected);
  });
});

describe('asTaken, of what takes no classes', () => {
  it('should be asked with the drawn probabilities, or with 1 at the target', () => {
    const batch = batchOf(
      [
        [1, 2],
        [3, 4],
      ],
      [1, 0],
    );
    const probabilities = Float32Array.of(0.5, 0.5, 0, 1);
    const asked = (options: Options) =>
      asTaken(batch, always, { options, hidden: null, ignored: null }).options;
    expect(asked({ probabilities })).toEqual({ probabilities });
    expect(asked({})).toEqual({ probabilities: Float32Array.of(0, 1, 1, 0) });
  });
});

describe('asTaken, of a format', () => {
  it.each([
    ['bf16', 1e30],
    ['fp16', 1e30],
    ['fp16', Number.NaN],
  ] as const)('should hide numbers of %s where %d is drawn', (format, hidden) => {
    const options = { mask: Uint8Array.of(1, 0) };
    const batch = inFormat(batchOf([[1, 2]]), format);
    const asked = asTaken(batch, taken(['mask']), { options, hidden, ignored: null });
    expect(asked.logits[1]).toBe(toGrid(hidden, formats[format]));
    expect(isInFormat(asked, format)).toBe(true);
  });
});
