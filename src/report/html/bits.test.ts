import { describe, expect, it } from 'vitest';
import { bf16, fp16, fp32 } from '../../formats/index.ts';
import { bitsStrip, fieldsOf } from './bits.ts';

describe('fieldsOf', () => {
  it('should part words of every format', () => {
    expect(fieldsOf('bf800001', fp32)).toEqual({
      sign: '1',
      exponent: '01111111',
      significand: '00000000000000000000001',
    });
    expect(fieldsOf('3c01', fp16)).toEqual({ sign: '0', exponent: '01111', significand: '0000000001' });
    expect(fieldsOf('7f80', bf16)).toEqual({ sign: '0', exponent: '11111111', significand: '0000000' });
  });
});

describe('bitsStrip', () => {
  it('should count the bits that differ, and mark them', () => {
    const { markup } = bitsStrip(1, 1 + 2 ** -23, fp32);
    expect(markup).toContain('1 bit differs');
    expect(markup).toContain(`${'0'.repeat(22)}<b>1</b>`);
    expect(bitsStrip(0.5, -0.5, bf16).markup).toContain('<td class="bits"><b>1</b></td>');
  });
});
