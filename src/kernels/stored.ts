/** Kernels of FP32 arithmetic with logits and answers in another format: each number is widened, and each answer rounded once. */
import { type CompleteKernel, type Kernel, operationsOf } from '../core/kernel.ts';
import { type Operation, usesUpstream } from '../core/operation.ts';
import type { Format } from '../formats/format.ts';
import { fp32 } from '../formats/index.ts';
import { roundToWords, unpackWords } from '../formats/words.ts';

/** `kernel` with logits and upstream values of a format, and answers of another or the same: words where it is of 16 bits. */
export function storedIn(kernel: Kernel, logits: Format, answer: Format = logits): Kernel {
  if (logits === fp32 && answer === fp32) return kernel;
  return Object.fromEntries(
    operationsOf(kernel).map((operation) => [operation, stored(kernel, operation, logits, answer)]),
  );
}

/** The arguments that are numbers of the logits' format, upstream values and logits, come first. */
function stored(kernel: Kernel, operation: Operation, logits: Format, answer: Format) {
  const call = (kernel as CompleteKernel)[operation] as (
    ...args: readonly unknown[]
  ) => Float32Array | number;
  const arrays = usesUpstream(operation) ? 2 : 1;
  const widened = (arg: unknown): unknown =>
    logits === fp32 ? arg : unpackWords(arg as Uint16Array, logits);
  return (...args: readonly unknown[]): Float32Array | Uint16Array | number => {
    const exact = call.apply(
      kernel,
      args.map((arg, k) => (k < arrays ? widened(arg) : arg)),
    );
    // A loss is a number, but for the rows' own.
    if (typeof exact === 'number') return answer.round(exact);
    return answer === fp32 ? exact : roundToWords(exact, answer);
  };
}
