/** Bias, mask and sink that are left out, or taken for something else, forward or backward. */
import { type Batch, batchOf } from '../../core/batch.ts';
import type { ScoreCall } from '../../kernels/options.ts';
import { cellOf } from '../../kernels/scores.ts';
import { withOptions } from '../../options/index.ts';
import { isHidden } from '../conventions.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { rowOfScores, twoRowsOfScores, withScoreGradients, withScores } from '../score-kernels.ts';
import { type Row, right, type Steps } from '../steps.ts';
import { bits, floats } from './parts.ts';

const f32 = Math.fround;
const { NaN: NAN, NEGATIVE_INFINITY: MASKED } = Number;

/** Rows of different logits. */
const rowsOf = (rows: number, cols: number): number[][] =>
  Array.from({ length: rows }, (_, r) => Array.from({ length: cols }, (__, j) => r - j));

/** The number of the first row in a column, of what is given for each logit or for each column. */
const inFirstRow = (i: number, { cols }: ScoreCall): number => i % cols;

const bias: readonly Hypothesis[] = [
  {
    words: 'leaves out the bias',
    witness: twoRowsOfScores({ bias: floats(0, 2) }), // By 1 it would exchange the losses of the rows.
    ...withScores(() => ({ bias: () => undefined })),
  },
  {
    words: 'leaves out the bias where there is a mask',
    witness: twoRowsOfScores({ bias: floats(0, 2), mask: bits(1, 1) }),
    ...withScores((steps) => ({
      bias: (i, call) => (call.options.mask === undefined ? steps.bias(i, call) : undefined),
    })),
  },
  {
    words: 'subtracts the bias',
    witness: twoRowsOfScores({ bias: floats(0, 1) }),
    ...withScores((steps) => ({
      shown: (i, call) => f32(steps.capped(steps.scaled(i, call), call) - (steps.bias(i, call) ?? 0)),
    })),
  },
  {
    words: 'takes the bias of the first row for all rows',
    witness: twoRowsOfScores({ bias: floats(0, 0, 0, 1) }),
    ...withScores((steps) => ({ bias: (i, call) => steps.bias(inFirstRow(i, call), call) })),
  },
  {
    words: 'reads the bias column by column',
    witness: twoRowsOfScores({ bias: floats(0, 1, 0, 0) }),
    ...withScores((steps) => ({
      bias(i, call) {
        const { rows, cols, options } = call;
        const isMatrix = options.bias?.length === rows * cols;
        return steps.bias(isMatrix ? (i % cols) * rows + Math.floor(i / cols) : i, call);
      },
    })),
  },
];

/** A row of which a logit is hidden and two equal ones are not, so that a product with upstream values is not 0 whatever is hidden. */
const lastTwoShown = (hidden: number, shown: number) => (): Batch =>
  withOptions(batchOf([[hidden, shown, shown]], [1], [0, 1, 0]), { mask: bits(0, 1, 1) });

/** Scores that are given to what is hidden, in place of -Infinity. */
const low = [-1e4, -65504, -1e5, -1e6, -1e9, -1e30, -3.4028235e38];

/** What is hidden has a score. */
export const hiddenAs = (score: number): Hypothesis => ({
  words: `has ${score} for the score of what the mask hides`,
  witness: lastTwoShown(0, f32(Math.max(2 * score, -3.4028234663852886e38))),
  ...withScores(() => ({ hidden: () => f32(score) })),
});

/** What is hidden has its score until the maximum is taken, and no weight behind that: e^(x - max) is 0, or is multiplied by 0. */
function hiddenBehindMax(max: Steps['max'], factor?: 0): Partial<Steps> {
  const weightOf = (weight: number, i: number, row: Row): number => {
    if (!isHidden(i, row)) return weight;
    return factor === undefined ? 0 : factor * weight;
  };
  const probability: Steps['probability'] = (i, row) => f32(weightOf(row.weights[i], i, row) / row.sum);
  return {
    max,
    terms: (weights, row) => weights.map((each, i) => weightOf(each, i, row)),
    probability,
    saved: probability,
    logProbability: (i, row) => (isHidden(i, row) ? MASKED : right.logProbability(i, row)),
  };
}

const mask: readonly Hypothesis[] = [
  {
    words: 'leaves out the mask',
    wordsOfZeros: 'has what the mask hides in its maximum and its sum, and writes 0 for it',
    witness: twoRowsOfScores({ mask: bits(0, 1) }),
    ...withScores(() => ({ isHidden: () => false })),
  },
  {
    words: 'hides what takes part, and shows what is hidden',
    witness: lastTwoShown(0, 1),
    ...withScores(() => ({
      isHidden: (i, { cols, options: { mask: given } }) =>
        given !== undefined && given[cellOf(given, i, cols)] !== 0,
    })),
  },
  {
    words: 'takes the mask of the first row for all rows',
    // Neither whole rows of 4 or more, nor the beginning of the mask for its second row, hide the same.
    witness: () =>
      withOptions(batchOf(rowsOf(2, 3), [0, 2], [1, 0, 0, 1, 0, 0]), { mask: bits(1, 1, 1, 0, 0, 1) }),
    ...withScores((steps) => ({ isHidden: (i, call) => steps.isHidden(inFirstRow(i, call), call) })),
  },
  ...[4, 8, 16, 32].map((width) => ({
    words: `reads rows of the mask as if they began at multiples of ${width}`,
    witness: twoRowsOfScores({ mask: bits(1, 1, 0, 1) }),
    ...withScores((steps) => ({
      isHidden(i, call) {
        const { rows, cols, options } = call;
        const length = options.mask?.length ?? 0;
        if (length !== rows * cols || length === cols) return steps.isHidden(i, call);
        const stride = Math.ceil(cols / width) * width;
        return steps.isHidden((Math.floor(i / cols) * stride + (i % cols)) % length, call);
      },
    })),
  })),
  ...low.map(hiddenAs),
  ...low.map((score) => ({
    words: `adds ${score} to what the mask hides`,
    witness: lastTwoShown(f32(-score), 0),
    ...withScores((steps) => ({ hidden: (i, call) => f32(steps.shown(i, call) + f32(score)) })),
  })),
  {
    words: 'multiplies what the mask hides by 0, and has 0 for its score',
    witness: twoRowsOfScores({ mask: bits(0, 1) }),
    ...withScores((steps) => ({ hidden: (i, call) => 0 * steps.shown(i, call) })),
  },
  {
    words: 'keeps NaN and infinities that the mask hides',
    witness: rowOfScores({ mask: bits(0, 1) }, [NAN, 0]),
    ...withScores((steps) => ({
      hidden: (i, call) => (Number.isFinite(steps.shown(i, call)) ? MASKED : NAN),
    })),
  },
  {
    words: 'takes the maximum of what the mask hides too',
    witness: lastTwoShown(104, 0),
    ...withScores((steps) => ({ hidden: steps.shown })),
    changes: hiddenBehindMax(right.max),
  },
  {
    words: 'multiplies e^(x - max) of what the mask hides by 0, which is NaN where that is infinite',
    witness: lastTwoShown(104, 0),
    ...withScores((steps) => ({ hidden: steps.shown })),
    changes: hiddenBehindMax((row) => right.max({ ...row, x: row.x.filter((_, i) => !isHidden(i, row)) }), 0),
  },
  {
    words: 'gives what the mask hides a gradient',
    witness: twoRowsOfScores({ mask: bits(0, 1) }),
    ...withScoreGradients(() => ({ throughHidden: (derivative) => derivative })),
  },
];

/** The scores of a row but the sink, where there is one. */
const withoutSink = (values: Float32Array, { batch }: Row): Float32Array =>
  batch.options?.sink === undefined ? values : values.subarray(0, -1);

/** The maximum of a row with a sink that is not looked at. */
const maxWithoutSink: Steps['max'] = (row) => right.max({ ...row, x: withoutSink(row.x, row) });

/** The numbers, and the last of them once more. */
function withLastTwice(values: Float32Array): Float32Array {
  const all = new Float32Array(values.length + 1);
  all.set(values);
  all[values.length] = values[values.length - 1];
  return all;
}

const sink: readonly Hypothesis[] = [
  {
    words: 'leaves out the sink',
    witness: rowOfScores({ sink: 0 }, [0]),
    ...withScores(() => ({ sink: () => undefined })),
  },
  {
    words: 'leaves out the sink where there is a mask',
    witness: rowOfScores({ sink: 0, mask: bits(1) }, [0]),
    ...withScores((steps) => ({
      sink: (row, call) => (call.options.mask === undefined ? steps.sink(row, call) : undefined),
    })),
  },
  {
    words: 'leaves the sink out of the maximum',
    changes: { max: maxWithoutSink },
    witness: rowOfScores({ sink: 100 }, [0]),
  },
  {
    words: 'has the sink in the maximum, and not in the sum',
    changes: { terms: (weights, row) => withoutSink(weights, row) },
    witness: rowOfScores({ sink: 0 }, [0]),
  },
  {
    words: 'counts the sink twice',
    changes: {
      terms: (weights, { batch }) => (batch.options?.sink === undefined ? weights : withLastTwice(weights)),
    },
    witness: rowOfScores({ sink: 0 }, [0]),
  },
  {
    words: 'adds e^sink to the sum, without the maximum that the logits are shifted by',
    changes: {
      max: maxWithoutSink,
      terms(weights, row, _max, { exp }) {
        if (row.batch.options?.sink === undefined) return weights;
        return weights.with(-1, exp(row.x[row.x.length - 1]));
      },
    },
    witness: rowOfScores({ sink: 0 }, [1]),
  },
  {
    words: 'takes the sink of the first row for all rows',
    witness: twoRowsOfScores({ sink: floats(0, 1) }),
    ...withScores((steps) => ({ sink: (_row, call) => steps.sink(0, call) })),
  },
  {
    words: 'leaves the sink out of the gradient',
    witness: rowOfScores({ sink: 0 }, [0]),
    ...withScoreGradients(() => ({ sink: () => undefined })),
  },
];

const weights: readonly Hypothesis[] = [
  {
    words: 'leaves out the weights of the sum',
    witness: rowOfScores({ weights: floats(2, 1) }, [0, 0]),
    ...withScores(() => ({ weight: () => 1, isLeftOut: () => false })),
  },
  {
    words: 'multiplies by the weights of the sum twice',
    witness: rowOfScores({ weights: floats(2, 1) }, [0, 0]),
    ...withScores((steps) => ({ weight: (i, call) => f32(steps.weight(i, call) ** 2) })),
  },
  {
    words: 'divides by the weights of the sum',
    witness: rowOfScores({ weights: floats(2, 1) }, [0, 0]),
    ...withScores((steps) => ({
      weight: (i, call) => f32(1 / steps.weight(i, call)),
      isLeftOut: () => false,
    })),
  },
  {
    words: 'takes the weights of the sum of the first row for all rows',
    witness: () => withOptions(batchOf(rowsOf(2, 2)), { weights: floats(1, 1, 2, 1) }),
    ...withScores((steps) => ({ weight: (i, call) => steps.weight(inFirstRow(i, call), call) })),
  },
  {
    words: 'takes the maximum of what has a weight of 0 too',
    witness: rowOfScores({ weights: floats(0, 1) }, [105, 0]),
    ...withScores(() => ({ isLeftOut: () => false })),
  },
];

/** Every one, the simplest of an option first. */
export const masks: readonly Hypothesis[] = [...bias, ...mask, ...weights, ...sink];
