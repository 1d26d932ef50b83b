/** Parts of a model file. Field numbers and enumerations are those of onnx/onnx.proto3 in github.com/onnx/onnx. */
import { field, message } from './protobuf.ts';

const attributeTypes = { int: 2, string: 3, ints: 7 } as const;

/** An attribute of a node: an integer, integers or a text. */
export function attribute(name: string, value: number | readonly number[] | string): Uint8Array {
  if (typeof value === 'number')
    return field(5, message(field(1, name), field(3, value), field(20, attributeTypes.int)));
  if (typeof value === 'string')
    return field(5, message(field(1, name), field(4, value), field(20, attributeTypes.string)));
  return field(5, message(field(1, name), field(8, ...value), field(20, attributeTypes.ints)));
}

/** A node of one output. */
export function node(
  type: string,
  inputs: readonly string[],
  output: string,
  ...attributes: readonly Uint8Array[]
): Uint8Array {
  return message(field(1, ...inputs), field(2, output), field(4, type), ...attributes);
}

/** A ValueInfoProto whose axes have names instead of sizes: any will do. Without axes, of any shape. */
export function valueInfo(name: string, dataType: number, axes: readonly string[] | null): Uint8Array {
  const shape = axes && message(...axes.map((each) => field(1, message(field(2, each)))));
  const tensor = message(field(1, dataType), ...(shape === null ? [] : [field(2, shape)]));
  return message(field(1, name), field(2, message(field(1, tensor))));
}
