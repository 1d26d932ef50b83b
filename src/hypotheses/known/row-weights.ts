/** Weights of rows that are left out, or taken for something else, forward or backward. */
import { isMean, type LossCall } from '../../kernels/losses.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { twoRows, withLosses, withLossGradients } from '../loss-kernels.ts';
import { floats } from './parts.ts';

const f32 = Math.fround;

/** Every one, the simplest first. */
export const rowWeights: readonly Hypothesis[] = [
  {
    words: 'leaves out the weights of rows',
    witness: twoRows({ rowWeights: floats(2, 1) }),
    ...withLosses(() => ({ rowWeight: () => 1 })),
  },
  {
    words: 'takes the weight of the first row for all rows',
    witness: twoRows({ reduction: 'sum', rowWeights: floats(2, 1) }),
    ...withLosses((steps) => ({ rowWeight: (_r, call) => steps.rowWeight(0, call) })),
  },
  {
    words: 'multiplies by the weight of a row twice',
    witness: twoRows({ reduction: 'sum', rowWeights: floats(2, 1) }),
    ...withLosses((steps) => ({
      coefficients: (r, call) => {
        const own = steps.rowWeight(r, call);
        return steps.coefficients(r, call).map((each) => f32(each * own));
      },
    })),
  },
  {
    words: 'takes a weight of a row of 0 for none',
    witness: twoRows({ reduction: 'sum', rowWeights: floats(0, 1) }),
    ...withLosses((steps) => ({ rowWeight: (r, call) => steps.rowWeight(r, call) || 1 })),
  },
  {
    words: 'leaves the weights of rows out of what the mean divides by',
    witness: twoRows({ rowWeights: floats(3, 0) }),
    ...withLosses((steps) => {
      const withoutWeights = ({ options: { rowWeights: _, ...options }, ...call }: LossCall): LossCall => ({
        ...call,
        options,
      });
      return {
        divisor: (call) => steps.divisor(withoutWeights(call)),
        count: (call) => steps.count(withoutWeights(call)),
      };
    }),
  },
  {
    words: 'divides the mean by the number of rows whose weight is not 0',
    witness: twoRows({ rowWeights: floats(3, 0) }),
    ...withLosses((steps) => {
      const isOf = ({ options }: LossCall): boolean => isMean(options) && options.rowWeights !== undefined;
      const number = (call: LossCall): number =>
        call.targets.filter((_, r) => !steps.isIgnored(r, call) && steps.rowWeight(r, call) !== 0).length;
      return {
        divisor: (call) => (isOf(call) ? number(call) : steps.divisor(call)),
        count: (call) => (isOf(call) ? number(call) : steps.count(call)),
      };
    }),
  },
  {
    words: 'leaves the weights of rows out of the gradient',
    witness: twoRows({ rowWeights: floats(2, 1) }),
    ...withLossGradients((steps) => ({
      rowWeight: () => 1,
      divisor: steps.divisor,
      count: steps.count,
    })),
  },
  {
    words: 'divides the mean by the weights of rows, and multiplies no loss by them',
    witness: twoRows({ rowWeights: floats(2, 1) }),
    ...withLosses((steps) => ({ rowWeight: () => 1, divisor: steps.divisor, count: steps.count })),
  },
];
