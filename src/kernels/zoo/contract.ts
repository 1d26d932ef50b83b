/** Answers of a wrong shape, changed arguments, exceptions. */
import { batchOf } from '../../core/batch.ts';
import { filled, inClass } from './entry.ts';
import { complete, maxOf } from './parts.ts';

const { softmax, logSoftmax, logSumExp, crossEntropyGrad } = complete();

/** Subtracts the maximum of each row from its logits, where they are. */
function shiftInPlace(logits: Float32Array, rows: number): void {
  const cols = logits.length / rows;
  for (let r = 0; r < rows; r++) {
    const row = logits.subarray(r * cols, (r + 1) * cols);
    const max = maxOf(row);
    for (let i = 0; i < cols; i++) row[i] -= max;
  }
}

export const contractFaults = inClass('contract', [
  {
    id: 'Y140',
    name: 'shifts-in-place',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'the maximum is subtracted from the logits of the caller',
    bucket: 'softmax/mutated-input',
    counterexample: batchOf([[1]]),
    kernel: {
      softmax(logits, rows, cols) {
        shiftInPlace(logits, rows);
        return softmax(logits, rows, cols);
      },
    },
  },
  {
    id: 'Y141',
    name: 'shifts-aligned-rows-in-place',
    models: null,
    difficulty: 'medium',
    operation: 'logSoftmax',
    fault: 'the maximum is subtracted from the logits of the caller where 16 of them make a row',
    bucket: 'logSoftmax/mutated-input',
    counterexample: batchOf([[...new Array<number>(15).fill(0), 1]]),
    kernel: {
      logSoftmax(logits, rows, cols) {
        if (cols % 16 === 0) shiftInPlace(logits, rows);
        return logSoftmax(logits, rows, cols);
      },
    },
  },
  {
    id: 'Y142',
    name: 'launch-limit',
    models: 'microsoft/onnxruntime#32299',
    difficulty: 'hard',
    operation: 'softmax',
    fault: 'more than 1024 logits in a row are more than a block has threads',
    bucket: 'softmax/threw',
    counterexample: filled(1, 1025, 0),
    kernel: {
      softmax(logits, rows, cols) {
        if (cols > 1024) throw new RangeError('invalid configuration argument');
        return softmax(logits, rows, cols);
      },
    },
  },
  {
    id: 'Y143',
    name: 'padded-answer',
    models: null,
    difficulty: 'easy',
    operation: 'crossEntropyGrad',
    fault: 'an odd number of logits is answered with one number more',
    bucket: 'crossEntropyGrad/bad-shape',
    counterexample: batchOf([[0]]),
    kernel: {
      crossEntropyGrad(logits, targets, rows, cols) {
        const answer = crossEntropyGrad(logits, targets, rows, cols);
        return answer.length % 2 === 0 ? answer : Float32Array.of(...answer, 0);
      },
    },
  },
  {
    id: 'Y144',
    name: 'lse-for-each-logit',
    models: null,
    difficulty: 'easy',
    operation: 'logSumExp',
    fault: 'the logsumexp of a row is repeated for each of its logits',
    bucket: 'logSumExp/bad-shape',
    counterexample: batchOf([[0, 0]]),
    kernel: {
      logSumExp(logits, rows, cols) {
        const sums = logSumExp(logits, rows, cols);
        return logits.map((_, i) => sums[Math.floor(i / cols)]);
      },
    },
  },
]);
