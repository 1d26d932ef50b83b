import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameReader, emptyFrame, encodeFrame, type Frame, type Noise } from './frame.ts';

/** What a reader finds in the bytes, given to it in pieces of these lengths, over and over. */
function read(bytes: Buffer, pieces: readonly number[]) {
  const found: { frame: Frame; noise: Noise | null }[] = [];
  const faults: string[] = [];
  const reader = createFrameReader({
    onFrame: (frame, noise) => found.push({ frame, noise }),
    onFault: (detail) => faults.push(detail),
  });
  for (let at = 0, k = 0; at < bytes.length; k++) {
    const end = at + pieces[k % pieces.length];
    reader.push(bytes.subarray(at, end));
    at = end;
  }
  return { found, faults, noise: reader.noise() };
}

const word = fc.nat(2 ** 32 - 1);
const anyFrame = fc.record({
  type: fc.nat(2),
  id: word,
  operation: word,
  rows: word,
  cols: word,
  status: word,
  floats: fc.float32Array({ maxLength: 20 }),
  ints: fc.int32Array({ maxLength: 5 }),
  upstream: fc.float32Array({ maxLength: 5 }),
  text: fc.string({ unit: 'grapheme' }),
});
const pieces = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 });

describe('frames', () => {
  it('should be read as they were written, in whatever pieces they come', () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 4 }), pieces, (frames, lengths) => {
        const { found, faults, noise } = read(Buffer.concat(frames.map(encodeFrame)), lengths);
        expect(found).toEqual(frames.map((frame) => ({ frame, noise: null })));
        expect([faults, noise]).toEqual([[], null]);
      }),
      { seed: 1 },
    );
  });

  it('should be found behind what is no frame, and that be told', () => {
    fc.assert(
      fc.property(anyFrame, fc.stringMatching(/^[SMF a]{1,100}$/), pieces, (frame, text, lengths) => {
        const bytes = Buffer.concat([Buffer.from(text), encodeFrame(frame), encodeFrame(frame)]);
        const { found } = read(bytes, lengths);
        expect(found).toEqual([
          { frame, noise: { bytes: text.length, beginning: text.slice(0, 80) } },
          { frame, noise: null },
        ]);
      }),
      { seed: 1 },
    );
  });

  it('should tell what is no frame before one follows', () => {
    expect(read(Buffer.from('hello\n'), [6]).noise).toEqual({ bytes: 6, beginning: 'hello\n' });
    expect(read(Buffer.from('SM'), [1]).noise).toBeNull();
  });

  it('should not be believed when they are of another version or of an absurd length', () => {
    const other = encodeFrame(emptyFrame);
    other.writeUInt32LE(2, 4);
    expect(read(other, [48]).faults).toEqual(['it speaks version 2 of the protocol: expected 1']);
    const long = encodeFrame(emptyFrame);
    long.writeUInt32LE(0xffffffff, 32);
    expect(read(long, [48]).faults).toEqual(['its header announces 17179869180 bytes: at most 268435456']);
  });
});
