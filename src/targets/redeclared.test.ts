import { describe, expect, it } from 'vitest';
import { createAftermath } from '../core/aftermath.ts';
import type { Declaration } from '../core/target.ts';
import { stable } from '../kernels/stable.ts';
import { builtinTarget } from './builtin.ts';
import { createTarget } from './create.ts';
import { declarationOfTarget, redeclared } from './redeclared.ts';

const declaration = {
  name: 'mine',
  profile: 'online',
  ftz: true,
  format: { logits: 'bf16' },
  options: { softmax: { temperature: 2, mask: true }, crossEntropy: ['reduction'] },
  semantics: 'jax',
  layouts: ['inner'],
  inPlace: true,
  known: ['softmax/nan/*', 'softmax/inaccurate/* <= 0.5'],
  nonFinite: false,
  maxRows: 7,
  cols: 4,
  views: false,
  batchInvariant: true,
} as const;

const aftermath = createAftermath();

describe('declarationOfTarget', () => {
  it('should declare the same target again', () => {
    const of = (declared: Declaration) => createTarget('file', stable, declared, './file.mjs', aftermath);
    const target = of(declaration);
    expect(of(declarationOfTarget(target))).toEqual(target);
    const through = JSON.parse(JSON.stringify(declarationOfTarget(target)));
    expect(of(through)).toEqual(target);
  });
});

describe('redeclared', () => {
  const { format: _, ...plain } = declaration;
  const target = createTarget('file', stable, plain, './file.mjs');

  it('should change what is declared, and nothing else', () => {
    expect(redeclared(target, {})).toBe(target);
    expect(redeclared(target, { profile: 'libm', known: [] })).toEqual({
      ...target,
      profile: 'libm+ftz',
      known: [],
    });
    expect(redeclared(target, { ftz: false, name: 'other' })).toEqual({
      ...target,
      name: 'other',
      profile: 'online',
    });
    const stableTarget = builtinTarget('stable@bf16');
    expect(redeclared(stableTarget, { nonFinite: false })).toEqual({
      ...stableTarget,
      nonFinite: false,
      laws: stableTarget.laws.filter((law) => law !== 'nan-isolation'),
    });
  });

  it.each([{ format: 'bf16' }, { options: {} }, { layouts: ['inner'] }] as const)(
    'should refuse how it is called: %j',
    (declared) => {
      expect(() => redeclared(target, declared)).toThrow(
        `target ./file.mjs: its ${Object.keys(declared)[0]} cannot be declared from outside`,
      );
    },
  );
});
