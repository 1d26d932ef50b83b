/** The traces of targets: of built-in kernels alone, whose arithmetic can be recorded. */
import type { Batch } from '../core/batch.ts';
import { MOST_KEPT } from '../core/kept.ts';
import type { Operation } from '../core/operation.ts';
import { builtinKernels } from '../kernels/builtin.ts';
import { builtinOf } from '../targets/builtin.ts';
import { type Trace, traceKernel } from './trace.ts';

/**
 * Every FP32 step of the target that is called `specifier`; null where it is no built-in kernel, and for batches of more than
 * 65,536 logits: each logit takes a step or more, and a step some 300 bytes.
 */
export function traceTarget(specifier: string, operation: Operation, batch: Batch): Trace | null {
  const builtin = builtinOf(specifier);
  if (builtin === null || batch.logits.length > MOST_KEPT) return null;
  return traceKernel(builtinKernels[builtin.name].create, operation, batch);
}
