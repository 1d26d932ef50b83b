import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { UserError } from '../text/errors.ts';
import { scoreNames, steepnessOf, withOptions } from './index.ts';

const batch = batchOf([
  [1, 2],
  [3, 4],
]);
const { NaN: NAN, POSITIVE_INFINITY: INFINITY, NEGATIVE_INFINITY: MASKED } = Number;

/** The batch with what a caller without types may give. */
const given = (options: object) => withOptions(batch, options);

describe('withOptions', () => {
  it('should keep values rounded to FP32, and copies of arrays', () => {
    const bias = Float32Array.of(0.5, MASKED);
    const mask = [1, 0, 1, 1];
    const { options } = given({
      sink: [0.1, MASKED],
      mask,
      bias,
      softcap: 0.1,
      temperature: 0.7,
      scale: -0.1,
    });
    expect(options).toEqual({
      scale: Math.fround(-0.1),
      temperature: Math.fround(0.7),
      softcap: Math.fround(0.1),
      bias,
      mask: Uint8Array.from(mask),
      sink: Float32Array.of(0.1, MASKED),
    });
    expect(options?.bias).not.toBe(bias);
    expect(Object.keys(options ?? {})).toEqual(scoreNames);
  });

  it('should leave options out where there are none, and take new ones in place of old', () => {
    expect('options' in given({})).toBe(false);
    expect('options' in withOptions(given({ scale: 2 }), {})).toBe(false);
    expect(withOptions(given({ scale: 2 }), { sink: 1 }).options).toEqual({ sink: 1 });
  });

  it('should take a scale of 0 and below, a sink of -Infinity, and a mask and a bias for all rows', () => {
    const options = { scale: 0, sink: MASKED, mask: Uint8Array.of(0, 0), bias: Float32Array.of(MASKED, 0) };
    expect(given(options).options).toEqual(options);
    expect(given({ scale: -3 }).options).toEqual({ scale: -3 });
  });

  it.each<[name: string, options: object, message: string]>([
    ['a scale of NaN', { scale: NAN }, 'scale is NaN: expected a number that is finite in FP32'],
    ['a scale beyond FP32', { scale: 1e39 }, 'scale is 1e+39: expected a number that is finite in FP32'],
    ['a scale in words', { scale: '2' }, "scale is the text '2': expected a number"],
    ['a softcap of 0', { softcap: 0 }, 'softcap is 0: expected a number above 0'],
    ['a softcap below 0', { softcap: -30 }, 'softcap is -30: expected a number above 0'],
    [
      'a softcap of Infinity',
      { softcap: INFINITY },
      'softcap is Infinity: expected a number that is finite in FP32',
    ],
    ['a bias too short', { bias: [1] }, 'bias has 1 values for 2 x 2 logits: expected 4, or 2 for all rows'],
    ['a bias of NaN', { bias: [0, NAN] }, 'bias has NaN at 1: expected finite FP32 values or -Infinity'],
    [
      'a bias of Infinity',
      { bias: [INFINITY, 0] },
      'bias has Infinity at 0: expected finite FP32 values or -Infinity',
    ],
    ['one bias', { bias: 3 }, 'bias is 3: expected an array of numbers'],
    [
      'a mask too long',
      { mask: new Uint8Array(6) },
      'mask has 6 values for 2 x 2 logits: expected 4, or 2 for all rows',
    ],
    [
      'a mask of other numbers',
      { mask: [1, 2] },
      'mask has 2 at 1: expected 1 for a logit that takes part, or 0',
    ],
    [
      'a mask of booleans',
      { mask: [true, false] },
      'mask is an array that holds something else: expected an array of numbers',
    ],
    ['an object for a mask', { mask: {} }, 'mask is an object: expected an array of numbers'],
    ['a sink of NaN', { sink: NAN }, 'sink has NaN at 0: expected finite FP32 values or -Infinity'],
    [
      'a sink of Infinity',
      { sink: INFINITY },
      'sink has Infinity at 0: expected finite FP32 values or -Infinity',
    ],
    [
      'three sinks for two rows',
      { sink: [1, 2, 3] },
      'sink has 3 values for 2 rows: expected one number, or one a row',
    ],
    ['a sink in words', { sink: 'none' }, "sink is the text 'none': expected a number, or one a row"],
  ])('should refuse %s', (_, options, message) => {
    expect(() => given(options)).toThrow(new UserError(message));
  });

  it('should ask for one length alone of one row', () => {
    expect(() => withOptions(batchOf([[1, 2]]), { bias: Float32Array.of(1) })).toThrow(
      'bias has 1 values for 1 x 2 logits: expected 2',
    );
  });
});

describe('steepnessOf', () => {
  it('should have the size of the scale, as a cap and a mask only lower dz / dx', () => {
    expect(steepnessOf({})).toEqual({ steepest: 1, enlarged: 1 });
    const options = { scale: -3, softcap: 2, mask: Uint8Array.of(1), bias: Float32Array.of(1), sink: 2 };
    expect(steepnessOf(options)).toEqual({ steepest: 3, enlarged: 3 });
  });

  it('should have what one factor enlarges though another lowers it', () => {
    expect(steepnessOf({ scale: 3, temperature: 4 })).toEqual({ steepest: 0.75, enlarged: 3 });
    expect(steepnessOf({ scale: 0.5 })).toEqual({ steepest: 0.5, enlarged: 1 });
  });
});
