/** Every FP32 step of a kernel, in order. The kernel runs unchanged, over an arithmetic that tells of each call. */
import type { Batch } from '../core/batch.ts';
import { answerOf, type CompleteKernel } from '../core/kernel.ts';
import type { Operation } from '../core/operation.ts';
import { type Arithmetic, createFp32, type Step } from '../kernels/arithmetic.ts';

/** One call of the arithmetic: its name, its operands and its result. */
export type TraceStep = Step;

/** What a kernel did on its way to an answer. */
export interface Trace {
  readonly steps: readonly TraceStep[];
  /**
   * Index of the first step that makes a value which is not finite: an infinity or NaN out of finite operands, or NaN
   * out of infinities. Null when no step does: what was given, like a logit -Infinity, merely passes through.
   */
  readonly firstNonFinite: number | null;
  /** The answer, as the kernel itself gives it; a loss is one value. */
  readonly output: Float32Array;
}

/** Runs `operation` of the kernel that `create` builds on `batch`, and records each step. */
export function traceKernel(
  create: (arithmetic: Arithmetic) => CompleteKernel,
  operation: Operation,
  batch: Batch,
): Trace {
  const steps: TraceStep[] = [];
  const kernel = create(createFp32((step) => steps.push(step)));
  const output = answerOf(kernel, operation, batch);
  const first = steps.findIndex(makesNonFinite);
  return { steps, firstNonFinite: first === -1 ? null : first, output };
}

function makesNonFinite({ operands, result }: TraceStep): boolean {
  if (Number.isFinite(result)) return false;
  return operands.every(Number.isFinite) || (Number.isNaN(result) && !operands.some(Number.isNaN));
}
