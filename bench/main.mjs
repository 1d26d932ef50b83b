/**
 * `npm run bench`: where the time goes, as one table in one run on the machine at hand. The least, in nanoseconds a
 * logit; ratios are to the stable kernel's softmax. Python's peers are there where python3 has their packages.
 */
import { spawnSync } from 'node:child_process';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { batchGenerator } from '../dist/arbitraries/generate.js';
import { youngMemory } from '../dist/campaign/explore/pool.js';
import { callKernel } from '../dist/core/kernel.js';
import { operations } from '../dist/core/operation.js';
import { createRandom } from '../dist/core/random.js';
import { judge, judgeExactly } from '../dist/judge/judge.js';
import { naive, stable } from '../dist/kernels/index.js';
import { createOracle } from '../dist/oracle/exact.js';
import { createWorkspace } from '../dist/row/approximation.js';
import { decimalOf } from '../dist/row/decimal.js';
import { profileNamed } from '../dist/row/profiles.js';
import { leastInTurn, nanosecondsPerLogit, table } from './measure.mjs';

const profile = profileNamed('sequential');
const batchOfShape = (rows, cols) => batchGenerator({ rows, cols })(createRandom([1, 2, 3, 4])).batch;
const large = batchOfShape(64, 1024);
const small = batchOfShape(8, 32);
const softmaxOf = ({ logits, rows, cols }, kernel = stable) => kernel.softmax(logits, rows, cols);
const largeAnswer = softmaxOf(large);
const smallAnswer = softmaxOf(small);
const smallAnswers = Object.fromEntries(
  operations.map((operation) => {
    const answer = callKernel(stable, operation, small);
    return [operation, typeof answer === 'number' ? Float32Array.of(answer) : answer];
  }),
);

const random = createRandom([5, 6, 7, 8]);
const generateMixture = batchGenerator({ maxRows: 8, maxCols: 1100, maxCells: 4096 });
const workspace = createWorkspace();
const plainDecimal = Decimal.clone({ precision: 40 });

/** Generates, runs and judges batches of the mixture, as a campaign does, for at least `logits` logits. */
function campaign(logits) {
  let done = 0;
  while (done < logits) {
    const { batch } = generateMixture(random);
    judge(createOracle(batch, workspace), 'softmax', softmaxOf(batch), profile);
    done += batch.logits.length;
  }
  return done;
}

/** The same with fast-check's own arrays and decimal.js throughout, as one would write it by hand. */
function byHand(constraints) {
  const array = fc.array(fc.float({ ...constraints, noNaN: true }), { minLength: 16, maxLength: 16 });
  let done = 0;
  for (const values of fc.sample(array, { seed: 1, numRuns: 8 })) {
    const logits = Float32Array.from(values);
    const answer = softmaxOf({ logits, rows: 1, cols: logits.length });
    const isRight = decimalSoftmax(logits).every((p, i) => p.minus(decimalOf(answer[i])).abs().lte(1e-6));
    if (!isRight) throw new Error('the stable kernel is off by over 1e-6');
    done += logits.length;
  }
  return done;
}

function decimalSoftmax(row) {
  const top = Math.max(...row);
  const weights = Array.from(row, (x) => new plainDecimal(decimalOf(x)).minus(decimalOf(top)).exp());
  const sum = weights.reduce((a, b) => a.plus(b));
  return weights.map((weight) => weight.div(sum));
}

/** A campaign in a process of its own, with as much young memory as those of a campaign. */
function campaignAlone(name, which) {
  const script = new URL('campaign.mjs', import.meta.url).pathname;
  const { status, stdout } = spawnSync(process.execPath, [...youngMemory, script, name, which], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`the campaign of ${name} with the options ${which} ended with ${status}`);
  return Number(stdout);
}

const work = {
  'stable softmax, 64 x 1024': () => softmaxOf(large).length,
  'naive softmax, 64 x 1024': () => softmaxOf(large, naive).length,
  'judging softmax, 64 x 1024': () => {
    judge(createOracle(large, workspace), 'softmax', largeAnswer, profile);
    return large.logits.length;
  },
  'judging all operations, 8 x 32': () => {
    const oracle = createOracle(small);
    for (const operation of operations) judge(oracle, operation, smallAnswers[operation], profile);
    return small.logits.length;
  },
  'generating the mixture of all families and sizes': () => {
    let done = 0;
    while (done < 200_000) done += generateMixture(random).batch.logits.length;
    return done;
  },
  'generate, run and judge softmax': () => campaign(200_000),
  'oracle alone (decimal.js), softmax, 8 x 32': () => {
    judgeExactly(createOracle(small), 'softmax', smallAnswer, profile);
    return small.logits.length;
  },
  'decimal.js by hand, softmax at 40 digits, 8 x 32': () => {
    for (let r = 0; r < small.rows; r++) decimalSoftmax(small.logits.subarray(r * 32, (r + 1) * 32));
    return small.logits.length;
  },
  "fast-check's arrays and decimal.js by hand, logits within 100": () => byHand({ min: -100, max: 100 }),
  "fast-check's arrays and decimal.js by hand, all finite logits": () => byHand({ noDefaultInfinity: true }),
};

const campaigns = {
  'a campaign of all seven operations': ['stable', 'none'],
  'the same, with all fifteen options in half of the batches': ['stable', 'all'],
  'the same in BF16, without options': ['stable@bf16', 'none'],
  'the same in BF16, with a scale and a mask': ['stable@bf16', 'scale,mask'],
  'the same in BF16, with a softcap': ['stable@bf16', 'softcap'],
  'the same in BF16, with the six options of scores': [
    'stable@bf16',
    'scale,temperature,softcap,bias,mask,sink',
  ],
  'the same in BF16, with all fifteen': ['stable@bf16', 'all'],
};

const measured = Object.fromEntries([
  ...Object.entries(work).map(([name, run]) => [name, () => nanosecondsPerLogit(run, 2)]),
  ...Object.entries(campaigns).map(([name, of]) => [name, () => campaignAlone(...of)]),
]);
const timings = Object.entries({ ...(await leastInTurn(measured, 4)), ...pythonPeers(small) });
const [[, reference]] = timings;
console.log(
  table(
    ['what', 'ns a logit', 'ratio'],
    timings.map(([name, ns]) => [name, ns, ns / reference]),
  ),
);

/** The peers of peers.py, none where there is no python3. */
function pythonPeers({ logits, rows, cols }) {
  const lists = Array.from({ length: rows }, (_, r) =>
    [...logits.subarray(r * cols, (r + 1) * cols)].map((x) => (Number.isFinite(x) ? x : -1e30)),
  );
  for (const python of [process.env.PYTHON ?? 'python3', '/usr/bin/python3']) {
    const script = new URL('peers.py', import.meta.url).pathname;
    const { status, stdout } = spawnSync(python, [script], {
      input: JSON.stringify(lists),
      encoding: 'utf8',
    });
    if (status === 0 && stdout.length > 3) return JSON.parse(stdout);
  }
  return {};
}
