/** What kernels answer, and whether answers are the same. */
import type { Batch } from '../core/batch.ts';
import { answerOf, type CompleteKernel } from '../core/kernel.ts';
import type { Operation } from '../core/operation.ts';
import type { Format } from '../formats/format.ts';

/** Numbers that are computed in two right ways are no further apart, relative. */
const ALIKE = 2 ** -18;
const TINY = 2 ** -140;

/** What a kernel answers. */
export type AnswerOf = (operation: Operation, batch: Batch) => Float32Array;

/** What the kernel of a hypothesis answers. */
export function answersOf(kernel: CompleteKernel): AnswerOf {
  return (operation, batch) => answerOf(kernel, operation, batch);
}

/** Whether answers agree. */
export type Agreement = 'no' | 'alike' | 'exact';

/** Whether two answers are the same, number for number: bit for bit, or no further apart than two right ways to compute one. */
export function likeness(answer: Float32Array, other: Float32Array, format: Format): Agreement {
  const alike = Math.max(ALIKE, 4 * format.unitRoundoff);
  if (other.length !== answer.length) return 'no';
  let isExact = true;
  for (let k = 0; k < answer.length; k++) {
    if (Object.is(answer[k], other[k])) continue;
    isExact = false;
    if (!(Math.abs(answer[k] - other[k]) <= alike * Math.abs(other[k]) + Math.max(TINY, format.minSubnormal)))
      return 'no';
  }
  return isExact ? 'exact' : 'alike';
}
