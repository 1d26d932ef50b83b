/** The formats of logits and of answers. */
import { fromOrdinal, toOrdinal } from '../float32/ordinal.ts';
import { ulp } from '../float32/ulp.ts';
import { createFormat, type Format } from './format.ts';

/** IEEE 754 binary32, by the bits that JavaScript shows of it. */
export const fp32: Format = {
  ...createFormat({ name: 'fp32', precision: 24, minExponent: -126, maxExponent: 127, bytes: 4 }),
  round: Math.fround,
  ulp,
  toOrdinal,
  fromOrdinal,
};

/** IEEE 754 binary16. */
export const fp16 = createFormat({
  name: 'fp16',
  precision: 11,
  minExponent: -14,
  maxExponent: 15,
  bytes: 2,
});

/** bfloat16: FP32 of 8 significant bits. */
export const bf16 = createFormat({
  name: 'bf16',
  precision: 8,
  minExponent: -126,
  maxExponent: 127,
  bytes: 2,
});

/** Every format by its name. */
export const formats = { fp32, fp16, bf16 } as const satisfies Readonly<Record<string, Format>>;

/** The name of one of {@link formats}. */
export type FormatName = keyof typeof formats;

/** The formats of a kernel, by name. */
export interface Formats {
  /** Of logits and of upstream values. */
  readonly logits: FormatName;
  readonly answer: FormatName;
  /** In which it computes. */
  readonly arithmetic: FormatName;
}

/** FP32 throughout. */
export const inFp32: Formats = { logits: 'fp32', answer: 'fp32', arithmetic: 'fp32' };
