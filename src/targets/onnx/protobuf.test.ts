import { describe, expect, it } from 'vitest';
import { field, message } from './protobuf.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('field', () => {
  // The examples of protobuf.dev/programming-guides/encoding.
  it('should write integers seven bits a byte', () => {
    expect(hex(field(1, 150))).toBe('089601');
    expect(hex(field(1, 0))).toBe('0800');
    expect(hex(field(20, 7))).toBe('a00107');
    expect(hex(field(1, 0x7fffffff))).toBe('08ffffffff07');
  });

  it('should write texts and messages behind their length', () => {
    expect(hex(field(2, 'testing'))).toBe('120774657374696e67');
    expect(hex(field(3, field(1, 150)))).toBe('1a03089601');
    expect(hex(field(2, 'é'))).toBe('1202c3a9');
    expect(hex(field(2, 'x'.repeat(200)))).toMatch(/^12c8017878/);
  });

  it('should write a field once for each value', () => {
    expect(hex(field(1, 'a', 'b'))).toBe('0a01610a0162');
    expect(hex(field(1))).toBe('');
  });
});

describe('message', () => {
  it('should be its fields, one after another', () => {
    expect(hex(message(field(1, 1), field(2, 'a')))).toBe('0801120161');
    expect(hex(message())).toBe('');
  });
});
