import { describe, expect, it } from 'vitest';
import type { Finding } from '../core/finding.ts';
import { formatWeights } from './weight.ts';

const told = (weight: number, worst: number, typicalWeight: number) =>
  formatWeights({ weight, worst: { weight: worst }, typicalWeight } as Finding);

describe('formatWeights', () => {
  it('should tell the most that was met where that is more, and the median', () => {
    expect(told(2e-7, 0.37, 1.2e-3)).toBe('2e-7; up to 0.37 met, typically 0.0012');
    expect(told(0.5, 0.5, 0.25)).toBe('0.5, typically 0.25');
    expect(told(Number.POSITIVE_INFINITY, 1, 1)).toBeNull();
  });

  it('should tell no median above all that was met, as the middle of a bin may be', () => {
    expect(told(0.347, 0.5, 0.545)).toBe('0.347; up to 0.5 met, typically 0.5');
    expect(told(2.3e-13, 2.3e-13, 2.5e-13)).toBe('2.3e-13, typically 2.3e-13');
  });
});
