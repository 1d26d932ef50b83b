/** Scale, softcap, bias, mask and sink that are left out, or taken for something else, forward or backward. */
import { type Batch, batchOf } from '../../core/batch.ts';
import type { OptionName, Options } from '../../core/options.ts';
import type { Changes } from '../../kernels/changes.ts';
import { cellOf, type ScoreCall, type ScoreSteps } from '../../kernels/options.ts';
import { withOptions } from '../../options/index.ts';
import type { Hypothesis } from '../hypothesis.ts';

const f32 = Math.fround;
const { NaN: NAN, NEGATIVE_INFINITY: MASKED } = Number;

type Taken = Pick<Hypothesis, 'changes' | 'ofOptions' | 'isBackward'>;

/** Scores are made so, and gradients are as a backward pass through them has it. */
const making = (scores: Changes<ScoreSteps>): Taken => ({ changes: {}, ofOptions: { scores } });

/** Scores are right forward, and taken for these backward. */
const backward = (scores: Changes<ScoreSteps>): Taken => ({ ...making(scores), isBackward: true });

/** A kernel that is not given the option. */
const without = (name: OptionName): Changes<ScoreSteps> => {
  switch (name) {
    case 'scale':
      return () => ({ scale: () => undefined });
    case 'softcap':
      return (steps) => ({
        capped: (y) => y,
        through: (derivative, i, { options: { softcap: _, ...options }, ...call }) =>
          steps.through(derivative, i, { ...call, options }),
      });
    case 'bias':
      return () => ({ bias: () => undefined });
    case 'mask':
      return () => ({ isHidden: () => false });
    default:
      return () => ({ sink: () => undefined });
  }
};

/** Two rows of different logits, with options. */
const two = (options: Options) => (): Batch => {
  const logits = [
    [0, 1],
    [2, 0],
  ];
  return withOptions(batchOf(logits, [0, 1], [1, 0, 0, 1]), options);
};

/** Rows of different logits. */
const rowsOf = (rows: number, cols: number): number[][] =>
  Array.from({ length: rows }, (_, r) => Array.from({ length: cols }, (__, j) => r - j));

const one = (options: Options, row: number[]) => (): Batch => withOptions(batchOf([row]), options);

const floats = (...values: number[]): Float32Array => Float32Array.from(values);
const bits = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** The number of the first row in a column, of what is given for each logit or for each column. */
const inFirstRow = (i: number, { cols }: ScoreCall): number => i % cols;

const scale: readonly Hypothesis[] = [
  { words: 'leaves out the scale', witness: two({ scale: 2 }), ...making(without('scale')) },
  {
    words: 'divides logits by the scale',
    witness: two({ scale: 2 }),
    ...making(() => ({
      scale: ({ options }) => (options.scale === undefined ? undefined : f32(1 / options.scale)),
    })),
  },
  {
    words: 'multiplies logits by the scale twice',
    witness: two({ scale: 2 }),
    ...making(() => ({
      scale: ({ options }) => (options.scale === undefined ? undefined : f32(options.scale ** 2)),
    })),
  },
  {
    words: 'takes a scale of 0 for none',
    witness: two({ scale: 0 }),
    ...making(() => ({ scale: ({ options }) => options.scale || undefined })),
  },
  {
    words: 'multiplies the bias by the scale too',
    witness: two({ scale: 2, bias: floats(0, 1) }),
    ...making((steps) => ({
      bias(i, call) {
        const bias = steps.bias(i, call);
        return bias === undefined ? undefined : f32(bias * (steps.scale(call) ?? 1));
      },
    })),
  },
  {
    words: 'multiplies the sink by the scale too',
    witness: one({ scale: 2, sink: 1 }, [0]),
    ...making((steps) => ({
      sink(row, call) {
        const sink = steps.sink(row, call);
        return sink === undefined || sink === MASKED ? sink : f32(sink * (steps.scale(call) ?? 1));
      },
    })),
  },
  {
    words: 'leaves the scale out of the gradient',
    witness: two({ scale: 2 }),
    ...backward((steps) => ({
      through: (derivative, i, call) => steps.through(derivative, i, call) / (steps.scale(call) ?? 1),
    })),
  },
  {
    words: 'divides the gradient by the scale',
    witness: two({ scale: 2 }),
    ...backward((steps) => ({
      through: (derivative, i, call) => steps.through(derivative, i, call) / (steps.scale(call) ?? 1) ** 2,
    })),
  },
];

/** The derivative of a logit's cap, where `slope` is what is taken for 1 - t^2. */
const capSlope = (slope: (i: number, call: ScoreCall, softcap: number) => number): Changes<ScoreSteps> => {
  return (steps) => ({
    through(derivative, i, call) {
      const { softcap } = call.options;
      if (softcap === undefined) return steps.through(derivative, i, call);
      return f32(f32(derivative * slope(i, call, softcap)) * (steps.scale(call) ?? 1));
    },
  });
};

const below1 = (t: number): number => 1 - t * t;

const softcap: readonly Hypothesis[] = [
  { words: 'leaves out the softcap', witness: two({ softcap: 1 }), ...making(without('softcap')) },
  {
    words: 'cuts logits off at the softcap',
    witness: two({ softcap: 1 }),
    ...making((steps) => ({
      capped: (y, { options: { softcap: cap } }) =>
        cap === undefined ? y : Math.max(-cap, Math.min(y, cap)),
      through(derivative, i, call) {
        const { softcap: cap = Number.POSITIVE_INFINITY } = call.options;
        return Math.abs(steps.scaled(i, call)) > cap ? 0 : derivative * (steps.scale(call) ?? 1);
      },
    })),
  },
  {
    words: 'caps the sum of logit and bias',
    witness: two({ softcap: 1, bias: floats(0, 1) }),
    ...making((steps) => ({
      shown: (i, call) => steps.capped(f32(steps.scaled(i, call) + (steps.bias(i, call) ?? 0)), call),
    })),
  },
  {
    words: 'multiplies by the scale behind the softcap',
    witness: two({ softcap: 1, scale: 2 }),
    ...making((steps) => ({
      shown(i, call) {
        const y = f32(steps.capped(call.logits[i], call) * (steps.scale(call) ?? 1));
        return f32(y + (steps.bias(i, call) ?? 0));
      },
    })),
  },
  {
    words: 'caps what the mask hides, and has -softcap of it',
    witness: two({ softcap: 1, mask: bits(0, 1) }),
    ...making(() => ({
      hidden: (_i, { options: { softcap: cap } }) => (cap === undefined ? MASKED : -cap),
    })),
  },
  {
    words: 'leaves the softcap out of the gradient',
    witness: two({ softcap: 1 }),
    ...backward(capSlope(() => 1)),
  },
  {
    words: 'has 1 - tanh for 1 - tanh^2 in the gradient of the softcap',
    witness: two({ softcap: 1 }),
    ...backward((steps) =>
      capSlope((i, call, cap) => 1 - f32(Math.tanh(steps.scaled(i, call) / cap)))(steps),
    ),
  },
  {
    words: 'takes the gradient of the softcap at the logit without its scale',
    witness: two({ softcap: 1, scale: 2 }),
    ...backward(capSlope((i, { logits }, cap) => below1(f32(Math.tanh(logits[i] / cap))))),
  },
  {
    words: 'takes the gradient of the softcap at the logit that is capped already',
    witness: two({ softcap: 1 }),
    ...backward((steps) =>
      capSlope((i, call, cap) => below1(f32(Math.tanh(steps.capped(steps.scaled(i, call), call) / cap))))(
        steps,
      ),
    ),
  },
];

const bias: readonly Hypothesis[] = [
  { words: 'leaves out the bias', witness: two({ bias: floats(0, 1) }), ...making(without('bias')) },
  {
    words: 'subtracts the bias',
    witness: two({ bias: floats(0, 1) }),
    ...making((steps) => ({
      shown: (i, call) => f32(steps.capped(steps.scaled(i, call), call) - (steps.bias(i, call) ?? 0)),
    })),
  },
  {
    words: 'takes the bias of the first row for all rows',
    witness: two({ bias: floats(0, 0, 0, 1) }),
    ...making((steps) => ({ bias: (i, call) => steps.bias(inFirstRow(i, call), call) })),
  },
  {
    words: 'reads the bias column by column',
    witness: two({ bias: floats(0, 1, 0, 0) }),
    ...making((steps) => ({
      bias(i, call) {
        const { rows, cols, options } = call;
        const isMatrix = options.bias?.length === rows * cols;
        return steps.bias(isMatrix ? (i % cols) * rows + Math.floor(i / cols) : i, call);
      },
    })),
  },
];

/** Scores that are given to what is hidden, in place of -Infinity. */
const low = [-1e4, -65504, -1e9, -3.4028234663852886e38];

const mask: readonly Hypothesis[] = [
  { words: 'leaves out the mask', witness: two({ mask: bits(0, 1) }), ...making(without('mask')) },
  {
    words: 'hides what takes part, and shows what is hidden',
    witness: two({ mask: bits(0, 1) }),
    ...making(() => ({
      isHidden: (i, { cols, options: { mask: given } }) =>
        given !== undefined && given[cellOf(given, i, cols)] !== 0,
    })),
  },
  {
    words: 'takes the mask of the first row for all rows',
    // Neither whole rows of 4 or more, nor the beginning of the mask for its second row, hide the same.
    witness: () => withOptions(batchOf(rowsOf(2, 3)), { mask: bits(1, 1, 1, 0, 0, 1) }),
    ...making((steps) => ({ isHidden: (i, call) => steps.isHidden(inFirstRow(i, call), call) })),
  },
  ...[4, 8, 16, 32].map((width) => ({
    words: `reads rows of the mask as if they began at multiples of ${width}`,
    witness: two({ mask: bits(1, 1, 0, 1) }),
    ...making((steps) => ({
      isHidden(i, call) {
        const { rows, cols, options } = call;
        const length = options.mask?.length ?? 0;
        if (length !== rows * cols || length === cols) return steps.isHidden(i, call);
        const stride = Math.ceil(cols / width) * width;
        return steps.isHidden((Math.floor(i / cols) * stride + (i % cols)) % length, call);
      },
    })),
  })),
  ...low.map((score) => ({
    words: `has ${score} for the score of what the mask hides`,
    witness: one({ mask: bits(0, 1) }, [0, f32(Math.max(2 * score, -3.4028234663852886e38))]),
    ...making(() => ({ hidden: () => f32(score) })),
  })),
  ...low.map((score) => ({
    words: `adds ${score} to what the mask hides`,
    witness: one({ mask: bits(0, 1) }, [f32(-score), 0]),
    ...making((steps) => ({ hidden: (i, call) => f32(steps.shown(i, call) + f32(score)) })),
  })),
  {
    words: 'multiplies what the mask hides by 0, and has 0 for its score',
    witness: two({ mask: bits(0, 1) }),
    ...making((steps) => ({ hidden: (i, call) => 0 * steps.shown(i, call) })),
  },
  {
    words: 'keeps NaN and infinities that the mask hides',
    witness: one({ mask: bits(0, 1) }, [NAN, 0]),
    ...making((steps) => ({
      hidden: (i, call) => (Number.isFinite(steps.shown(i, call)) ? MASKED : NAN),
    })),
  },
  {
    words: 'gives what the mask hides a gradient',
    witness: two({ mask: bits(0, 1) }),
    ...backward(() => ({ throughHidden: (derivative) => derivative })),
  },
];

const sink: readonly Hypothesis[] = [
  { words: 'leaves out the sink', witness: one({ sink: 0 }, [0]), ...making(without('sink')) },
  {
    words: 'takes the sink of the first row for all rows',
    witness: two({ sink: floats(0, 1) }),
    ...making((steps) => ({ sink: (_row, call) => steps.sink(0, call) })),
  },
  {
    words: 'leaves the sink out of the gradient',
    witness: one({ sink: 0 }, [0]),
    ...backward(without('sink')),
  },
];

/** Every one, the simplest of an option first. */
export const scores: readonly Hypothesis[] = [...scale, ...softcap, ...bias, ...mask, ...sink];
