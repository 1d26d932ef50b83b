/** Scale and softcap that are left out, or taken for something else, forward or backward. */
import type { Changes } from '../../kernels/changes.ts';
import type { ScoreCall, ScoreSteps } from '../../kernels/options.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { rowOfScores, twoRowsOfScores, withScoreGradients, withScores } from '../score-kernels.ts';
import { right } from '../steps.ts';
import { bits, floats } from './parts.ts';

const f32 = Math.fround;
const { NEGATIVE_INFINITY: MASKED } = Number;

const scale: readonly Hypothesis[] = [
  {
    words: 'leaves out the scale',
    witness: twoRowsOfScores({ scale: 2 }),
    ...withScores(() => ({ scale: () => undefined })),
  },
  {
    words: 'divides logits by the scale',
    witness: twoRowsOfScores({ scale: 2 }),
    ...withScores(() => ({
      scale: ({ options }) => (options.scale === undefined ? undefined : f32(1 / options.scale)),
    })),
  },
  {
    words: 'multiplies logits by the scale twice',
    witness: twoRowsOfScores({ scale: 2 }),
    ...withScores(() => ({
      scale: ({ options }) => (options.scale === undefined ? undefined : f32(options.scale ** 2)),
    })),
  },
  {
    words: 'multiplies x - max by the scale, and has the sum without it',
    witness: twoRowsOfScores({ scale: 2 }),
    ...withScores(() => ({ scale: () => undefined })),
    changes: {
      logProbability: (i, { x, max, logSum, batch }) =>
        f32(f32(f32(x[i] - max) * (batch.options?.scale ?? 1)) - logSum),
    },
  },
  {
    words: 'takes the maximum before a scale, which is no maximum where the scale is negative',
    witness: rowOfScores({ scale: -1 }, [0, 90]),
    changes: {
      max: ({ x, batch, r }) =>
        (batch.options?.scale ?? 1) < 0
          ? Math.min(...x.filter((z) => z !== MASKED))
          : right.max({ x, batch, r }),
    },
  },
  {
    words: 'takes a scale of 0 for none',
    witness: twoRowsOfScores({ scale: 0 }),
    ...withScores(() => ({ scale: ({ options }) => options.scale || undefined })),
  },
  {
    words: 'multiplies the bias by the scale too',
    witness: twoRowsOfScores({ scale: 2, bias: floats(0, 1) }),
    ...withScores((steps) => ({
      bias(i, call) {
        const bias = steps.bias(i, call);
        return bias === undefined ? undefined : f32(bias * (steps.scale(call) ?? 1));
      },
    })),
  },
  {
    words: 'multiplies the sink by the scale too',
    witness: rowOfScores({ scale: 2, sink: 1 }, [0]),
    ...withScores((steps) => ({
      sink(row, call) {
        const sink = steps.sink(row, call);
        return sink === undefined || sink === MASKED ? sink : f32(sink * (steps.scale(call) ?? 1));
      },
    })),
  },
  {
    words: 'leaves the scale out of the gradient',
    witness: twoRowsOfScores({ scale: 2 }),
    ...withScoreGradients((steps) => ({
      through: (derivative, i, call) => steps.through(derivative, i, call) / (steps.scale(call) ?? 1),
    })),
  },
  {
    words: 'divides the gradient by the scale',
    witness: twoRowsOfScores({ scale: 2 }),
    ...withScoreGradients((steps) => ({
      through: (derivative, i, call) => steps.through(derivative, i, call) / (steps.scale(call) ?? 1) ** 2,
    })),
  },
];

/** A derivative by what is capped, by the logit. */
function throughFactors(derivative: number, steps: ScoreSteps, call: ScoreCall): number {
  return f32(f32(derivative / (steps.temperature(call) ?? 1)) * (steps.scale(call) ?? 1));
}

/** The derivative of a logit's cap, where `slope` is what is taken for 1 - t^2. */
const capSlope = (slope: (i: number, call: ScoreCall, softcap: number) => number): Changes<ScoreSteps> => {
  return (steps) => ({
    through(derivative, i, call) {
      const { softcap } = call.options;
      if (softcap === undefined) return steps.through(derivative, i, call);
      return throughFactors(f32(derivative * slope(i, call, softcap)), steps, call);
    },
  });
};

const below1 = (t: number): number => 1 - t * t;

const softcap: readonly Hypothesis[] = [
  {
    words: 'leaves out the softcap',
    witness: twoRowsOfScores({ softcap: 1 }),
    ...withScores((steps) => ({
      capped: (y) => y,
      through: (derivative, i, { options: { softcap: _, ...options }, ...call }) =>
        steps.through(derivative, i, { ...call, options }),
    })),
  },
  {
    words: 'cuts logits off at the softcap',
    witness: twoRowsOfScores({ softcap: 1 }),
    ...withScores((steps) => ({
      capped: (y, { options: { softcap: cap } }) =>
        cap === undefined ? y : Math.max(-cap, Math.min(y, cap)),
      through(derivative, i, call) {
        const { softcap: cap = Number.POSITIVE_INFINITY } = call.options;
        return Math.abs(steps.scaled(i, call)) > cap ? 0 : throughFactors(derivative, steps, call);
      },
    })),
  },
  {
    words: 'does not multiply the tanh by the softcap',
    witness: twoRowsOfScores({ softcap: 2 }),
    ...withScores((steps) => ({
      capped(y, call) {
        const { softcap: cap } = call.options;
        return cap === undefined ? y : f32(steps.capped(y, call) / cap);
      },
      through(derivative, i, call) {
        const { softcap: cap = 1 } = call.options;
        return f32(steps.through(derivative, i, call) / cap);
      },
    })),
  },
  {
    words: 'caps the sum of logit and bias',
    witness: twoRowsOfScores({ softcap: 1, bias: floats(0, 1) }),
    ...withScores((steps) => ({
      shown: (i, call) => steps.capped(f32(steps.scaled(i, call) + (steps.bias(i, call) ?? 0)), call),
    })),
  },
  {
    words: 'multiplies by the scale behind the softcap',
    witness: twoRowsOfScores({ softcap: 1, scale: 2 }),
    ...withScores((steps) => ({
      shown(i, call) {
        const divided = f32(call.logits[i] / (steps.temperature(call) ?? 1));
        const y = f32(steps.capped(divided, call) * (steps.scale(call) ?? 1));
        return f32(y + (steps.bias(i, call) ?? 0));
      },
    })),
  },
  {
    words: 'caps what the mask hides, and has -softcap of it',
    witness: twoRowsOfScores({ softcap: 1, mask: bits(0, 1) }),
    ...withScores(() => ({
      hidden: (_i, { options: { softcap: cap } }) => (cap === undefined ? MASKED : -cap),
    })),
  },
  {
    words: 'leaves the softcap out of the gradient',
    witness: twoRowsOfScores({ softcap: 1 }),
    ...withScoreGradients(capSlope(() => 1)),
  },
  {
    words: 'has 1 - tanh for 1 - tanh^2 in the gradient of the softcap',
    witness: twoRowsOfScores({ softcap: 1 }),
    ...withScoreGradients((steps) =>
      capSlope((i, call, cap) => 1 - f32(Math.tanh(steps.scaled(i, call) / cap)))(steps),
    ),
  },
  {
    words: 'takes the gradient of the softcap at the logit without its scale',
    witness: twoRowsOfScores({ softcap: 1, scale: 2 }),
    ...withScoreGradients(capSlope((i, { logits }, cap) => below1(f32(Math.tanh(logits[i] / cap))))),
  },
  {
    words: 'takes the gradient of the softcap at the logit that is capped already',
    witness: twoRowsOfScores({ softcap: 1 }),
    ...withScoreGradients((steps) =>
      capSlope((i, call, cap) => below1(f32(Math.tanh(steps.capped(steps.scaled(i, call), call) / cap))))(
        steps,
      ),
    ),
  },
];

/** Every one, the simplest of an option first. */
export const scales: readonly Hypothesis[] = [...scale, ...softcap];
