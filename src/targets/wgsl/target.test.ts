import { describe, expect, it } from 'vitest';
import { checkFeatures } from './target.ts';

describe('checkFeatures', () => {
  it('should refuse f16 where the GPU has none, and nothing else', () => {
    const plain = new Set(['subgroups']);
    expect(() => checkFeatures('target wgsl:./half.wgsl', plain, true)).toThrow(
      'target wgsl:./half.wgsl is of f16, which the GPU that webgpu can use does not have',
    );
    checkFeatures('target', plain, false);
    checkFeatures('target', new Set(['shader-f16']), true);
  });
});
