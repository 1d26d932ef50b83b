import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { inFormat } from '../core/grid.ts';
import type { Options } from '../core/options.ts';
import { bf16, type FormatName, formats } from '../formats/index.ts';
import { stable } from '../kernels/stable.ts';
import { withOptions } from '../options/index.ts';
import { createOracle } from '../oracle/exact.ts';
import { profileOf } from '../row/profile-formats.ts';
import { judge } from './judge.ts';

const f32 = Math.fround;

/** What the judge says of a softmax of numbers that are scores, in the format, of logits with these options. */
function saidOf(profile: string, format: FormatName, row: number[], options: Options, scores: number[]) {
  const batch = withOptions(inFormat(batchOf([row]), format), options);
  const answer = stable.softmax(Float32Array.from(scores), 1, scores.length).map(formats[format].round);
  const of = { logits: format, answer: format, arithmetic: 'fp32' } as const;
  return judge(createOracle(batch), 'softmax', answer, profileOf({ profile, formats: of })).map(
    ({ kind, severity }) => `${kind}/${severity}`,
  );
}

describe('readingsOf', () => {
  const row = [-1.1015625, -1.09375];
  const products = (s: number): number[] => row.map((x) => bf16.round(f32(x * f32(s))));

  it('should hold tensors to their own products where a profile says that they are stored', () => {
    expect(saidOf('composed', 'bf16', row, { scale: 100 }, products(100))).toEqual([]);
    expect(saidOf('default', 'bf16', row, { scale: 100 }, products(100))).toEqual(['inaccurate/error']);
  });

  it('should take a scale that is cast, and no other', () => {
    const scale = 100.3;
    const cast = bf16.round(scale);
    expect(cast).not.toBe(f32(scale));
    expect(saidOf('composed', 'bf16', row, { scale }, products(cast))).toEqual([]);
    expect(saidOf('composed', 'bf16', row, { scale }, products(300))).toEqual(['inaccurate/error']);
  });

  it('should take a bias that is stored', () => {
    const bias = Float32Array.of(-20, -20.3);
    const sums = Array.from(bias, (b) => bf16.round(bf16.round(b)));
    expect(saidOf('composed', 'bf16', [0, 0], { bias }, sums)).toEqual([]);
  });

  it('should tell a product that overflows in the format', () => {
    expect(saidOf('composed', 'fp16', [40000, 40000], { scale: 2 }, [Infinity, Infinity])).toEqual([
      'nan/error',
    ]);
  });
});
