/**
 * Faulty kernels whose fault is in what they keep from one call to the next: each is right as long as it is new. They are no entries of the zoo, whose
 * kernels are made once: here each instance is made anew.
 */
import type { Kernel } from '../../core/kernel.ts';
import { complete, only, sumOf } from './parts.ts';

/** One of these kernels. */
export interface Stateful {
  readonly name: string;
  readonly fault: string;
  /** An instance that has not been called. */
  readonly make: () => Kernel;
}

/** So many columns have a partial sum. */
const WARP = 32;

/** The partial sums of a row, the last of which are those of an earlier, longer row. */
function staleSums(): Kernel {
  const partial: number[] = [];
  return only('softmax', {
    sum(weights) {
      for (let w = 0; w * WARP < weights.length; w++)
        partial[w] = sumOf(weights.subarray(w * WARP, (w + 1) * WARP));
      return sumOf(Float32Array.from(partial));
    },
  });
}

function firstMaximum(): Kernel {
  let first: number | undefined;
  return only('softmax', {
    max({ batch }) {
      first ??= batch.reduce((a, b) => Math.max(a, b));
      return first;
    },
  });
}

function everySeventh(): Kernel {
  const { softmax } = complete();
  let calls = 0;
  return {
    softmax(logits, rows, cols) {
      const answer = softmax(logits, rows, cols);
      return ++calls % 7 === 0 ? answer.fill(0.3) : answer;
    },
  };
}

/** Whether logSumExp was called last decides how softmax answers. */
function otherOperation(): Kernel {
  const { softmax, logSumExp } = complete();
  let isWarm = false;
  return {
    softmax: (logits, rows, cols) => (isWarm ? new Float32Array(rows * cols) : softmax(logits, rows, cols)),
    logSumExp(logits, rows, cols) {
      isWarm = cols >= 5;
      return logSumExp(logits, rows, cols);
    },
  };
}

export const staleSum: Stateful = {
  name: 'stale-sum',
  fault: 'the partial sums of an earlier row of more than 32 columns are added to those of a shorter one',
  make: staleSums,
};

export const cachedMaximum: Stateful = {
  name: 'cached-maximum',
  fault: 'the maximum of the first call is subtracted from the logits of every other',
  make: firstMaximum,
};

export const seventhCall: Stateful = {
  name: 'seventh-call',
  fault: 'every seventh answer is 0.3 throughout',
  make: everySeventh,
};

export const afterAnother: Stateful = {
  name: 'after-another',
  fault: 'softmax is 0 once logSumExp has been called with five columns or more',
  make: otherOperation,
};
