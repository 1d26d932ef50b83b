import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { linesOf } from './lines.ts';

async function linesIn(text: string, size: number, most = 100): Promise<string[]> {
  const bytes = Buffer.from(text);
  const count = Math.ceil(bytes.length / size);
  const chunks = Array.from({ length: count }, (_, k) => bytes.subarray(k * size, (k + 1) * size));
  const lines: string[] = [];
  for await (const line of linesOf(Readable.from(chunks, { objectMode: false }), most)) lines.push(line);
  return lines;
}

describe('linesOf', () => {
  it.each([1, 2, 3, 1000])('should be what is between ends of lines, of chunks of %i bytes', async (size) => {
    expect(await linesIn('a\n\nb é\r\n漢😀\n', size)).toEqual(['a', '', 'b é', '漢😀']);
    expect(await linesIn('no end', size)).toEqual(['no end']);
    expect(await linesIn('', size)).toEqual([]);
  });

  it('should end a line that has no end', async () => {
    expect(await linesIn(`a\n${'x'.repeat(100)}\n`, 7)).toEqual(['a', 'x'.repeat(100)]);
    await expect(linesIn(`a\n${'x'.repeat(1000)}`, 7)).rejects.toThrow('line 2 has more than 100 characters');
  });
});
