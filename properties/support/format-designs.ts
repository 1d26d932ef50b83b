/** Kernels in other formats than FP32, the zoo's: right ones by what they promise, and faulty ones. */
import type { Target } from '../../src/core/target.ts';
import { formats } from '../../src/formats/index.ts';
import { formatDesigns } from '../../src/kernels/zoo/correct/formats.ts';
import { formatFaults } from '../../src/kernels/zoo/formats.ts';
import { createTarget } from '../../src/targets/create.ts';

/** The formats of 16 bits. */
export const halves = [formats.fp16, formats.bf16] as const;

/** Designs that hold. */
export const rightInFormats: readonly Target[] = formatDesigns.map(({ name, kernel, declaration }) =>
  createTarget(name, kernel, declaration),
);

/** Faults that a few batches show, by the bucket in which they must be found. */
export const wrongInFormats: readonly (readonly [bucket: string, target: Target])[] = formatFaults
  .filter(({ difficulty }) => difficulty === 'easy')
  .map(({ name, bucket, kernel, declaration }) => [bucket, createTarget(name, kernel, declaration)]);
