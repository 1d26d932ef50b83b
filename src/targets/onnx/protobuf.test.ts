import { describe, expect, it } from 'vitest';
import { field, fieldsIn, message } from './protobuf.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('field', () => {
  // The examples of protobuf.dev/programming-guides/encoding.
  it('should write integers seven bits a byte', () => {
    expect(hex(field(1, 150))).toBe('089601');
    expect(hex(field(1, 0))).toBe('0800');
    expect(hex(field(20, 7))).toBe('a00107');
    expect(hex(field(1, 0x7fffffff))).toBe('08ffffffff07');
    expect(hex(field(1, -2))).toBe('08feffffffffffffffff01');
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

describe('fieldsIn', () => {
  it('should read what is written', () => {
    const text = new TextEncoder().encode('é');
    expect(fieldsIn(message(field(1, 150), field(2, 'é'), field(3, field(1, -100)), field(20, 0)))).toEqual([
      { number: 1, value: 150n },
      { number: 2, value: text },
      { number: 3, value: field(1, -100) },
      { number: 20, value: 0n },
    ]);
    expect(fieldsIn(field(1, -100))).toEqual([{ number: 1, value: -100n }]);
  });

  it('should read numbers of fixed length as their bytes', () => {
    const bytes = Uint8Array.of((2 << 3) | 5, 0, 0, 0x80, 0x3f, (3 << 3) | 1, 1, 2, 3, 4, 5, 6, 7, 8);
    expect(fieldsIn(bytes)).toEqual([
      { number: 2, value: Uint8Array.of(0, 0, 0x80, 0x3f) },
      { number: 3, value: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) },
    ]);
  });

  it('should say so where there is no message', () => {
    expect(() => fieldsIn(Uint8Array.of(0x12, 9, 1))).toThrow('field 2 is longer than its message');
    expect(() => fieldsIn(Uint8Array.of(0x0b))).toThrow('there is no wire type 3');
    expect(() => fieldsIn(Uint8Array.of(0x08, 0xff))).toThrow('no integer ends at byte 2');
  });
});
