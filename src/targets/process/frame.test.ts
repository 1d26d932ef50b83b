import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fp16 } from '../../formats/index.ts';
import { unpackWords } from '../../formats/words.ts';
import { createFrameReader, emptyFrame, encodeFrame, type Frame, type Noise } from './frame.ts';
import { floatsOf, floatTensor, type Tensor } from './tensors.ts';

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
  version: fc.constant(1 as const),
  tensors: fc.constant([]),
  options: fc.constant({}),
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

const anyFloats = fc.oneof(
  fc
    .float32Array({ maxLength: 20, noNaN: true })
    .map((values) => floatTensor('logits', values, [values.length], 'fp32')),
  fc
    .uint16Array({ maxLength: 20, max: 0x7bff })
    .map((words) => floatTensor('logits', unpackWords(words, fp16), [1, words.length], 'fp16')),
);
const tensorFrame = fc.record({
  version: fc.constant(2 as const),
  type: fc.constantFrom(1, 2),
  id: word,
  operation: word,
  rows: word,
  cols: word,
  status: word,
  tensors: fc.array(anyFloats, { minLength: 1, maxLength: 3 }),
  options: fc.dictionary(
    fc.constantFrom('scale', 'softcap'),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((x) => !Object.is(x, -0)),
  ),
  text: fc.string({ unit: 'grapheme' }),
});

describe('frames of version 2', () => {
  it('should be read as they were written, in whatever pieces they come', () => {
    fc.assert(
      fc.property(fc.array(tensorFrame, { maxLength: 4 }), pieces, (given, lengths) => {
        const frames = given.map((frame) => ({ ...emptyFrame, ...frame }));
        const { found, faults } = read(Buffer.concat(frames.map(encodeFrame)), lengths);
        expect(faults).toEqual([]);
        expect(
          found.map(({ frame }) => ({ ...frame, tensors: frame.tensors.map(plain), floats: null })),
        ).toEqual(frames.map((frame) => ({ ...frame, tensors: frame.tensors.map(plain), floats: null })));
        expect(found.map(({ frame }) => frame.floats)).toEqual(
          frames.map(({ tensors }) => floatsOf(tensors[0])),
        );
      }),
    );
  });

  it.each([
    ['no JSON', 'hm', 2, "its frame's JSON is none of tensors: 'hm'"],
    [
      'a type that there is none of',
      '{"tensors":[{"name":"x","type":"f8","shape":[]}]}',
      0,
      "its frame's JSON is none of",
    ],
    [
      'too few bytes',
      '{"tensors":[{"name":"x","type":"f32","shape":[2]}]}',
      4,
      'have 8 bytes by their shapes, and 4',
    ],
  ])('should be refused with %s', (_what, json, bytes, message) => {
    const header = encodeFrame({ ...emptyFrame, version: 2, type: 2 }).subarray(0, 48);
    header.writeUInt32LE(json.length, 32);
    header.writeUInt32LE(bytes, 36);
    const { found, faults } = read(Buffer.concat([header, Buffer.from(json), Buffer.alloc(bytes)]), [7]);
    expect(found).toEqual([]);
    expect(faults.join()).toContain(message);
  });
});

const plain = ({ bytes, ...head }: Tensor) => ({ ...head, bytes: [...bytes] });

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
    other.writeUInt32LE(3, 4);
    expect(read(other, [48]).faults).toEqual(['it speaks version 3 of the protocol: expected one of 1, 2']);
    const long = encodeFrame(emptyFrame);
    long.writeUInt32LE(0xffffffff, 32);
    expect(read(long, [48]).faults).toEqual(['its header announces 17179869180 bytes: at most 268435456']);
  });
});
