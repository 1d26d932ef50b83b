/**
 * As much of Protocol Buffers' wire format as a model file needs to be written: https://protobuf.dev/programming-guides/encoding.
 * A message is its fields one after another, each a tag, `number << 3 | wire type`, and a value.
 */

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** A field's value: an integer of at least 0, a text, or a message that is written already. */
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

/** Seven bits a byte, the lowest first; the eighth bit says that more follow. */
function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
