import { describe, expect, it } from 'vitest';
import type { Profile } from './profile.ts';
import { fieldProfile, profileNamed, profiles } from './profiles.ts';

/** As a table has it: everything in u but floors, in 2^-149, and a logarithm's absolute error. */
function row({ name, ...profile }: Profile) {
  const { subtraction, exp, log, division, gradient, floor, summation, tanh, ...others } = profile;
  const { unit: _, arithmetic: __, answer: ___, ...flags } = others;
  const lanes = summation.order === 'lanes' ? ` ${summation.lanes}` : '';
  return [
    name,
    [subtraction, exp.constant, exp.perGap, log.relative, log.absolute, division, gradient],
    summation.order + lanes,
    floor / 2 ** -149,
    [tanh.relative, tanh.absolute],
    [
      ...(exp.exactAtZero ? ['exactAtZero'] : []),
      ...Object.keys(flags).filter((key) => Reflect.get(flags, key)),
    ],
  ];
}

describe('profiles', () => {
  it('should be what their sources say, an error of k ULP being 2k u', () => {
    const ftz = 2 ** 23 * (1 + 2 ** -17); // What is below 2^-126, and e^-87.33654 for 0.
    expect([...profiles, fieldProfile].map(row)).toEqual([
      // glibc's expf of 0.502 ULP and logf of 0.818 (read 0.82), a correct division, sums in FP64.
      ['strict', [1, 1.004, 0, 1.64, 0, 1, 3], 'once', 2, [4, 0], ['exactAtZero', 'log1p']],
      // exp and log of 2 ULP, a division of 1.
      ['libm', [1, 4, 0, 4, 0, 2, 3], 'lanes 8', 4, [4, 0], ['exactAtZero', 'gradientBySum']],
      // exp and log of 2 ULP, log2 e of 0.224 u and the product with it, a division of 1.
      ['default', [1, 4, 1.225, 4, 0, 2, 3], 'lanes 8', 4, [4, 0], ['exactAtZero', 'gradientBySum']],
      ['sequential', [1, 4, 1.225, 4, 0, 2, 3], 'sequential', 4, [4, 0], ['exactAtZero', 'gradientBySum']],
      [
        'online',
        [1, 4, 1.225, 4, 0, 2, 3],
        'sequential',
        4,
        [4, 0],
        ['exactAtZero', 'online', 'gradientBySum'],
      ],
      [
        'lse',
        [1, 4, 1.225, 4, 0, 2, 3],
        'sequential',
        4,
        [4, 0],
        ['exactAtZero', 'online', 'roundedMax', 'savedLse', 'gradientBySum'],
      ],
      ['exp2', [1, 4, 1.225, 4, 0, 2, 3], 'lanes 8', 4, [4, 0], ['roundedScale', 'gradientBySum']],
      // WGSL: exp 3 + 2 |x| ULP, log 3 ULP or 2^-21, division 2.5 ULP, tanh 1e-5.
      ['wgsl', [1, 6, 4, 6, 2 ** -21, 5, 3], 'sequential', ftz, [4, 1e-5], ['gradientBySum']],
      // CUDA: __expf 2 + floor(1.173 |x|) and half an ULP, __logf 3 and half or 2^-21.41, __fdividef 2 ULP.
      [
        'cuda-fast',
        [1, 5, 2.35, 7, 2 ** -21.41, 4, 3],
        'lanes 32',
        ftz,
        [8192, 1e-5],
        ['roundedScale', 'gradientBySum'],
      ],
      // In FP32 nothing is stored in a narrower format.
      [
        'composed',
        [1, 4, 1.225, 4, 0, 2, 3],
        'lanes 8',
        4,
        [4, 0],
        ['exactAtZero', 'gradientBySum', 'storesIntermediates'],
      ],
      // WGSL's exp, OpenCL's log of 3 and half an ULP and division of 2.5.
      [
        'field',
        [1.25, 6, 4, 7, 0, 5, 8],
        'sequential',
        ftz,
        [8192, 1e-5],
        ['exactAtZero', 'online', 'roundedMax', 'gradientThroughMax', 'gradientBySum', 'roundedLogits'],
      ],
    ]);
  });
});

describe('additions', () => {
  it('should allow more, one after the other, under the name that they make', () => {
    const { name, summation, online, roundedScale, roundedMax, floor } = profileNamed('exp2+online+lse+ftz');
    expect([name, summation.order, online, roundedScale, roundedMax]).toEqual([
      'exp2+online+lse+ftz',
      'sequential',
      true,
      true,
      true,
    ]);
    expect(floor).toBe(profileNamed('wgsl').floor);
    expect(profileNamed('libm+sequential').online).toBe(false);
  });

  it('should be told where there is no such', () => {
    expect(() => profileNamed('exp2+onlin')).toThrow("there is no addition 'onlin'");
  });
});

describe('profileNamed', () => {
  it('should find each, the same every time', () => {
    for (const profile of profiles) expect(profileNamed(profile.name)).toBe(profile);
    expect(profileNamed('online+ftz')).toBe(profileNamed('online+ftz'));
  });

  it('should raise the floor with +ftz, and only then', () => {
    expect(profileNamed('online+ftz')).toEqual({
      ...profileNamed('online'),
      name: 'online+ftz',
      floor: 2 ** -126 * (1 + 2 ** -17),
    });
    expect(profileNamed('online').floor).toBe(2 ** -147);
  });

  it('should name those that there are when there is none of the name', () => {
    expect(() => profileNamed('onlin')).toThrow("there is no profile 'onlin'; did you mean online?");
    expect(() => profileNamed('onlin+ftz')).toThrow("there is no profile 'onlin'; did you mean online?");
    expect(() => profileNamed('online-ftz')).toThrow("there is no profile 'online-ftz'");
    const thrown = (() => {
      try {
        return profileNamed('none');
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toMatchObject({
      hint: 'The profiles are: strict, libm, default, sequential, online, lse, exp2, wgsl, cuda-fast, composed.',
    });
  });
});
