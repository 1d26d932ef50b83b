/** Correct ways to add a row. */
import { byRow, complete, f32, only, sumOf } from '../parts.ts';
import { blockSum, kahanSum, laneSum, onlineSum, pairwiseSum, vectorSum, withoutMax } from '../sums.ts';
import type { Design } from './design.ts';

/** Compensated summation, the compensation added at the end (Kahan and Babuska, Neumaier): off by u + n^2 u^2 at most. */
function compensatedSum(values: Float32Array): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const [next, error] = twoSum(sum, value);
    lost = f32(lost + error);
    sum = next;
  }
  return f32(sum + lost);
}

/** A sum of two FP32 numbers, the second what the first lost, normalized after each addition: off by u + 2n u^2 at most. */
function doubleFloatSum(values: Float32Array): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const [next, error] = twoSum(sum, value);
    [sum, lost] = twoSum(next, f32(lost + error));
  }
  return f32(sum + lost);
}

/** fl(a + b) and what it lost, exactly (Knuth). */
function twoSum(a: number, b: number): readonly [sum: number, error: number] {
  const sum = f32(a + b);
  const ofB = f32(sum - a);
  return [sum, f32(f32(a - f32(sum - ofB)) + f32(b - ofB))];
}

const { softmax: inLanes } = complete({ sum: laneSum(8) });

function minusTheOthers(logits: Float32Array, targets: Int32Array, rows: number): Float32Array {
  return byRow(inLanes(logits, rows, logits.length / rows), rows, ({ x: probabilities, r }) => {
    const target = targets[r];
    const others = laneSum(8)(probabilities.with(target, 0));
    // 0 p, as NaN is no less at the target of a row of one class.
    return probabilities.map((p, i) => f32((i === target ? 0 * p - others : p) / rows));
  });
}

export const sumDesigns: readonly Design[] = [
  {
    name: 'sequential',
    about: 'one accumulator: the kernel that the mutants are made of',
    declaration: { profile: 'sequential' },
    kernel: complete(),
  },
  {
    name: 'pairwise',
    about: 'halves added recursively: ceil(log2 n) additions for each term',
    declaration: { profile: 'default' },
    kernel: complete({ sum: pairwiseSum }),
  },
  {
    name: 'lanes',
    about: '8 lanes, the last logits under a mask, then the lanes pairwise',
    declaration: { profile: 'default' },
    kernel: complete({ sum: laneSum(8) }),
  },
  {
    name: 'lanes-but-for-few',
    about: 'up to ten logits in one accumulator, as in PyTorch, more of them in 8 lanes',
    declaration: { profile: 'default' },
    kernel: complete({ sum: (weights) => (weights.length <= 10 ? sumOf(weights) : laneSum(8)(weights)) }),
  },
  {
    name: 'minus-the-others',
    about: 'the gradient at the target as minus the sum of the other probabilities, in 8 lanes too',
    declaration: { profile: 'default' },
    kernel: { crossEntropyGrad: minusTheOthers },
  },
  {
    name: 'lanes-32',
    about: 'the lanes of a warp',
    declaration: { profile: 'cuda-fast' },
    kernel: complete({ sum: laneSum(32) }),
  },
  {
    name: 'lanes-with-tail',
    about: 'full vectors of 8 in lanes, the rest one by one: 7 logits or fewer are a sum in one accumulator',
    declaration: { profile: 'sequential' },
    kernel: complete({ sum: vectorSum }),
  },
  {
    name: 'blocks',
    about: 'blocks of 64 in one accumulator each, then those in another',
    declaration: { profile: 'sequential' },
    kernel: complete({ sum: blockSum(64) }),
  },
  {
    name: 'kahan',
    about: 'compensated summation after Kahan',
    declaration: { profile: 'default' },
    kernel: complete({ sum: kahanSum }),
  },
  {
    name: 'compensated',
    about: 'compensated summation that adds the compensation at the end',
    declaration: { profile: 'default' },
    kernel: complete({ sum: compensatedSum }),
  },
  {
    name: 'double-float',
    about: 'a sum of two FP32 numbers; softmax alone, as strict logarithms need log1p',
    declaration: { profile: 'strict' },
    kernel: only('softmax', { sum: doubleFloatSum }),
  },
  {
    name: 'fp64',
    about: 'the sum in FP64, the maximum left out of it where log1p follows',
    declaration: { profile: 'strict' },
    kernel: complete({
      sum: (weights) => withoutMax(weights).reduce((sum, weight) => sum + weight, 0),
      log: (others) => f32(Math.log1p(others)),
      divide: (weight, others) => f32(weight / (1 + others)),
    }),
  },
  {
    name: 'online',
    about: 'one pass, a running maximum over single logits',
    declaration: { profile: 'online' },
    kernel: complete({ sum: (_weights, { x }) => onlineSum()(x) }),
  },
  {
    name: 'online-in-blocks',
    about: 'one pass in blocks of 32, as attention kernels do it',
    declaration: { profile: 'online' },
    kernel: complete({ sum: (_weights, { x }) => onlineSum({ block: 32 })(x) }),
  },
];
