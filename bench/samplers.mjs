/** Where batches come from: this tool, fast-check, random logits, Hypothesis. Each by seed, with oracles to share. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { casesOf } from '../dist/campaign/explore/cases.js';
import { createBatch } from '../dist/core/batch.js';
import { createRandom } from '../dist/core/random.js';
import { createOracle } from '../dist/oracle/exact.js';

const LONGEST = 64;

/** Oracles of batches made when first asked for, and kept: undefined where `make` has no more. */
function kept(make) {
  const oracles = [];
  return (number) => {
    if (oracles.length <= number) {
      const batch = make(number);
      if (batch === undefined) return undefined;
      oracles[number] = createOracle(batch);
    }
    return oracles[number];
  };
}

function ofTool(climbs) {
  return (seed) => {
    const cases = casesOf({ seed, saved: [], generation: { upstream: true } });
    return { at: kept((number) => cases.at(number).batch), cases, climbs };
  };
}

/** Batches of the shapes that the tool draws, every logit from `draw`. */
function ofLogits(draw) {
  return (seed) => {
    const cases = casesOf({ seed, saved: [], generation: {} });
    const random = createRandom([seed, 1, 2, 3]);
    return {
      at: kept((number) => {
        const { rows, cols, logits } = cases.at(number).batch;
        const targets = Array.from({ length: rows }, () => random.below(cols));
        const drawn = () => Float32Array.from(logits, () => draw(random));
        return createBatch(rows, cols, drawn(), targets, drawn());
      }),
    };
  };
}

/** Batches of one row each, with upstream values within 1. */
function ofRows(rowsOf) {
  return (seed) => {
    const rows = rowsOf(seed);
    const random = createRandom([seed, 1, 2, 3]);
    const make = (number) => {
      const row = rows[number];
      if (row === undefined) return undefined;
      const upstream = Float32Array.from(row, () => 2 * random.unit() - 1);
      return createBatch(1, row.length, row, [random.below(row.length)], upstream);
    };
    return { at: kept(make) };
  };
}

/** A standard normal number, by Box and Muller. */
function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
}

/** The samplers: a name, and what opens one for a seed. */
export function samplers(seeds, count) {
  const array = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
    minLength: 1,
    maxLength: LONGEST,
    size: 'max',
  });
  const peers = [
    { name: 'softmax-fuzz', open: ofTool(true) },
    { name: 'softmax-fuzz, no search', open: ofTool(false) },
    { name: 'fast-check', open: ofRows((seed) => fc.sample(array, { seed, numRuns: count })) },
    { name: 'uniform in ±100', open: ofLogits((random) => 200 * random.unit() - 100) },
    { name: 'normal', open: ofLogits(normal) },
  ];
  const drawn = hypothesis(seeds, count);
  return drawn === null ? peers : [...peers, { name: 'Hypothesis', open: ofRows((seed) => drawn[seed - 1]) }];
}

/** Lists that Hypothesis generates for each seed, or null where there is none. */
function hypothesis(seeds, count) {
  const script = new URL('hypothesis_floats.py', import.meta.url).pathname;
  for (const python of [process.env.PYTHON ?? 'python3', '/usr/bin/python3']) {
    const { status, stdout } = spawnSync(python, [script, String(seeds), String(count)], {
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    });
    if (status === 0)
      return stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
  }
  process.stderr.write('Hypothesis is left out: no python3 has it\n');
  return null;
}
