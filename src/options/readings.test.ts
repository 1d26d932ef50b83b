import { describe, expect, it } from 'vitest';
import type { Options } from '../core/options.ts';
import { bf16, fp32 } from '../formats/index.ts';
import { given } from './index.ts';
import { isAllowed, readingsOf, stepsOf } from './readings.ts';

const bias = Float32Array.of(1);
const mask = Uint8Array.of(1);

describe('readingsOf', () => {
  it.each<[options: Options | undefined, readings: string[]]>([
    [undefined, ['exact']],
    [{ mask, sink: 1 }, ['exact']],
    [{ softcap: 30 }, ['exact']],
    [{ scale: 1 }, ['exact']],
    [{ scale: 2 }, ['exact', 'rounded']],
    [{ bias, mask }, ['exact', 'rounded']],
    [{ scale: 2, bias, sink: 1 }, ['exact', 'rounded', 'fused']],
    [{ scale: 2, softcap: 30, bias }, ['exact', 'rounded']],
    [{ softcap: 30, bias }, ['exact']],
    [{ temperature: 4 }, ['exact', 'rounded']],
    [{ temperature: 3 }, ['exact', 'rounded', 'exact, otherwise', 'rounded, otherwise']],
    [
      { temperature: 3, bias },
      ['exact', 'rounded', 'exact, otherwise', 'rounded, otherwise', 'fused, otherwise'],
    ],
  ])('should be of %j: %j', (options, readings) => {
    expect(readingsOf(options)).toEqual(readings);
  });
});

describe('readingsOf a batch of a narrower format', () => {
  it('should be tensors of it too, where options compute something', () => {
    expect(readingsOf({ scale: 2 }, 'bf16')).toEqual(['exact', 'rounded', 'stored', 'cast']);
    expect(readingsOf({ softcap: 30 }, 'fp16')).toEqual(['exact', 'stored', 'cast']);
    expect(readingsOf({ mask, sink: 1 }, 'bf16')).toEqual(['exact']);
  });

  it('should be allowed by profiles that store intermediates, or compute in the format, alone', () => {
    const allowed = (stored: number, arithmetic = fp32) =>
      readingsOf({ scale: 2 }, 'bf16').filter((reading) => isAllowed(reading, { stored, arithmetic }));
    expect(allowed(0)).toEqual(['exact', 'rounded']);
    expect(allowed(2 ** 16)).toEqual(['exact', 'rounded', 'stored', 'cast']);
    expect(allowed(0, bf16)).toEqual(['exact', 'rounded', 'stored', 'cast']);
  });
});

describe('stepsOf', () => {
  it('should read each rounding once, and let what no reading rounds be paid for', () => {
    const steps = (options: Options, reading: 'exact' | 'rounded' | 'fused'): string[] =>
      stepsOf(given(options).stages, reading).map(({ isRead, pays }) => (isRead ? 'read' : pays));
    expect(steps({ scale: 2, bias, mask }, 'exact')).toEqual(['field', 'field', 'nobody']);
    expect(steps({ scale: 2, bias, mask }, 'rounded')).toEqual(['read', 'read', 'nobody']);
    expect(steps({ scale: 2, bias, mask }, 'fused')).toEqual(['nobody', 'read', 'nobody']);
    expect(steps({ scale: 2, softcap: 30, bias }, 'rounded')).toEqual(['read', 'nobody', 'everybody']);
    expect(steps({ temperature: 3, bias }, 'exact')).toEqual(['field', 'field']);
    expect(steps({ temperature: 3, bias }, 'rounded')).toEqual(['read', 'read']);
    expect(steps({ scale: 2, temperature: 3, bias }, 'exact')).toEqual([
      'everybody',
      'everybody',
      'everybody',
    ]);
  });
});
