/**
 * What generated batches are, and what they must not lose. Each feature is one on which real kernels failed; its share of
 * 20,000 batches is a minimum, so that no change of the mixture drops it unseen.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batches } from '../src/arbitraries/batches.ts';
import { families, numericFamilies } from '../src/arbitraries/families.ts';
import { batchGenerator } from '../src/arbitraries/generate.ts';
import { type Batch, batchOf, createBatch, isNumeric, rowOf } from '../src/core/batch.ts';
import { createRandom, type Seed } from '../src/core/random.ts';
import {
  EXP_OVERFLOW,
  EXP_UNDERFLOW,
  MAX_FINITE,
  MIN_NORMAL,
  OVERFLOW_THRESHOLD,
} from '../src/float32/constants.ts';
import { toOrdinal } from '../src/float32/ordinal.ts';
import { ulp } from '../src/float32/ulp.ts';
import { fp32 } from '../src/formats/index.ts';

const seed: Seed = [0x2ffd72db, 0xd01adfb7, 0xb8e1afed, 0x6a267e96];
const MASKED = Number.NEGATIVE_INFINITY;

const max = (row: Float32Array) => row.reduce((a, b) => Math.max(a, b), MASKED);
const lowestFinite = (row: Float32Array) => row.reduce((a, b) => (b > MASKED ? Math.min(a, b) : a), Infinity);
const gap = (row: Float32Array) => max(row) - lowestFinite(row);
const sumOfExps = (row: Float32Array) => row.reduce((sum, x) => sum + Math.exp(x), 0);
const count = (row: Float32Array, holds: (x: number) => boolean) =>
  row.reduce((sum, x) => sum + Number(holds(x)), 0);
const copiesOfMax = (row: Float32Array) => {
  const top = max(row);
  return count(row, (x) => x === top);
};
const distinct = (row: Float32Array) => new Set(row).size;
const runsOf = (row: Float32Array, value: number) =>
  Array.from(row).filter((x, i, all) => x === value && all[i - 1] !== value).length;
const oddAndMany = (length: number) => length > 1 && length % 2 === 1;

/** Within a few places of a multiple of ln 2 / 2, but 0. */
function isThreshold(x: number): boolean {
  const half = Math.LN2 / 2;
  const multiple = Math.round(Math.abs(x) / half);
  return multiple > 0 && Math.abs(Math.abs(x) - multiple * half) <= 6 * ulp(x) + 3 * ulp(10);
}

/** What a row of each family must be. `length` is at least 2. */
const laws: Readonly<Record<string, (row: Float32Array) => boolean>> = {
  ordinary: (row) => row.every((x) => Math.abs(x) < 112) && copiesOfMax(row) === 1,
  extremes: (row) => row.some((x) => Math.abs(x) >= 2 ** 127),
  ties: (row) => copiesOfMax(row) === 2 || distinct(row) <= 3,
  'near-ties': (row) => {
    const top = max(row);
    return row.every((x) => toOrdinal(top) - toOrdinal(x) <= 3 || top - x >= 1 - ulp(top));
  },
  'few-valued': (row) => distinct(row) <= 8,
  subnormals: (row) => row.some((x) => Math.abs(x) <= MIN_NORMAL),
  thresholds: (row) =>
    row.some(isThreshold) ||
    row.some((x) => isThreshold(max(row) - x)) ||
    (max(row) < EXP_OVERFLOW && sumOfExps(row) >= OVERFLOW_THRESHOLD),
  offsets: (row) => gap(row) <= Math.max(224, 8 * ulp(max(row.map(Math.abs)))),
  spikes: (row) => {
    const top = max(row);
    return count(row, (x) => top - x > 89) === row.length - 1;
  },
  ramps: (row) => {
    const rising = row.every((x, i) => i === 0 || row[i - 1] <= x);
    return (
      (rising || row.every((x, i) => i === 0 || row[i - 1] >= x)) && (row.length <= 32 || distinct(row) > 1)
    );
  },
  bits: (row) => row.every(Number.isFinite) && distinct(row) === row.length,
  dominated: (row) => {
    const top = max(row);
    return count(row, (x) => top - x > 16.59 && top - x < 17.51) === row.length - 1;
  },
  balanced: (row) => Math.abs(Math.log(sumOfExps(row))) <= 3 * ulp(Math.log(row.length)),
  masks: (row) => row.includes(MASKED),
  spliced: (row) => row.every((x) => x < Infinity),
  'non-finite': (row) => row.some((x) => !(x < Infinity)),
};

const landmarks = [24, 126, 127, 127.5, 128, 149, 150].map((multiple) => multiple * Math.LN2);

/** Kinds of rows that a family must not lose: each is at least one row of a hundred. */
const kinds: Readonly<Record<string, readonly ((row: Float32Array) => boolean)[]>> = {
  extremes: [
    (row) => distinct(row) === 1 && row[0] === -MAX_FINITE,
    (row) => max(row) > 2 ** 126 && lowestFinite(row) < -(2 ** 126),
    (row) => count(row, (x) => Math.abs(x) < 40) > row.length / 2,
  ],
  ties: [
    (row) => row.length > 30 && distinct(row) === 1,
    (row) => row.length > 30 && distinct(row) === 2,
    (row) => row.length > 30 && distinct(row) === 3,
    (row) => distinct(row) > 3,
  ],
  'near-ties': [(row) => row.length > 8 && gap(row) <= 3 * ulp(max(row)), (row) => gap(row) > 1],
  subnormals: [(row) => max(row.map(Math.abs)) <= MIN_NORMAL, (row) => row.includes(2 ** -149)],
  thresholds: [
    ...landmarks.flatMap((mark) => [
      (row: Float32Array) => row.some((x) => Math.abs(x - mark) <= 3 * ulp(mark)),
      (row: Float32Array) => row.some((x) => Math.abs(x + mark) <= 3 * ulp(mark)),
      (row: Float32Array) => max(row) === 0 && row.some((x) => Math.abs(x + mark) <= 3 * ulp(mark)),
    ]),
    (row) => lowestFinite(row) > 80 && max(row) < EXP_OVERFLOW && sumOfExps(row) > 2 ** 128 && gap(row) > 1,
  ],
  offsets: [
    (row) => max(row) < -2.9e38,
    (row) => max(row) < -1e20 && lowestFinite(row) > -2e38,
    (row) => max(row) < -5e4 && gap(row) > 8,
    (row) => lowestFinite(row) > 2 ** 31,
    (row) => row.length > 8 && gap(row) === 7 * ulp(max(row)),
  ],
  spikes: [
    (row) => row[0] === max(row),
    (row) => row[1] === max(row),
    (row) => row.at(-1) === max(row),
    (row) => max(row) === 0 && gap(row) > 2 ** 31,
    (row) => max(row) > 2 ** 31 && lowestFinite(row) > -200,
    (row) => max(row) > 40 && lowestFinite(row) < -40,
    (row) => gap(row) < 104,
  ],
  ramps: [
    (row) => row.length > 4 && distinct(row) === row.length && row[0] < row[1],
    (row) => row.length > 4 && distinct(row) === row.length && row[0] > row[1],
    (row) => row.length > 8 && row[0] === row[3] && row[3] < row[4],
    (row) => row.length > 4 && row[1] - row[0] > 89,
    (row) => row[0] !== row[1] && Math.abs(row[1] - row[0]) < 0.01,
  ],
  dominated: [(row) => distinct(row) === 2, (row) => distinct(row) > 2, (row) => row[0] < max(row)],
  ordinary: [
    (row) => row.some((x) => x < 0) && row.some((x) => x > 0),
    (row) => max(row) > 40,
    (row) => lowestFinite(row) < -40,
    (row) => row.length > 4 && gap(row) < 20,
    (row) => row.length > 30 && distinct(row) === row.length,
  ],
  'few-valued': [
    (row) => row.length > 30 && distinct(row) > 4,
    (row) => row.length > 30 && distinct(row) <= 4,
    (row) => row.length > 8 && copiesOfMax(row) > row.length / 4,
    (row) => row.length > 8 && copiesOfMax(row) <= row.length / 4,
  ],
  bits: [
    (row) => row.some((x) => x < 0) && row.some((x) => x > 0),
    (row) => max(row.map(Math.abs)) > 2 ** 100,
    (row) => row.some((x) => Math.abs(x) < 2 ** -100),
    (row) => row.length > 8 && max(row.map(Math.abs)) < 256,
  ],
  balanced: [
    (row) => row.length > 8 && distinct(row) > 2,
    (row) => sumOfExps(row) > 1,
    (row) => sumOfExps(row) < 1,
    (row) => row[0] === max(row) && distinct(row) > 1,
    (row) => row.at(-1) === max(row) && distinct(row) > 1,
  ],
  masks: [
    (row) => row[0] === MASKED,
    (row) => row[0] > MASKED && row.at(-1) === MASKED,
    (row) => row.every((x) => x === MASKED),
    (row) => row.length > 4 && count(row, (x) => x === MASKED) === 1,
    (row) => row.length > 4 && count(row, (x) => x > MASKED) === 1,
    // Of odd lengths: what masks by tiles makes few of these.
    (row) =>
      row.length > 30 &&
      runsOf(row, MASKED) === 1 &&
      row[0] === MASKED &&
      oddAndMany(row.lastIndexOf(MASKED) + 1),
    (row) =>
      row.length > 30 &&
      runsOf(row, MASKED) === 1 &&
      row.at(-1) === MASKED &&
      oddAndMany(row.indexOf(MASKED)),
    (row) => runsOf(row, MASKED) === 1 && row[0] > MASKED && row[row.length - 1] > MASKED,
    (row) => runsOf(row, MASKED) > 4,
  ],
  spliced: [
    (row) => row.includes(MASKED),
    (row) => row.length > 8 && gap(row) > 200,
    (row) => row.length > 8 && gap(row) < 20,
    (row) => row.length > 8 && copiesOfMax(row) > 1,
  ],
  'non-finite': [
    (row) => count(row, Number.isNaN) === 1 && row.every((x) => x < Infinity || Number.isNaN(x)),
    (row) => count(row, (x) => x === Infinity) === 1 && !row.some(Number.isNaN),
    (row) => Number.isNaN(row[0]) && count(row, Number.isNaN) === 1,
    (row) => Number.isNaN(row.at(-1)) && count(row, Number.isNaN) === 1,
    (row) => row.every(Number.isNaN),
    (row) => row.every((x) => x === Infinity),
    (row) => count(row, Number.isNaN) === 1 && count(row, (x) => x === MASKED) === row.length - 1,
    (row) => count(row, (x) => x === Infinity) === 1 && count(row, (x) => x === MASKED) === row.length - 1,
    (row) =>
      row.includes(Number.NaN) && row.includes(Infinity) && row.includes(MASKED) && row.some(Number.isFinite),
  ],
};

/** What a kernel meets in a batch, and the least share of batches with it. A feature of rows counts if any row has it. */
const rowFeatures: readonly [name: string, share: number, holds: (row: Float32Array) => boolean][] = [
  ['a tie at the max', 0.25, (row) => max(row) > MASKED && copiesOfMax(row) > 1],
  ['all equal', 0.08, (row) => row.length > 1 && copiesOfMax(row) === row.length && row[0] > MASKED],
  ['a gap over 89', 0.3, (row) => gap(row) > 89],
  ['a gap over 104', 0.25, (row) => gap(row) > 104],
  ['an exp that overflows', 0.2, (row) => max(row) >= EXP_OVERFLOW],
  ['only the sum overflows', 0.03, (row) => max(row) < EXP_OVERFLOW && sumOfExps(row) >= OVERFLOW_THRESHOLD],
  ['every exp underflows', 0.1, (row) => max(row) <= EXP_UNDERFLOW],
  ['a subnormal logit', 0.08, (row) => row.some((x) => x !== 0 && Math.abs(x) < MIN_NORMAL)],
  ['a -0', 0.015, (row) => row.some((x) => Object.is(x, -0))],
  ['±FLT_MAX', 0.03, (row) => row.some((x) => Math.abs(x) === MAX_FINITE)],
  [
    'an offset of 2^24 or more',
    0.08,
    (row) => lowestFinite(row.map(Math.abs)) >= 2 ** 24 && gap(row) < max(row.map(Math.abs)) / 2 ** 10,
  ],
  ['a difference over 2^22', 0.12, (row) => gap(row) > 2 ** 22],
  ['a difference beyond FP32', 0.01, (row) => gap(row) >= OVERFLOW_THRESHOLD],
  ['a masked prefix', 0.04, (row) => row[0] === MASKED && max(row) > MASKED],
  ['masked all but one', 0.03, (row) => row.length > 1 && count(row, (x) => x === MASKED) === row.length - 1],
  ['all masked', 0.003, (row) => max(row) === MASKED],
];

const batchFeatures: readonly [name: string, share: number, holds: (batch: Batch) => boolean][] = [
  ['one class', 0.1, ({ cols }) => cols === 1],
  ['two rows or more of odd length', 0.15, ({ rows, cols }) => rows > 1 && cols % 2 === 1],
  [
    'a masked target',
    0.03,
    ({ cols, logits, targets }) => targets.some((t, i) => logits[i * cols + t] === MASKED),
  ],
];

function rowsOf(batch: Batch): Float32Array[] {
  return Array.from({ length: batch.rows }, (_, i) => rowOf(batch, i));
}

describe('generated batches', () => {
  const generate = batchGenerator();
  const random = createRandom(seed);
  const sample = Array.from({ length: 20_000 }, () => generate(random));
  const drawn = sample.map(({ batch }) => batch);

  it('are batches: sizes that fit, targets in range', () => {
    for (const { rows, cols, logits, targets } of drawn) createBatch(rows, cols, logits, targets);
  });

  it('hold finite or masked logits alone', () => {
    expect(drawn.every(({ logits }) => logits.every((x) => x < Infinity))).toBe(true);
  });

  it('are the same for the same seed', () => {
    const again = createRandom(seed);
    for (const labelled of sample.slice(0, 500)) expect(generate(again)).toEqual(labelled);
  });

  const rows = sample.flatMap(({ families: names }) => names);
  const weights = numericFamilies.reduce((sum, { weight }) => sum + weight, 0);
  it.each(numericFamilies)('come from the family of $name as often as it weighs', ({ name, weight }) => {
    expect(rows.filter((each) => each === name).length / rows.length).toBeGreaterThan(
      (0.85 * weight) / weights,
    );
  });

  it.each(rowFeatures)('hold often enough: %s', (_, share, holds) => {
    const found = drawn.filter((batch) => rowsOf(batch).some(holds)).length;
    expect(found / drawn.length).toBeGreaterThan(share);
  });

  it.each(batchFeatures)('hold often enough: %s', (_, share, holds) => {
    expect(drawn.filter(holds).length / drawn.length).toBeGreaterThan(share);
  });
});

describe('generated batches of every family', () => {
  const generate = batchGenerator({
    families: families.map(({ name }) => name),
    maxRows: 100,
    maxCells: 200,
  });
  const random = createRandom(seed);
  const sample = Array.from({ length: 5000 }, () => generate(random));
  const spoilt = sample.filter(({ batch }) => !isNumeric(batch));

  it('are finite or masked but for the share of the family of non-finite, however many rows they have', () => {
    for (const few of [true, false]) {
      const some = sample.filter(({ batch }) => batch.rows <= 2 === few);
      const share = some.filter(({ batch }) => !isNumeric(batch)).length / some.length;
      expect(share).toBeGreaterThan(0.04);
      expect(share).toBeLessThan(0.09);
    }
  });

  it('have finite rows beside those with NaN or +Infinity', () => {
    const many = spoilt.filter(({ batch }) => batch.rows > 4);
    expect(many.length).toBeGreaterThan(20);
    for (const { batch, families: names } of many) {
      const special = rowsOf(batch).map((row) => row.some((x) => !(x < Infinity)));
      expect(special).toEqual(names.map((name) => name === 'non-finite'));
    }
    expect(many.filter(({ families: names }) => names.some((name) => name !== 'non-finite')).length).toBe(
      many.length,
    );
  });
});

describe('rows of eight', () => {
  const indices = [0, 1, 2, 3, 4, 5, 6, 7];

  /** The indices of the max in each of the rows of 5000 batches. */
  function placesOfMax(names?: string[]): string[] {
    const generate = batchGenerator({ cols: 8, families: names });
    const random = createRandom(seed);
    return Array.from({ length: 5000 }, () => rowsOf(generate(random).batch))
      .flat()
      .map((row) => {
        const top = max(row);
        return indices.filter((i) => row[i] === top).join();
      });
  }

  it('have the max alone at every index', () => {
    const places = placesOfMax();
    const rare = indices.filter(
      (i) => places.filter((place) => place === `${i}`).length < places.length / 20,
    );
    expect(rare).toEqual([]);
  });

  it('tie at every pair of lanes', () => {
    const places = placesOfMax(['ties']);
    const pairs = indices.flatMap((j) => indices.slice(0, j).map((i) => `${i},${j}`));
    const rare = pairs.filter(
      (pair) => places.filter((place) => place === pair).length < places.length / 200,
    );
    expect(pairs).toHaveLength(28);
    expect(rare).toEqual([]);
  });
});

describe('rows of the family of ties', () => {
  const { fill } = families.find(({ name }) => name === 'ties') ?? expect.fail('there is no such family');

  it.each([4, 8, 16, 32])('tie at every pair of %i lanes, and in one lane twice', (lanes) => {
    const random = createRandom(seed);
    const row = new Float32Array(3 * lanes + 1);
    const pairs = new Set<string>();
    for (let k = 0; k < 12_000; k++) {
      fill(random, row, fp32);
      if (copiesOfMax(row) !== 2) continue;
      const top = max(row);
      const places = [row.indexOf(top) % lanes, row.lastIndexOf(top) % lanes];
      pairs.add(places.sort((a, b) => a - b).join());
    }
    expect(pairs.size).toBe((lanes * (lanes + 1)) / 2);
  });
});

describe.each(families)('the family of $name', ({ name, fill }) => {
  const random = createRandom(seed);

  /** A row that was NaN, so that a logit left out shows. */
  function drawRow(length: number): Float32Array {
    const row = new Float32Array(length).fill(Number.NaN);
    fill(random, row, fp32);
    return row;
  }
  const drawn = Array.from({ length: 1500 }, (_, k) => drawRow(2 + (k % (k % 2 === 0 ? 69 : 7))));

  it('draws rows that are what its name says', () => {
    for (const row of drawn) if (!laws[name]?.(row)) expect.fail(`${name} drew [${row.join(', ')}]`);
  });

  it('draws every kind of them', () => {
    const wanted = kinds[name] ?? [];
    expect(wanted.length).toBeGreaterThan(1);
    const rare = wanted.filter((holds) => drawn.filter(holds).length < drawn.length / 100);
    expect(rare.map(String)).toEqual([]);
  });

  it('draws a row of one', () => {
    const isSpecial = name === 'non-finite';
    for (let k = 0; k < 200; k++) expect(!(drawRow(1)[0] < Infinity)).toBe(isSpecial);
  });
});

describe('shrinking through fast-check', () => {
  const overflows = ({ logits }: Batch) => logits.some((x) => x >= EXP_OVERFLOW);

  it('ends at [89] from every batch whose exp overflows', () => {
    const property = fc.property(batches(), (batch) => !overflows(batch));
    const ends = Array.from({ length: 50 }, (_, k) => fc.check(property, { seed: k }).counterexample?.[0]);
    expect(new Set(ends.map((end) => JSON.stringify(end)))).toEqual(
      new Set([JSON.stringify(batchOf([[89]]))]),
    );
  });

  it('starts from examples too', () => {
    const start = batchOf(
      [
        [3, 91.37, -5],
        [1e30, 2, 4],
      ],
      [2, 1],
    );
    const property = fc.property(batches({ families: ['subnormals'] }), (batch) => !overflows(batch));
    expect(fc.check(property, { seed: 1, examples: [[start]] }).counterexample).toEqual([batchOf([[89]])]);
  });
});
