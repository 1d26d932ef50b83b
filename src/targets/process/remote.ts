/** Kernels that run in another process. */
import type { Kernel } from '../../core/kernel.ts';
import { type Operation, usesTargets, usesUpstream } from '../../core/operation.ts';
import { CallFailure } from '../call-failure.ts';
import type { Link } from './link.ts';

const noTargets = new Int32Array();

/** The kernel whose operations a process answers. What is wrong with a call rejects with a {@link CallFailure}. */
export function remoteKernel(offered: readonly Operation[], link: Link): Kernel {
  return Object.fromEntries(offered.map((operation) => [operation, remoteOperation(operation, link)]));
}

function remoteOperation(operation: Operation, link: Link): Kernel[Operation] {
  if (usesTargets(operation))
    return (logits: Float32Array, targets: Int32Array, rows: number, cols: number) => {
      const answer = link.call(operation, { logits, targets, upstream: null, rows, cols });
      return (operation === 'crossEntropy' ? answer.then(onlyNumber) : answer) as Promise<never>;
    };
  if (usesUpstream(operation))
    return (upstream: Float32Array, logits: Float32Array, rows: number, cols: number) =>
      link.call(operation, { logits, targets: noTargets, upstream, rows, cols });
  return (logits: Float32Array, rows: number, cols: number) =>
    link.call(operation, { logits, targets: noTargets, upstream: null, rows, cols });
}

function onlyNumber(answer: Float32Array): number {
  if (answer.length === 1) return answer[0];
  throw new CallFailure('bad-shape', `returned ${answer.length} numbers: expected 1`);
}
