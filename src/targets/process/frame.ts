/** The binary frames that softmax-fuzz and a target's process exchange: docs/protocol.md. Little-endian throughout. */
import * as v from 'valibot';
import { floatsOf, headsSchema, type Scalar, sizeOf, type Tensor } from './tensors.ts';

/** The versions of the protocol that this package speaks: a program is spoken to in that of its greeting. */
export const versions = [1, 2] as const;

/** One of {@link versions}. */
export type Version = (typeof versions)[number];

/** Twelve words: see {@link writeFrame}. */
export const HEADER_BYTES = 48;

/** `SMFZ`. */
const MAGIC = 0x5a464d53;
const magicBytes = Buffer.from('SMFZ', 'latin1');

/** What a frame may carry after its header: enough for every batch that the command line allows, and no flood. */
const LARGEST_BODY = 2 ** 28;

/** What a greeting may carry: names, limits and known buckets. */
const LARGEST_GREETING = 2 ** 20;

/** What a frame is. */
export const frameTypes = { greeting: 0, request: 1, answer: 2 } as const;

/** How an answer names what came of a call, by its number. */
export const statuses = ['answered', 'threw', 'bad-shape', 'mutated-input'] as const;

/** A frame's content. What a type of frame has no use for is 0 or empty. */
export interface Frame {
  readonly version: Version;
  readonly type: number;
  readonly id: number;
  readonly operation: number;
  readonly rows: number;
  readonly cols: number;
  /** Index into {@link statuses}. */
  readonly status: number;
  /** Logits, or an answer; of a frame of version 2 the first of its tensors, where that is of floats. */
  readonly floats: Float32Array;
  /** Targets. */
  readonly ints: Int32Array;
  /** What a gradient is multiplied with, one a number of the forward answer. */
  readonly upstream: Float32Array;
  /** Of version 2 the JSON of its greeting, or what went wrong. */
  readonly text: string;
  /** Of version 2, the arrays, and the options that are numbers. */
  readonly tensors: readonly Tensor[];
  readonly options: Readonly<Record<string, Scalar>>;
}

/** A frame with nothing in it. */
export const emptyFrame: Frame = {
  version: 1,
  type: frameTypes.request,
  id: 0,
  operation: 0,
  rows: 0,
  cols: 0,
  status: 0,
  floats: new Float32Array(),
  ints: new Int32Array(),
  upstream: new Float32Array(),
  text: '',
  tensors: [],
  options: {},
};

/** How many bytes {@link writeFrame} writes. */
export function frameBytes(frame: Frame): number {
  const { floats, ints, upstream, text, tensors } = frame;
  if (frame.version === 2)
    return HEADER_BYTES + Buffer.byteLength(jsonOf(frame)) + sum(tensors, ({ bytes }) => bytes.length);
  return HEADER_BYTES + 4 * (floats.length + ints.length + upstream.length) + Buffer.byteLength(text);
}

/** Writes the frame at `offset` and gives the offset behind it. */
export function writeFrame(buffer: Buffer, offset: number, frame: Frame): number {
  if (frame.version === 2) return writeTensors(buffer, offset, frame);
  const { floats, ints, upstream, text } = frame;
  const textBytes = Buffer.byteLength(text);
  let at = writeHeader(buffer, offset, frame, [floats.length, ints.length, upstream.length, textBytes]);
  for (const numbers of [floats, ints, upstream]) {
    if (numbers.length === 0) continue;
    buffer.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), at);
    at += numbers.byteLength;
  }
  return textBytes === 0 ? at : at + buffer.write(text, at);
}

function writeHeader(buffer: Buffer, offset: number, frame: Frame, lengths: readonly number[]): number {
  const { version, type, id, operation, rows, cols, status } = frame;
  let at = offset;
  for (const word of [MAGIC, version, type, id, operation, rows, cols, status, ...lengths])
    at = buffer.writeUInt32LE(word, at);
  return at;
}

/** A frame of version 2: the header, a JSON of what it holds, and the bytes of its tensors. */
function writeTensors(buffer: Buffer, offset: number, frame: Frame): number {
  const json = jsonOf(frame);
  const bytes = sum(frame.tensors, ({ bytes }) => bytes.length);
  let at = writeHeader(buffer, offset, frame, [Buffer.byteLength(json), bytes, 0, 0]);
  at += buffer.write(json, at);
  for (const { bytes } of frame.tensors) {
    buffer.set(bytes, at);
    at += bytes.length;
  }
  return at;
}

/** A greeting's own JSON; else the names, types and shapes of the tensors, and a message. */
function jsonOf({ type, text, tensors, options }: Frame): string {
  if (type === frameTypes.greeting) return text;
  const heads = tensors.map(({ name, type, shape }) => ({ name, type, shape }));
  return JSON.stringify({
    tensors: heads,
    ...(Object.keys(options).length > 0 && { options }),
    ...(text !== '' && { message: text }),
  });
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

/** The bytes of one frame. */
export function encodeFrame(frame: Frame): Buffer {
  const buffer = Buffer.allocUnsafe(frameBytes(frame));
  writeFrame(buffer, 0, frame);
  return buffer;
}

/** The frame of version 2 with this header and body; in words what is wrong with it, where something is. */
function tensorFrame(header: Buffer, body: Buffer): Frame | string {
  const word = (index: number): number => header.readUInt32LE(4 * index);
  const jsonBytes = word(8);
  const text = body.toString('utf8', 0, jsonBytes);
  const frame = {
    ...emptyFrame,
    version: 2,
    type: word(2),
    id: word(3),
    operation: word(4),
    rows: word(5),
    cols: word(6),
    status: word(7),
  } as const;
  if (frame.type === frameTypes.greeting) return { ...frame, text };
  const content = contentOf(text);
  if (content === null) return `its frame's JSON is none of tensors: '${text.slice(0, 80)}'`;
  const heads = content.tensors;
  const bytes = sum(heads, sizeOf);
  if (bytes !== word(9))
    return `its frame's tensors have ${bytes} bytes by their shapes, and ${word(9)} by its header`;
  let at = jsonBytes;
  const tensors = heads.map((head): Tensor => {
    const from = at;
    at += sizeOf(head);
    return { ...head, bytes: body.subarray(from, at) };
  });
  const floats = tensors.length === 0 ? undefined : floatsOf(tensors[0]);
  const { options, message } = content;
  return { ...frame, tensors, options, floats: floats ?? emptyFrame.floats, text: message };
}

const contentSchema = v.object({
  tensors: v.optional(headsSchema, []),
  options: v.optional(v.record(v.string(), v.union([v.number(), v.string()])), {}),
  message: v.optional(v.string(), ''),
});

function contentOf(text: string): v.InferOutput<typeof contentSchema> | null {
  try {
    const result = v.safeParse(contentSchema, JSON.parse(text));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

/** Bytes that are no frame. */
export interface Noise {
  /** How many. */
  readonly bytes: number;
  /** The first of them. */
  readonly beginning: string;
}

/** Takes what {@link createFrameReader} finds. */
export interface FrameListener {
  /** `noise` is what came before the frame and belongs to none. */
  readonly onFrame: (frame: Frame, noise: Noise | null) => void;
  /** A header that cannot be believed: what follows it is lost. */
  readonly onFault: (detail: string) => void;
}

/** Reads frames from bytes that come in chunks, and skips what is none. */
export interface FrameReader {
  readonly push: (chunk: Buffer) => void;
  /** What came since the last frame and belongs to none. */
  readonly noise: () => Noise | null;
}

/** A reader; it copies what it keeps, so that chunks may be used again. */
export function createFrameReader({ onFrame, onFault }: FrameListener): FrameReader {
  const header = Buffer.alloc(HEADER_BYTES);
  let held = 0;
  let body: Buffer | null = null;
  let filled = 0;
  let noiseBytes = 0;
  let beginning = '';

  const noise = (): Noise | null => (noiseBytes === 0 ? null : { bytes: noiseBytes, beginning });

  /** Drops bytes from the front of the header until it may be one. */
  function synchronize(): void {
    while (held > 0) {
      const length = Math.min(held, 4);
      if (header.compare(magicBytes, 0, length, 0, length) === 0) return;
      if (beginning.length < 80) beginning += String.fromCharCode(header[0]);
      noiseBytes++;
      header.copyWithin(0, 1, held);
      held--;
    }
  }

  function begin(): void {
    const version = header.readUInt32LE(4);
    const [first, second, third, fourth] = [32, 36, 40, 44].map((at) => header.readUInt32LE(at));
    const bytes = version === 2 ? first + second : 4 * (first + second + third) + fourth;
    const largest = header.readUInt32LE(8) === frameTypes.greeting ? LARGEST_GREETING : LARGEST_BODY;
    held = 0;
    if (!versions.some((each) => each === version)) {
      onFault(`it speaks version ${version} of the protocol: expected one of ${versions.join(', ')}`);
    } else if (bytes > largest) {
      onFault(`its header announces ${bytes} bytes: at most ${largest}`);
    } else {
      body = Buffer.from(new ArrayBuffer(bytes));
      filled = 0;
    }
  }

  function end({ buffer, length }: Buffer): void {
    const word = (index: number): number => header.readUInt32LE(4 * index);
    const [floats, ints, upstream] = [word(8), word(9), word(10)];
    const before = noise();
    body = null;
    noiseBytes = 0;
    beginning = '';
    if (word(1) === 2) {
      const parsed = tensorFrame(header, Buffer.from(buffer, 0, length));
      if (typeof parsed === 'string') onFault(parsed);
      else onFrame(parsed, before);
      return;
    }
    const textAt = 4 * (floats + ints + upstream);
    onFrame(
      {
        ...emptyFrame,
        type: word(2),
        id: word(3),
        operation: word(4),
        rows: word(5),
        cols: word(6),
        status: word(7),
        floats: new Float32Array(buffer, 0, floats),
        ints: new Int32Array(buffer, 4 * floats, ints),
        upstream: new Float32Array(buffer, 4 * (floats + ints), upstream),
        text: textAt === length ? '' : Buffer.from(buffer, textAt).toString(),
      },
      before,
    );
  }

  return {
    noise,
    push(chunk) {
      let at = 0;
      while (at < chunk.length) {
        if (body === null) {
          const count = Math.min(HEADER_BYTES - held, chunk.length - at);
          chunk.copy(header, held, at, at + count);
          held += count;
          at += count;
          if (held < 4 || header.readUInt32LE(0) !== MAGIC) synchronize();
          if (held === HEADER_BYTES) begin();
        } else {
          const count = Math.min(body.length - filled, chunk.length - at);
          chunk.copy(body, filled, at, at + count);
          filled += count;
          at += count;
        }
        if (body !== null && filled === body.length) end(body);
      }
    },
  };
}
