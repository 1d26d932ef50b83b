/** Calls one operation of a target and says what came of it, whatever the kernel does. */
import { types } from 'node:util';
import type { Batch } from '../core/batch.ts';
import { callKernel } from '../core/kernel.ts';
import { type Operation, outputLength } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import { sameBits } from '../float32/bits.ts';
import { describeReturned, describeThrown } from './describe.ts';

/** What a call gave: an answer of the right shape and type, or what was wrong with the call as a whole. */
export type Observation =
  | { readonly status: 'answered'; readonly output: Float32Array }
  | { readonly status: 'bad-shape' | 'mutated-input' | 'threw'; readonly detail: string };

/**
 * Runs `operation` on a copy of `batch`. A loss is answered as a Float32Array of one, rounded to FP32.
 * Never throws for what the kernel does.
 */
export async function observe(target: Target, operation: Operation, batch: Batch): Promise<Observation> {
  const copy = { ...batch, logits: batch.logits.slice(), targets: batch.targets.slice() };
  let answer: unknown;
  try {
    answer = await callKernel(target.kernel, operation, copy);
  } catch (error) {
    return { status: 'threw', detail: describeThrown(error) };
  }
  if (!batch.logits.every((x, k) => sameBits(x, copy.logits[k])))
    return { status: 'mutated-input', detail: 'it changed its logits' };
  if (!batch.targets.every((t, r) => t === copy.targets[r]))
    return { status: 'mutated-input', detail: 'it changed its targets' };
  return shaped(answer, operation, outputLength(operation, batch.rows, batch.cols));
}

function shaped(answer: unknown, operation: Operation, length: number): Observation {
  if (operation === 'crossEntropy') {
    if (typeof answer === 'number') return { status: 'answered', output: Float32Array.of(answer) };
    return { status: 'bad-shape', detail: `returned ${describeReturned(answer)}: expected a number` };
  }
  if (types.isFloat32Array(answer) && answer.length === length) return { status: 'answered', output: answer };
  return {
    status: 'bad-shape',
    detail: `returned ${describeReturned(answer)}: expected Float32Array(${length})`,
  };
}
