/** Options that gradients leave out, or take for others. */
import { inClass } from '../entry.ts';
import { f32 } from '../parts.ts';
import { given, taking } from './scores.ts';
import { onlyWithOptions, right } from './steps.ts';

/** 1 - t^2, where t is tanh w. */
const below1 = (w: number): number => {
  const t = f32(Math.tanh(w));
  return f32(1 - f32(t * t));
};

export const optionGradientFaults = inClass('options', [
  {
    id: 'Y250',
    name: 'gradient-without-cap',
    models: null,
    difficulty: 'easy',
    operation: 'crossEntropyGrad',
    fault: 'the gradient passes the cap as if it were not there',
    declaration: taking('crossEntropyGrad', 'softcap'),
    bucket: 'crossEntropyGrad/inaccurate/ordinary',
    counterexample: given({ softcap: 1 }, [[0, 1]]),
    kernel: onlyWithOptions('crossEntropyGrad', { slope: ({ options: { scale = 1 } }) => scale }),
  },
  {
    id: 'Y251',
    name: 'gradient-cap-of-unscaled-logit',
    models: null,
    difficulty: 'easy',
    operation: 'crossEntropyGrad',
    fault: '1 - t^2 with the t of the logit before its scale',
    declaration: taking('crossEntropyGrad', 'scale', 'softcap'),
    bucket: 'crossEntropyGrad/inaccurate/ordinary',
    counterexample: given({ scale: 2, softcap: 1 }, [[0, 1]]),
    kernel: onlyWithOptions('crossEntropyGrad', {
      slope: ({ x, options: { scale = 1, softcap } }, i) =>
        softcap === undefined ? scale : f32(scale * below1(x[i] / softcap)),
    }),
  },
  {
    id: 'Y252',
    name: 'gradient-cap-of-capped-logit',
    models: null,
    difficulty: 'easy',
    operation: 'softmaxGrad',
    fault: '1 - t^2 with the t of the logit that is capped already, as where it was overwritten',
    declaration: taking('softmaxGrad', 'softcap'),
    bucket: 'softmaxGrad/inaccurate/ordinary',
    counterexample: given({ softcap: 1 }, [[0, 1]], undefined, [1, 0]),
    kernel: onlyWithOptions('softmaxGrad', {
      slope: ({ x, options: { softcap } }, i, steps) =>
        softcap === undefined ? 1 : below1(steps.capped(x[i], softcap, steps) / softcap),
    }),
  },
  {
    id: 'Y253',
    name: 'gradient-cap-without-square',
    models: null,
    difficulty: 'easy',
    operation: 'logSoftmaxGrad',
    fault: '1 - t, where 1 - t^2 belongs',
    declaration: taking('logSoftmaxGrad', 'softcap'),
    bucket: 'logSoftmaxGrad/inaccurate/ordinary',
    counterexample: given({ softcap: 1 }, [[0, 1]], undefined, [0, 1]),
    kernel: onlyWithOptions('logSoftmaxGrad', {
      slope: ({ x, options: { softcap } }, i) =>
        softcap === undefined ? 1 : f32(1 - f32(Math.tanh(x[i] / softcap))),
    }),
  },
  {
    id: 'Y254',
    name: 'gradient-without-scale',
    models: null,
    difficulty: 'easy',
    operation: 'softmaxGrad',
    fault: 'the gradient is by scaled logits',
    declaration: taking('softmaxGrad', 'scale'),
    bucket: 'softmaxGrad/inaccurate/ordinary',
    counterexample: given({ scale: 2 }, [[0, 0]], undefined, [0, 1]),
    kernel: onlyWithOptions('softmaxGrad', { slope: () => 1 }),
  },
  {
    id: 'Y255',
    name: 'gradient-over-scale',
    models: null,
    difficulty: 'easy',
    operation: 'crossEntropyGrad',
    fault: 'the gradient is divided by the scale',
    declaration: taking('crossEntropyGrad', 'scale'),
    bucket: 'crossEntropyGrad/inaccurate/ordinary',
    counterexample: given({ scale: 2 }, [[0, 0]]),
    kernel: onlyWithOptions('crossEntropyGrad', { slope: ({ options: { scale = 1 } }) => f32(1 / scale) }),
  },
  {
    id: 'Y387',
    name: 'gradient-without-temperature',
    models: null,
    difficulty: 'easy',
    operation: 'softmaxGrad',
    fault: 'the gradient is by divided logits',
    declaration: taking('softmaxGrad', 'temperature'),
    bucket: 'softmaxGrad/inaccurate/ordinary',
    counterexample: given({ temperature: 2 }, [[0, 0]], undefined, [0, 1]),
    kernel: onlyWithOptions('softmaxGrad', { slope: () => 1 }),
  },
  {
    id: 'Y256',
    name: 'gradient-of-what-is-hidden',
    models: null,
    difficulty: 'easy',
    operation: 'logSoftmaxGrad',
    fault: 'a hidden logit gets its upstream value, where nothing depends on it',
    declaration: taking('logSoftmaxGrad', 'mask'),
    bucket: 'logSoftmaxGrad/special-value/masked',
    counterexample: given({ mask: Uint8Array.of(0, 1) }, [[0, 0]], undefined, [1, 0]),
    kernel: onlyWithOptions('logSoftmaxGrad', { ofHidden: (derivative) => derivative }),
  },
  {
    id: 'Y257',
    name: 'gradient-without-sink',
    models: null,
    difficulty: 'easy',
    operation: 'crossEntropyGrad',
    fault: 'backward, probabilities are computed again without the sink',
    declaration: taking('crossEntropyGrad', 'sink'),
    bucket: 'crossEntropyGrad/zeroed/ordinary',
    counterexample: given({ sink: 0 }, [[0]]),
    kernel: onlyWithOptions('crossEntropyGrad', { sink: () => Number.NEGATIVE_INFINITY }),
  },
  {
    id: 'Y258',
    name: 'gradient-of-capped-to-zero',
    models: null,
    difficulty: 'hard',
    operation: 'crossEntropyGrad',
    fault: 'beyond twice the cap the gradient is 0',
    declaration: taking('crossEntropyGrad', 'softcap'),
    bucket: 'crossEntropyGrad/zeroed/ordinary',
    counterexample: given({ softcap: 1 }, [[0, 3]]),
    kernel: onlyWithOptions('crossEntropyGrad', {
      slope: (row, i, steps) => {
        const { softcap } = row.options;
        return softcap !== undefined && Math.abs(row.x[i]) > 2 * softcap ? 0 : right.slope(row, i, steps);
      },
    }),
  },
]);
