/**
 * As much of Protocol Buffers' wire format as a model file needs to be written, and to be read: https://protobuf.dev/programming-guides/encoding.
 * A message is its fields one after another, each a tag, `number << 3 | wire type`, and a value.
 */

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** A field's value: an integer, a text, or a message that is written already. */
type Value = number | string | Uint8Array;

/** The field of this number, once for each of its values. */
export function field(number: number, ...values: readonly Value[]): Uint8Array {
  return message(...values.map((value) => single(number, value)));
}

/** A message of these fields, which are written in this order. */
export function message(...fields: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(fields.flatMap((bytes) => [...bytes]));
}

function single(number: number, value: Value): Uint8Array {
  if (typeof value === 'number') return Uint8Array.of(...varint((number << 3) | VARINT), ...varint(value));
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return Uint8Array.of(...varint((number << 3) | LENGTH_DELIMITED), ...varint(bytes.length), ...bytes);
}

/** Seven bits a byte, the lowest first; the eighth bit says that more follow. What is below 0 has 64 bits, in two's complement. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  for (; left >= 0x80n; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return [...bytes, Number(left)];
}

/** A field as it is read: an integer with its sign, or bytes, those of a number of fixed length too. */
export interface ReadField {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

/** Where reading stands among bytes. */
interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

/** The next integer, of 64 bits without a sign. */
function readVarint(from: Cursor): bigint {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    if (from.at >= from.bytes.length || shift > 63n)
      throw new RangeError(`no integer ends at byte ${from.at}`);
    const byte = from.bytes[from.at++];
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return BigInt.asUintN(64, value);
  }
}

/**
 * Integers that are packed one behind the other, with their signs.
 * @throws RangeError when the bytes are none of integers.
 */
export function varintsIn(bytes: Uint8Array): bigint[] {
  const from: Cursor = { bytes, at: 0 };
  const integers: bigint[] = [];
  while (from.at < bytes.length) integers.push(BigInt.asIntN(64, readVarint(from)));
  return integers;
}

/**
 * The fields of a message, in their order.
 * @throws RangeError when the bytes are none of a message.
 */
export function fieldsIn(bytes: Uint8Array): ReadField[] {
  const fields: ReadField[] = [];
  const from: Cursor = { bytes, at: 0 };
  const lengthOf = (type: number): number => {
    if (type === FIXED64) return 8;
    if (type === FIXED32) return 4;
    if (type === LENGTH_DELIMITED) return Number(readVarint(from));
    throw new RangeError(`there is no wire type ${type}, at byte ${from.at}`);
  };
  while (from.at < bytes.length) {
    const tag = Number(readVarint(from));
    const number = tag >>> 3;
    if ((tag & 7) === VARINT) fields.push({ number, value: BigInt.asIntN(64, readVarint(from)) });
    else {
      const length = lengthOf(tag & 7);
      if (from.at + length > bytes.length) throw new RangeError(`field ${number} is longer than its message`);
      fields.push({ number, value: bytes.subarray(from.at, from.at + length) });
      from.at += length;
    }
  }
  return fields;
}
