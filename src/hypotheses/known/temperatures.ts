/** A temperature that is left out, or taken for something else, forward or backward. */
import type { Hypothesis } from '../hypothesis.ts';
import { rowOfScores, twoRowsOfScores, withScoreGradients, withScores } from '../score-kernels.ts';
import { floats } from './parts.ts';

const f32 = Math.fround;
const { NEGATIVE_INFINITY: MASKED } = Number;

/** Every one, the simplest first. */
export const temperatures: readonly Hypothesis[] = [
  {
    words: 'leaves out the temperature',
    witness: twoRowsOfScores({ temperature: 2 }),
    ...withScores(() => ({ temperature: () => undefined })),
  },
  {
    words: 'multiplies logits by the temperature',
    witness: twoRowsOfScores({ temperature: 2 }),
    ...withScores(() => ({
      temperature: ({ options: { temperature: t } }) => (t === undefined ? undefined : f32(1 / t)),
    })),
  },
  {
    words: 'divides logits by the temperature twice',
    witness: twoRowsOfScores({ temperature: 2 }),
    ...withScores(() => ({
      temperature: ({ options: { temperature: t } }) => (t === undefined ? undefined : f32(t ** 2)),
    })),
  },
  {
    words: 'divides x - max by the temperature, and has the sum without it',
    witness: twoRowsOfScores({ temperature: 2 }),
    ...withScores(() => ({ temperature: () => undefined })),
    changes: {
      logProbability: (i, { x, max, logSum, batch }) =>
        f32(f32(f32(x[i] - max) / (batch.options?.temperature ?? 1)) - logSum),
    },
  },
  {
    words: 'divides the bias by the temperature too',
    witness: twoRowsOfScores({ temperature: 2, bias: floats(0, 1) }),
    ...withScores((steps) => ({
      bias(i, call) {
        const bias = steps.bias(i, call);
        return bias === undefined ? undefined : f32(bias / (steps.temperature(call) ?? 1));
      },
    })),
  },
  {
    words: 'divides the sink by the temperature too',
    witness: rowOfScores({ temperature: 2, sink: 1 }, [0]),
    ...withScores((steps) => ({
      sink(row, call) {
        const sink = steps.sink(row, call);
        return sink === undefined || sink === MASKED ? sink : f32(sink / (steps.temperature(call) ?? 1));
      },
    })),
  },
  {
    words: 'divides by the temperature behind the softcap',
    witness: twoRowsOfScores({ softcap: 1, temperature: 2 }),
    ...withScores((steps) => ({
      shown(i, call) {
        const scaled = f32(call.logits[i] * (steps.scale(call) ?? 1));
        const y = f32(steps.capped(scaled, call) / (steps.temperature(call) ?? 1));
        return f32(y + (steps.bias(i, call) ?? 0));
      },
    })),
  },
  {
    words: 'leaves the temperature out of the gradient',
    witness: twoRowsOfScores({ temperature: 2 }),
    ...withScoreGradients((steps) => ({
      through: (derivative, i, call) => steps.through(derivative, i, call) * (steps.temperature(call) ?? 1),
    })),
  },
  {
    words: 'multiplies the gradient by the temperature',
    witness: twoRowsOfScores({ temperature: 2 }),
    ...withScoreGradients((steps) => ({
      through: (derivative, i, call) =>
        steps.through(derivative, i, call) * (steps.temperature(call) ?? 1) ** 2,
    })),
  },
];
