/** Named arrays in frames of version 2: docs/protocol.md. */
import * as v from 'valibot';
import type { Batch } from '../../core/batch.ts';
import type { Layout } from '../../core/layout.ts';
import { isOfRows } from '../../core/options.ts';
import { type FormatName, type Formats, formats as grids } from '../../formats/index.ts';
import { packWords, unpackWords } from '../../formats/words.ts';

/** The types of numbers, and their bytes. */
export const tensorTypes = { f32: 4, f16: 2, bf16: 2, i32: 4, u8: 1 } as const;

/** The name of one of {@link tensorTypes}. */
export type TensorType = keyof typeof tensorTypes;

/** How an array is called, and what is in it. */
export interface TensorHead {
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly number[];
}

/** A named array. */
export interface Tensor extends TensorHead {
  /** Its numbers, little-endian. */
  readonly bytes: Uint8Array;
}

const size = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What a frame of version 2 says of its arrays. */
export const headsSchema = v.array(
  v.object({
    name: v.string(),
    type: v.picklist(Object.keys(tensorTypes) as TensorType[]),
    shape: v.array(size),
  }),
);

const typeOf: Readonly<Record<FormatName, TensorType>> = { fp32: 'f32', fp16: 'f16', bf16: 'bf16' };

/** The type in which numbers of a format are sent. */
export function typeOfFormat(format: FormatName): TensorType {
  return typeOf[format];
}

/** Numbers of a format as a tensor. */
export function floatTensor(
  name: string,
  values: Float32Array,
  shape: readonly number[],
  format: FormatName,
): Tensor {
  const words = format === 'fp32' ? values : packWords(values, grids[format]);
  return { name, type: typeOf[format], shape, bytes: bytesOf(words) };
}

/** The arrays of a call. */
export function tensorsOf(batch: Batch, { logits: format }: Formats): readonly Tensor[] {
  const { rows, cols, logits, targets, upstream, layout } = batch;
  const shape = layout === undefined ? [rows, cols] : shapeIn(layout, rows, cols);
  return [
    floatTensor('logits', logits, shape, format),
    ...(targets.length === 0
      ? []
      : [{ name: 'targets', type: 'i32', shape: [rows], bytes: bytesOf(targets) } as const]),
    ...(upstream === null
      ? []
      : [floatTensor('upstream', upstream, layout && 'inner' in layout ? shape : [rows, cols], format)]),
    ...optionTensors(batch),
  ];
}

function shapeIn(layout: Layout, rows: number, cols: number): readonly number[] {
  return 'inner' in layout ? [layout.outer, cols, layout.inner] : [rows, layout.rowStride];
}

/** The options that are arrays: FP32 numbers, and bytes of a mask. */
function optionTensors({ options = {}, rows, cols }: Batch): Tensor[] {
  return Object.entries(options).flatMap(([name, value]): Tensor[] => {
    if (typeof value === 'string') return [];
    if (typeof value === 'number')
      return Number.isFinite(value) ? [] : [floatTensor(name, Float32Array.of(value), [], 'fp32')];
    const shape = shapeOfOption(name, value.length, rows, cols);
    return [{ name, type: value instanceof Uint8Array ? 'u8' : 'f32', shape, bytes: bytesOf(value) }];
  });
}

function shapeOfOption(name: string, length: number, rows: number, cols: number): readonly number[] {
  if (isOfRows(name)) return [rows];
  if (name === 'probabilities') return [rows, cols]; // Of one row too: they are the row's.
  return length === cols ? [cols] : [rows, cols];
}

/** A value of JSON that an option may have. */
export type Scalar = number | string;

/** The options that are finite numbers or names; JSON has no -Infinity, which is a tensor without a shape. */
export function scalarsOf({ options, layout }: Batch): Readonly<Record<string, Scalar>> {
  const scalars: Record<string, Scalar> = {};
  for (const [name, value] of Object.entries({ ...options, ...layout }))
    if (typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value)))
      scalars[name] = value;
  return scalars;
}

/** The arguments that a frame of version 2 holds, whose logits are of FP32. */
export function batchOfTensors(
  { rows, cols }: Pick<Batch, 'rows' | 'cols'>,
  tensors: readonly Tensor[],
  scalars: Readonly<Record<string, Scalar>>,
): Batch {
  const named = (name: string): Tensor | undefined => tensors.find((each) => each.name === name);
  const floats = (name: string): Float32Array | undefined => {
    const tensor = named(name);
    return tensor && floatsOf(tensor);
  };
  const targets = named('targets');
  const arrays = tensors
    .filter((tensor) => !isArgument(tensor))
    .map((tensor) => [tensor.name, optionIn(tensor)]);
  const { outer, inner, rowStride, ...numbers } = scalars;
  const options = { ...numbers, ...Object.fromEntries(arrays) };
  const layout = rowStride === undefined ? { outer, inner } : { rowStride };
  return {
    rows,
    cols,
    logits: floats('logits') ?? new Float32Array(),
    targets:
      targets === undefined ? new Int32Array(rows) : new Int32Array(new Uint8Array(targets.bytes).buffer),
    upstream: named('upstream')?.shape.length === 1 ? null : (floats('upstream') ?? null),
    ...(Object.keys(options).length > 0 && { options }),
    ...((inner !== undefined || rowStride !== undefined) && { layout: layout as never as Layout }),
  };
}

/** Whether it is no option: upstream values of a loss are one a row. */
function isArgument({ name, shape }: Tensor): boolean {
  return name === 'logits' || name === 'targets' || (name === 'upstream' && shape.length > 1);
}

function optionIn(tensor: Tensor): number | Float32Array | Uint8Array {
  if (tensor.type === 'u8') return new Uint8Array(tensor.bytes);
  const values = floatsOf(tensor) as Float32Array;
  return tensor.shape.length === 0 ? values[0] : values;
}

/** The bytes of a tensor. */
export function sizeOf({ type, shape }: TensorHead): number {
  return shape.reduce((count, each) => count * each, tensorTypes[type]);
}

/** The values of a tensor of floats; undefined where it is of integers. */
export function floatsOf({ type, bytes }: Tensor): Float32Array | undefined {
  const { buffer } = new Uint8Array(bytes); // A Buffer's own slice would share its memory.
  if (type === 'f32') return new Float32Array(buffer);
  if (type === 'f16') return unpackWords(new Uint16Array(buffer), grids.fp16);
  return type === 'bf16' ? unpackWords(new Uint16Array(buffer), grids.bf16) : undefined;
}

function bytesOf({
  buffer,
  byteOffset,
  byteLength,
}: Float32Array | Int32Array | Uint16Array | Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
