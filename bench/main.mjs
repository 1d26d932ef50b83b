/** `npm run bench`: where the time goes, as one table in one run. Ratios are to the stable kernel's softmax. */
import { batchGenerator } from '../dist/arbitraries/generate.js';
import { createRandom } from '../dist/arbitraries/random.js';
import { operations } from '../dist/core/operation.js';
import { naive, stable } from '../dist/kernels/index.js';
import { createOracle } from '../dist/oracle/exact.js';
import { nanosecondsPerLogit, table } from './measure.mjs';

const large = batchGenerator({ rows: 64, cols: 1024 })(createRandom([1, 2, 3, 4])).batch;
const small = batchGenerator({ rows: 4, cols: 16 })(createRandom([1, 2, 3, 4])).batch;
const random = createRandom([5, 6, 7, 8]);
const generate = batchGenerator();

const work = {
  'stable softmax, 64 x 1024': () => {
    stable.softmax(large.logits, large.rows, large.cols);
    return large.logits.length;
  },
  'naive softmax, 64 x 1024': () => {
    naive.softmax(large.logits, large.rows, large.cols);
    return large.logits.length;
  },
  'generating, default shapes': () => {
    let logits = 0;
    for (let k = 0; k < 1000; k++) logits += generate(random).batch.logits.length;
    return logits;
  },
  'oracle (decimal.js), five operations, 4 x 16': () => {
    const oracle = createOracle(small);
    for (const operation of operations) oracle.answer(operation);
    return small.logits.length;
  },
};

const timings = [];
for (const [name, run] of Object.entries(work)) timings.push([name, await nanosecondsPerLogit(run)]);
const [[, reference]] = timings;
console.log(
  table(
    ['what', 'ns a logit', 'ratio'],
    timings.map(([name, ns]) => [name, ns, ns / reference]),
  ),
);
