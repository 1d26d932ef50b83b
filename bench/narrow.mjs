/**
 * Faults that almost every batch hides: an exp or a logarithm that is off by a few ULP on a short interval, in an
 * otherwise right kernel with eight accumulators. Judged by the profile of its exp, `libm`.
 */
import { fromOrdinal, toOrdinal } from '../dist/float32/ordinal.js';

const { fround } = Math;
const exp = (x) => fround(Math.exp(x));
const off = (x, places) => fromOrdinal(toOrdinal(x) + places);

/** exp, but `places` more on the `width` floats from -`from` down. */
const onInterval = (from, width, places) => (x) => {
  const distance = toOrdinal(-x) - toOrdinal(from);
  return distance >= 0 && distance < width ? off(exp(x), places) : exp(x);
};

/** exp, off by up to `places` at -`at`, and by less the further from there, up to `reach`. */
const hat = (at, reach, places) => (x) => {
  const share = 1 - Math.abs(-x - at) / reach;
  return share > 0 ? off(exp(x), Math.round(places * share)) : exp(x);
};

function laneSum(values) {
  const lanes = new Float32Array(8);
  for (const [i, value] of values.entries()) lanes[i % 8] += value;
  return lanes.reduce((sum, lane) => fround(sum + lane), 0);
}

const softmaxWith = (exponential) => ({
  softmax(logits, rows, cols) {
    const answer = new Float32Array(logits.length);
    for (let r = 0; r < rows; r++) {
      const row = logits.subarray(r * cols, (r + 1) * cols);
      const max = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
      const weights = row.map((x) => exponential(fround(x - max)));
      const sum = laneSum(weights);
      answer.set(
        weights.map((weight) => weight / sum),
        r * cols,
      );
    }
    return answer;
  },
});

const narrow = [
  ['12 places at -10, 2048 floats', onInterval(10, 2048, 12)],
  ['20 places at -10, 2048 floats', onInterval(10, 2048, 20)],
  ['9 places at -1, 1000 floats', onInterval(1, 1000, 9)],
  ['9 places at -3, 500 floats', onInterval(3, 500, 9)],
  ['16 places at -0.01, 200,000 floats', onInterval(0.01, 200_000, 16)],
  ['up to 14 places around -7.3', hat(7.3, 0.05, 14)],
  ['up to 7 places around -0.7', hat(0.7, 0.2, 7)],
  ['14 places below -60', (x) => (x < -60 && x > -85 ? off(exp(x), 14) : exp(x))],
];

/** The kernels, as entries of the zoo. */
export const narrowFaults = narrow.map(([name, exponential]) => ({
  name: `exp: ${name}`,
  operation: 'softmax',
  declaration: { profile: 'libm' },
  kernel: softmaxWith(exponential),
}));
