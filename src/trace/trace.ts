/** Every FP32 step of a kernel, in order: the kernel runs unchanged over an arithmetic that takes notes. */
import type { Batch } from '../core/batch.ts';
import { type CompleteKernel, callKernel } from '../core/kernel.ts';
import type { Operation } from '../core/operation.ts';
import { type Arithmetic, fp32 } from '../kernels/arithmetic.ts';

/** One call of the arithmetic. */
export interface TraceStep {
  readonly op: keyof Arithmetic;
  /** One or two FP32 values. */
  readonly operands: readonly number[];
  readonly result: number;
}

/** What a kernel did on its way to an answer. */
export interface Trace {
  readonly steps: readonly TraceStep[];
  /**
   * Index of the first step that makes a value which is not finite: an infinity or NaN out of finite operands, or
   * NaN out of infinities. Null when no step does; a value that was given, like a logit -Infinity, only passes through.
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
  const answer = callKernel(create(recording(steps)), operation, batch);
  const firstNonFinite = steps.findIndex(makesNonFinite);
  return {
    steps,
    firstNonFinite: firstNonFinite === -1 ? null : firstNonFinite,
    output: answer instanceof Float32Array ? answer : Float32Array.of(Number(answer)),
  };
}

/** {@link fp32} that appends each call to `steps`. */
function recording(steps: TraceStep[]): Arithmetic {
  function unary(op: 'exp' | 'log' | 'neg') {
    return (x: number): number => {
      const result = fp32[op](x);
      steps.push({ op, operands: [x], result });
      return result;
    };
  }
  function binary(op: 'add' | 'sub' | 'mul' | 'div') {
    return (x: number, y: number): number => {
      const result = fp32[op](x, y);
      steps.push({ op, operands: [x, y], result });
      return result;
    };
  }
  return {
    exp: unary('exp'),
    log: unary('log'),
    neg: unary('neg'),
    add: binary('add'),
    sub: binary('sub'),
    mul: binary('mul'),
    div: binary('div'),
  };
}

function makesNonFinite({ operands, result }: TraceStep): boolean {
  if (Number.isFinite(result)) return false;
  return operands.every(Number.isFinite) || (Number.isNaN(result) && !operands.some(Number.isNaN));
}
