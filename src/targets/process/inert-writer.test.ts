import { describe, expect, it } from 'vitest';
import { inertWriter } from './inert-writer.ts';

describe('inertWriter', () => {
  it.each([1, 2, 5, 1000])('should show lines, of pieces of %i bytes', (size) => {
    const bytes = Buffer.from('  at é\n::error::\u001b[31mx\u202e\r\n\nno end');
    let written = '';
    const writer = inertWriter((text) => {
      written += text;
    });
    for (let at = 0; at < bytes.length; at += size) writer.write(bytes.subarray(at, at + size));
    writer.end();
    expect(written).toBe('  at é\n\\u{3a}:error::\\u{1b}[31mx\\u{202e}\n\nno end\n');
  });

  it('should not keep what has no end', () => {
    const written: string[] = [];
    const writer = inertWriter((text) => written.push(text));
    for (let k = 0; k < 30; k++) writer.write(Buffer.alloc(100, 'x'));
    writer.end();
    expect(written.map((text) => text.length)).toEqual([1001, 1001, 801]);
  });
});
