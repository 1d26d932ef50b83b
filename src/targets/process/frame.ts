/** The binary frames that softmax-fuzz and a target's process exchange: docs/protocol.md. Little-endian throughout. */
/** The version of the protocol that this package speaks. */
export const PROTOCOL_VERSION = 1;

/** Twelve words: see {@link writeFrame}. */
export const HEADER_BYTES = 48;

/** `SMFZ`. */
const MAGIC = 0x5a464d53;
const magicBytes = Buffer.from('SMFZ', 'latin1');

/** What a frame may carry after its header: enough for every batch that the command line allows, and no flood. */
const LARGEST_BODY = 2 ** 28;

/** What a frame is. */
export const frameTypes = { greeting: 0, request: 1, answer: 2 } as const;

/** How an answer names what came of a call, by its number. */
export const statuses = ['answered', 'threw', 'bad-shape', 'mutated-input'] as const;

/** A frame's content. What a type of frame has no use for is 0 or empty. */
export interface Frame {
  readonly type: number;
  readonly id: number;
  readonly operation: number;
  readonly rows: number;
  readonly cols: number;
  /** Index into {@link statuses}. */
  readonly status: number;
  /** Logits, or an answer. */
  readonly floats: Float32Array;
  /** Targets. */
  readonly ints: Int32Array;
  /** What a gradient is multiplied with, one a number of the forward answer. */
  readonly upstream: Float32Array;
  readonly text: string;
}

/** A frame with nothing in it. */
export const emptyFrame: Frame = {
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
};

/** How many bytes {@link writeFrame} writes. */
export function frameBytes({ floats, ints, upstream, text }: Frame): number {
  return HEADER_BYTES + 4 * (floats.length + ints.length + upstream.length) + Buffer.byteLength(text);
}

/** Writes the frame at `offset` and gives the offset behind it. */
export function writeFrame(buffer: Buffer, offset: number, frame: Frame): number {
  const { floats, ints, upstream, text } = frame;
  const textBytes = Buffer.byteLength(text);
  let at = offset;
  for (const word of [
    MAGIC,
    PROTOCOL_VERSION,
    frame.type,
    frame.id,
    frame.operation,
    frame.rows,
    frame.cols,
    frame.status,
    floats.length,
    ints.length,
    upstream.length,
    textBytes,
  ])
    at = buffer.writeUInt32LE(word, at);
  for (const numbers of [floats, ints, upstream]) {
    if (numbers.length === 0) continue;
    buffer.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), at);
    at += numbers.byteLength;
  }
  return textBytes === 0 ? at : at + buffer.write(text, at);
}

/** The bytes of one frame. */
export function encodeFrame(frame: Frame): Buffer {
  const buffer = Buffer.allocUnsafe(frameBytes(frame));
  writeFrame(buffer, 0, frame);
  return buffer;
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
    const bytes =
      4 * (header.readUInt32LE(32) + header.readUInt32LE(36) + header.readUInt32LE(40)) +
      header.readUInt32LE(44);
    held = 0;
    if (version !== PROTOCOL_VERSION) {
      onFault(`it speaks version ${version} of the protocol: expected ${PROTOCOL_VERSION}`);
    } else if (bytes > LARGEST_BODY) {
      onFault(`its header announces ${bytes} bytes: at most ${LARGEST_BODY}`);
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
    const textAt = 4 * (floats + ints + upstream);
    onFrame(
      {
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
