import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { inFormat } from '../core/grid.ts';
import type { Options } from '../core/options.ts';
import { bf16, type FormatName, formats } from '../formats/index.ts';
import { stable } from '../kernels/stable.ts';
import { withOptions } from '../options/index.ts';
import { createOracle } from '../oracle/exact.ts';
import { profileOf } from '../row/profile-formats.ts';
import { profileNamed } from '../row/profiles.ts';
import { budgetOf } from './budget.ts';
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

  it('should take the inverse of a temperature, as it is and of the format, of one that is and is not of the format', () => {
    const [logits, t] = [[0, 97], 1.7];
    const by = (inverse: number): string[] =>
      saidOf(
        'composed',
        'bf16',
        logits,
        { temperature: t },
        logits.map((x) => bf16.round(f32(x * inverse))),
      );
    const inverses = [
      f32(1 / f32(t)),
      bf16.round(1 / f32(t)),
      f32(1 / bf16.round(t)),
      bf16.round(1 / bf16.round(t)),
    ];
    expect(new Set(inverses).size).toBe(4);
    for (const inverse of inverses) expect(by(inverse)).toEqual([]);
    expect(by(bf16.round(inverses[3] * 0.99))).toEqual(['inaccurate/error']);
  });

  it('should grant a quotient what a profile grants a division', () => {
    const [logits, t] = [[16, 18], f32(0.035097)];
    const scores = (off: number): number[] => logits.map((x, i) => f32(f32(x / t) * (1 + i * off)));
    const said = (profile: string, off: number): string[] =>
      saidOf(profile, 'fp32', logits, { temperature: t }, scores(off));
    expect(said('wgsl', 2 ** -22)).toEqual([]);
    expect(said('sequential', 2 ** -22)).toEqual(['inaccurate/warning']);
    expect(said('wgsl', 2 ** -18)).toEqual(['inaccurate/error']);
  });

  it('should know what is lost of a logit that is infinite until it is capped', () => {
    const batch = withOptions(batchOf([[Infinity, 3]]), { temperature: 0.7, softcap: 5, bias: [0, 1] });
    const oracle = createOracle(batch);
    for (const profile of ['sequential', 'wgsl'])
      for (const reading of oracle.readings)
        expect(budgetOf('softmax', 0, reading, profileNamed(profile))).toBeLessThan(1e-4);
  });

  it('should take a gradient that is divided below the normal range, and multiplied then', () => {
    const batch = withOptions(batchOf([[0, -71]], [0]), { scale: 115, temperature: 86 });
    const answer = Float32Array.of(0, 7.896e-42);
    const found = judge(createOracle(batch), 'crossEntropyGrad', answer, profileNamed('sequential'));
    expect(found).toEqual([]);
  });

  it('should take a gradient whose probability is divided first, and is lost', () => {
    const batch = withOptions(batchOf([[0, 956]], [0], [0, 2]), { temperature: 11.25 });
    const verdict = (answer: number[]): number =>
      judge(createOracle(batch), 'softmaxGrad', Float32Array.from(answer), profileNamed('sequential+ftz'))
        .length;
    expect(verdict([-0, 0])).toBe(0);
    expect(verdict([-1e-36, 1e-36])).toBe(1);
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
