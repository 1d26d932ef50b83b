/** Kernels that run in another process. */
import type { Batch } from '../../core/batch.ts';
import type { Kernel } from '../../core/kernel.ts';
import { optionsAndLayout } from '../../core/layout.ts';
import { answersOne, type Operation, usesTargets, usesUpstream } from '../../core/operation.ts';
import type { Options } from '../../core/options.ts';
import { CallFailure } from '../call-failure.ts';

/** Asks a process. Rejects with a {@link CallFailure}. */
type Ask = (operation: Operation, input: Batch) => Promise<Float32Array>;

const noTargets = new Int32Array();

/** The kernel whose operations a process answers. What is wrong with a call rejects with a {@link CallFailure}. */
export function remoteKernel(offered: readonly Operation[], ask: Ask): Kernel {
  return Object.fromEntries(offered.map((operation) => [operation, remoteOperation(operation, ask)]));
}

function remoteOperation(operation: Operation, ask: Ask): Kernel[Operation] {
  if (usesTargets(operation))
    return (
      logits: Float32Array,
      classes: Int32Array | Float32Array,
      rows: number,
      cols: number,
      stated?: Options,
    ) => {
      const isSoft = classes instanceof Float32Array;
      const targets = isSoft ? noTargets : classes;
      const options = isSoft ? { ...stated, probabilities: classes } : stated;
      const answer = ask(operation, {
        logits,
        targets,
        upstream: null,
        rows,
        cols,
        ...optionsAndLayout(options),
      });
      return (answersOne(operation, options) ? answer.then(onlyNumber) : answer) as Promise<never>;
    };
  if (usesUpstream(operation))
    return (upstream: Float32Array, logits: Float32Array, rows: number, cols: number, options?: Options) =>
      ask(operation, { logits, targets: noTargets, upstream, rows, cols, ...optionsAndLayout(options) });
  return (logits: Float32Array, rows: number, cols: number, options?: Options) =>
    ask(operation, { logits, targets: noTargets, upstream: null, rows, cols, ...optionsAndLayout(options) });
}

function onlyNumber(answer: Float32Array): number {
  if (answer.length === 1) return answer[0];
  throw new CallFailure('bad-shape', `returned ${answer.length} numbers: expected 1`);
}
