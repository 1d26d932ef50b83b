/** Kernels of FP32 arithmetic with logits and answers in another format: each number is widened, and each answer rounded once. */
import { type CompleteKernel, type Kernel, operationsOf } from '../core/kernel.ts';
import { answersBatch, type Operation, usesUpstream } from '../core/operation.ts';
import type { Format } from '../formats/format.ts';
import { fp32 } from '../formats/index.ts';
import { packWords, unpackWords } from '../formats/words.ts';

/** `kernel` with logits, upstream values and answers as words of a 16-bit format; itself in FP32. */
export function storedIn(kernel: Kernel, format: Format): Kernel {
  if (format === fp32) return kernel;
  return Object.fromEntries(
    operationsOf(kernel).map((operation) => [operation, stored(kernel, operation, format)]),
  );
}

/** The arguments that are numbers of the format: upstream values and logits, which come first. */
function stored(kernel: Kernel, operation: Operation, format: Format) {
  const call = (kernel as CompleteKernel)[operation] as (
    ...args: readonly unknown[]
  ) => Float32Array | number;
  const arrays = usesUpstream(operation) ? 2 : 1;
  return (...args: readonly unknown[]): Uint16Array | number => {
    const widened = args.map((arg, k) => (k < arrays ? unpackWords(arg as Uint16Array, format) : arg));
    const answer = call.apply(kernel, widened);
    if (answersBatch(operation)) return format.round(answer as number);
    return packWords((answer as Float32Array).map(format.round), format);
  };
}
