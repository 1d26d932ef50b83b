import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { bf16, fp16, fp32 } from '../formats/index.ts';
import { judge } from '../judge/judge.ts';
import { createOracle } from '../oracle/exact.ts';
import { fieldOf, inFormats } from './profile-formats.ts';
import { defaultProfile, fieldProfile, profileNamed } from './profiles.ts';

const own = { answer: fp16, arithmetic: fp16 };

describe('inFormats', () => {
  it('should be the profile itself in FP32, and one object for each of other formats', () => {
    expect(inFormats(defaultProfile, { answer: fp32, arithmetic: fp32 })).toBe(defaultProfile);
    expect(inFormats(defaultProfile, own)).toBe(inFormats(defaultProfile, own));
    expect(inFormats(defaultProfile, own)).not.toBe(inFormats(profileNamed('libm'), own));
  });

  it('should tell profiles of one name apart', () => {
    const dear = { ...defaultProfile, division: 1000 };
    expect(inFormats(dear, own).division).toBe(1000);
    expect(inFormats(defaultProfile, own).division).toBe(2);
  });

  it('should store intermediates by the profile that does, and by the field', () => {
    const stored = { answer: bf16, arithmetic: fp32 };
    expect(inFormats(defaultProfile, stored).stored).toBe(0);
    expect(inFormats(profileNamed('composed+ftz'), stored).stored).toBe(2 ** 16);
    expect(fieldOf(stored).stored).toBe(2 ** 16);
    expect(fieldOf({ answer: fp32, arithmetic: fp32 })).toBe(fieldProfile);
  });

  it('should keep the accuracy of a tanh that is no better than 2^-11', () => {
    expect(inFormats(profileNamed('cuda-fast'), own).tanh.relative).toBe(4);
    expect(inFormats(profileNamed('cuda-fast'), { answer: fp16, arithmetic: fp32 }).tanh.relative).toBe(
      2 ** 13,
    );
  });
});

describe('arithmetic of FP16', () => {
  it.each([255, 2047])('should be allowed to flush all of %i weights out of its sum', (faint) => {
    const batch = batchOf([[0, ...Array<number>(faint).fill(-9.7109375)]]);
    const answer = new Float32Array(faint + 1);
    answer[0] = 1;
    const violations = judge(
      createOracle(batch),
      'softmax',
      answer,
      inFormats(profileNamed('cuda-fast'), own),
    );
    expect(violations).toEqual([]);
  });

  it('should not be allowed to lose a weight that is a normal number', () => {
    const batch = batchOf([[0, ...Array<number>(255).fill(-9)]]);
    const answer = new Float32Array(256);
    answer[0] = 1;
    expect(
      judge(createOracle(batch), 'softmax', answer, inFormats(profileNamed('sequential'), own)),
    ).toMatchObject([{ kind: 'zeroed', severity: 'error' }]);
  });
});
