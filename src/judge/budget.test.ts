import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../core/batch.ts';
import { type Operation, operations, outputLength, rowAt } from '../core/operation.ts';
import { MIN_NORMAL, UNIT_ROUNDOFF as u } from '../float32/constants.ts';
import { bf16, fp16, fp32 } from '../formats/index.ts';
import { rowSpecs } from '../operations/index.ts';
import { withOptions } from '../options/index.ts';
import { createOracle } from '../oracle/exact.ts';
import { gamma } from '../row/gamma.ts';
import type { Profile, Summation } from '../row/profile.ts';
import { fieldOf, inFormats } from '../row/profile-formats.ts';
import { defaultProfile, fieldProfile, profileNamed, profiles, sequentialProfile } from '../row/profiles.ts';
import { rowCosts, strictMaxima } from '../row/row-costs.ts';
import type { View } from '../row/view.ts';
import { budgetOf, costsAt, costsOf, fixedAnswer, inputsAt } from './budget.ts';

const { POSITIVE_INFINITY: INF } = Number;

/** What second orders take of the errors of a sum's terms. */
const second = 1 + 2 ** -13;

function budget(operation: Operation, batch: Batch, profile: Profile): Float64Array {
  const oracle = createOracle(batch);
  return Float64Array.from(
    { length: outputLength(operation, batch.rows, batch.cols, batch.options) },
    (_, k) => budgetOf(operation, k, oracle, profile),
  );
}

describe('gamma', () => {
  it('should be a little over k u, and promise nothing once k u reaches 1', () => {
    expect(gamma(1)).toBe(u / (1 - u));
    expect(gamma(2 ** 23)).toBe(1);
    expect(gamma(2 ** 24)).toBe(Number.POSITIVE_INFINITY);
    expect(gamma(2 ** 25)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('costsOf', () => {
  it('should be computed once, also of rows that were asked for before: each number of a loss asks for all', () => {
    const batch = batchOf([
      [0, 1],
      [Number.NaN, 0],
    ]);
    const { rows } = createOracle(batch);
    const first = costsAt(batch, rows, 0, defaultProfile);
    const all = costsOf(batch, rows, defaultProfile);
    expect([all[0] === first, all[1]]).toEqual([true, null]);
    expect(costsOf(batch, rows, defaultProfile)).toBe(all);
  });
});

describe('budgetOf', () => {
  it('should be no NaN where an arithmetic of 16 bits promises nothing, or where nothing is stored', () => {
    const rows: readonly number[][] = [
      [0],
      new Array<number>(255).fill(0),
      new Array<number>(257).fill(0),
      [...new Array<number>(125).fill(0), 88],
      [...new Array<number>(300).fill(-65504), 65504],
      [...new Array<number>(2100).fill(0), Number.NEGATIVE_INFINITY, 1],
    ];
    const inFormatsOf = [fp16, bf16].flatMap((answer) =>
      [fp32, answer].flatMap((arithmetic) => [
        ...profiles.map((profile) => inFormats(profile, { answer, arithmetic })),
        fieldOf({ answer, arithmetic }),
      ]),
    );
    for (const row of rows) {
      const upstream = row.map((_, i) => (i % 3) - 1);
      for (const target of [0, row.length - 1]) {
        const oracle = createOracle(batchOf([row, row], [target, target], [...upstream, ...upstream]));
        for (const operation of operations)
          for (const profile of inFormatsOf)
            for (const k of new Set([0, outputLength(operation, 2, row.length, undefined) - 1]))
              expect(
                budgetOf(operation, k, oracle, profile) >= 0,
                `${operation} ${k} of ${row.length} in ${profile.name} ${profile.answer.name} ${profile.arithmetic.name}`,
              ).toBe(true);
      }
    }
  });

  it('should allow no error to a logSumExp of one class', () => {
    expect(budget('logSumExp', batchOf([[5]]), defaultProfile)).toEqual(Float64Array.of(0));
    expect(budget('logSumExp', batchOf([[5, Number.NEGATIVE_INFINITY]]), defaultProfile)).toEqual(
      Float64Array.of(0),
    );
  });

  it('should allow no error to a masked entry', () => {
    const batch = batchOf([[Number.NEGATIVE_INFINITY, 0, 1]], [1]);
    for (const operation of ['softmax', 'logSoftmax', 'crossEntropyGrad'] as const) {
      expect(budget(operation, batch, fieldProfile)[0]).toBe(0);
    }
  });

  it('should be computed once for a row, however many of its numbers are asked for', () => {
    const batch = withOptions(batchOf([[1, 2, 3, 4]]), { softcap: 5 });
    const oracle = createOracle(batch);
    let computed = 0;
    const row = oracle.row(0);
    const { perturbation, ...view } = row.view as View;
    const counted = {
      ...row,
      view: {
        ...view,
        perturbation: (profile: Profile) => {
          computed++;
          return perturbation(profile);
        },
      },
    };
    const source = { batch, rows: [counted], row: () => counted };
    for (const k of [0, 1, 2, 3, 0])
      for (const operation of ['softmax', 'softmaxGrad'] as const)
        budgetOf(operation, k, source, defaultProfile);
    expect(computed).toBe(1);
    expect(inputsAt('softmaxGrad', 3, source)).toBe(inputsAt('softmaxGrad', 0, source));
  });

  it('should follow the formula for softmax of two classes', () => {
    const [p0, p1] = [1 / (1 + Math.exp(-1)), 1 / (1 + Math.exp(1))];
    const perGap = 1 + 1.225; // the shift, and log2 e times it
    const sum = 1 + (p1 * perGap + 4 * p1) * second; // one addition, those of the smaller one, an exp of 4u for it
    const [b0, b1] = budget('softmax', batchOf([[1, 0]]), defaultProfile);
    expect(b0).toBeCloseTo(p0 * gamma(0 + 4 + sum + 2), 15);
    expect(b1).toBeCloseTo(p1 * gamma(perGap + 4 + sum + 2), 15);
  });

  it('should leave only the floor where a probability is beyond FP32', () => {
    expect(budget('softmax', batchOf([[0, -1e30]]), defaultProfile)[1]).toBe(defaultProfile.floor);
    expect(budget('softmax', batchOf([[0, -201]]), fieldProfile)[1]).toBe(fieldProfile.floor);
  });

  it('should grow with the gap, and with the summands only as much as their order costs', () => {
    const relative = (gap: number) =>
      budget('softmax', batchOf([[0, -gap]]), defaultProfile)[1] * Math.exp(gap);
    expect(relative(40)).toBeGreaterThan(2 * relative(10));
    const zeros = batchOf([Array(1024).fill(0)]);
    const [lanes, sequential] = [defaultProfile, sequentialProfile].map(
      (p) => budget('softmax', zeros, p)[0] * 1024,
    );
    expect(lanes / u).toBeGreaterThan(130);
    expect(lanes / u).toBeLessThan(140);
    expect(sequential / u).toBeGreaterThan(1023);
    expect(sequential / u).toBeLessThan(1031);
  });

  it('should never allow less to the field than to a profile', () => {
    const batches = [
      batchOf([[0]]),
      batchOf([[1, 2, 3]], [2]),
      batchOf([[-104, 3, 3, 88]], [0]),
      batchOf([[1e8, 1e8 - 8, -1e30]], [1]),
      batchOf([Array.from({ length: 100 }, (_, i) => i / 7)], [50]),
    ];
    for (const batch of batches) {
      for (const operation of operations) {
        const [field, own] = [fieldProfile, sequentialProfile].map((profile) =>
          budget(operation, batch, profile),
        );
        expect([...field].every((allowed, k) => allowed >= own[k])).toBe(true);
      }
    }
  });

  it('should allow an online kernel one rescaling for each new maximum', () => {
    const ascending = budget('logSumExp', batchOf([[0, 1, 2, 3]]), fieldProfile)[0];
    const descending = budget('logSumExp', batchOf([[3, 2, 1, 0]]), fieldProfile)[0];
    expect((ascending - descending) / u).toBeCloseTo(3 * 7, 2);
  });

  it('should allow the strict profile less than any other, and near 0 only a relative error', () => {
    const sure = batchOf([[0, -30]]);
    const strict = profileNamed('strict');
    for (const profile of profiles.filter(({ name }) => name !== 'strict')) {
      for (const operation of operations) {
        expect(budget(operation, sure, strict)[0]).toBeLessThan(budget(operation, sure, profile)[0]);
      }
    }
    expect(budget('logSoftmax', sure, strict)[0] / Math.exp(-30)).toBeLessThan(40 * u);
  });

  it('should raise nothing but the floor with +ftz', () => {
    expect(profileNamed('strict+ftz')).toEqual({
      ...profileNamed('strict'),
      name: 'strict+ftz',
      floor: 2 ** -126 * (1 + 2 ** -17),
    });
    expect(profileNamed('wgsl+ftz')).toEqual({ ...profileNamed('wgsl'), name: 'wgsl+ftz' });
  });
});

/** A profile by whose primes the terms of a budget can be told apart. */
const primes: Profile = {
  ...defaultProfile,
  name: 'primes',
  subtraction: 3,
  exp: { constant: 5, perGap: 7, exactAtZero: true },
  log: { relative: 11, absolute: 0 },
  log1p: false,
  division: 13,
  summation: { order: 'sequential' },
  online: false,
  roundedMax: false,
  savedLse: false,
  roundedScale: false,
  gradientThroughMax: false,
  tanh: { relative: 4, absolute: 0 },
  roundedLogits: false,
  gradientBySum: false,
  gradient: 17,
  floor: 0,
};

/** What `primes`, with `changes`, allows to number `k`. */
function allowed(operation: Operation, batch: Batch, k: number, changes: Partial<Profile> = {}): number {
  return budgetOf(operation, k, createOracle(batch), { ...primes, ...changes });
}

function expectSame(actual: number, expected: number): void {
  expect(actual / expected).toBeCloseTo(1, 10);
}

describe('additions', () => {
  it.each<[n: number, summation: Summation, h: number]>([
    [1, { order: 'sequential' }, 0],
    [1024, { order: 'sequential' }, 1023],
    [1, { order: 'once' }, 0],
    [1024, { order: 'once' }, 1],
    // 128 of each lane take 127, the 8 lanes 3 more, and one for what is left over.
    [1024, { order: 'lanes', lanes: 8 }, 127 + 3 + 1],
    [1025, { order: 'lanes', lanes: 8 }, 128 + 3 + 1],
    [60, { order: 'lanes', lanes: 6 }, 9 + 3 + 1],
    // Up to ten may be added one after another, and no longer row is allowed less.
    [4, { order: 'lanes', lanes: 8 }, 3],
    [10, { order: 'lanes', lanes: 8 }, 9],
    [10, { order: 'lanes', lanes: 32 }, 9],
    [11, { order: 'lanes', lanes: 8 }, 9],
    [48, { order: 'lanes', lanes: 8 }, 9],
    [49, { order: 'lanes', lanes: 8 }, 6 + 3 + 1],
  ])('should be for %i terms, %o: %i', (n, summation, h) => {
    const zeros = batchOf([new Array(n).fill(0)]);
    expectSame(allowed('softmax', zeros, 0, { summation }), gamma(5 + h + 13) / n);
  });
});

describe('strictMaxima', () => {
  it.each([
    [[2, 1, 0], 0],
    [[0, 1, 2], 2],
    [[0, 2, 1, 3], 2],
    [[1, 1, 1], 0],
    [[-INF, 0, -INF, 1], 1],
    [[-INF], 0],
  ])('should count in %j: %i', (logits, rises) => {
    expect(strictMaxima(Float32Array.from(logits))).toBe(rises);
  });
});

describe('the formulas of the header', () => {
  const logits = [0, -INF, 2, 1];
  const upstream = [2, 19, -5, 7];
  const one = (target = 3) => batchOf([logits], [target], upstream);
  // Its gaps, weights, S, p, L, lse, D, q; it rises once above its first logit, and its sum takes 3 additions.
  const d = [2, INF, 0, 1];
  const S = 1 + Math.exp(-1) + Math.exp(-2);
  const p = [Math.exp(-2) / S, 0, 1 / S, Math.exp(-1) / S];
  const L = Math.log(S);
  const lse = 2 + L;
  const D = 2 * p[0] + p[3];
  const q = p[0] + p[3];
  const h = 3;
  const perGap = 3 + 7;
  const E = h + (D * perGap + q * 5) * second;

  /** A softmax's factor of a probability. */
  const t = (i: number, sum = E) => d[i] * perGap + 5 + sum + 13;
  /** The error of ln S when the sum is off by `sum`, and that of x - m - ln S. */
  const ofLog = (sum = E) => gamma(sum) + 11 * u * (L + gamma(sum));
  const ofLogSoftmax = (i: number, log = ofLog()) => log + 3 * u * d[i] + u * (d[i] + L + log + 3 * u * d[i]);

  it('should hold for softmax', () => {
    for (const i of [0, 2, 3]) expectSame(allowed('softmax', one(), i), p[i] * gamma(t(i)));
  });

  it('should count exp(0) where it is not 1, and one exp and one product for a risen maximum', () => {
    const exp = { ...primes.exp, exactAtZero: false };
    expectSame(allowed('softmax', one(), 0, { exp }), p[0] * gamma(t(0, h + (D * perGap + 5) * second)));
    expectSame(allowed('softmax', one(), 0, { online: true }), p[0] * gamma(t(0, E + 1 * (5 + 1) * second)));
  });

  it('should hold for the logarithm', () => {
    for (const i of [0, 2, 3]) expectSame(allowed('logSoftmax', one(), i), ofLogSoftmax(i));
    expectSame(allowed('logSumExp', one(), 0), ofLog() + u * (lse + ofLog()));
    const below = batchOf([[-12, -INF, -10, -11]]);
    expectSame(allowed('logSumExp', below, 0), ofLog() + u * (10 - L + ofLog()));
  });

  it('should count the additions by their share of S with log1p', () => {
    const log = ofLog(E - h + h * (1 - 1 / S) * second);
    expectSame(allowed('logSoftmax', one(), 3, { log1p: true }), ofLogSoftmax(3, log));
  });

  it("should add a logarithm's absolute error, also to that of 1", () => {
    const absolute = 2 ** -21;
    const log = { relative: 11, absolute };
    expectSame(allowed('logSoftmax', one(), 3, { log }), ofLogSoftmax(3, ofLog() + absolute));
    expectSame(allowed('logSumExp', batchOf([[5]]), 0, { log }), absolute + u * (5 + absolute));
    expectSame(allowed('logSoftmax', batchOf([[5]]), 0, { log }), absolute + u * absolute);
  });

  it('should add what a rounded maximum costs to whatever is a logarithm, but to that of 1, which costs nothing', () => {
    const roundedMax = true;
    const cost = 2 * u * lse;
    expectSame(allowed('logSoftmax', one(), 3, { roundedMax }), ofLogSoftmax(3) + cost);
    expectSame(allowed('logSumExp', one(), 0, { roundedMax }), ofLog() + u * (lse + ofLog()) + cost);
    for (const alone of [batchOf([[-5]]), batchOf([[-5, -INF]])]) {
      expect(allowed('logSoftmax', alone, 0, { roundedMax })).toBe(0);
      expect(allowed('logSumExp', alone, 0, { roundedMax })).toBe(0);
    }
    const log = { relative: 11, absolute: 2 ** -21 };
    expect(allowed('logSoftmax', batchOf([[-5]]), 0, { roundedMax, log })).toBe(
      allowed('logSoftmax', batchOf([[-5]]), 0, { log }),
    );
    expect(allowed('softmax', one(), 3, { roundedMax })).toBe(allowed('softmax', one(), 3));
  });

  it('should add what the maximum loses in the product with log2 e: to logarithms, to a weight by its rounding, to floors', () => {
    const roundedScale = true;
    const far = (target = 3) => batchOf([logits.map((x) => x + 2 ** 20 - 2)], [target], upstream);
    const max = 2 ** 20;
    const rho = u * (1 + u) * max;
    const floor = 2 ** -40;
    const sum = E + rho * second;
    const factor = p[3] * gamma(t(3, sum) + rho);
    expectSame(allowed('softmax', far(), 3, { roundedScale, floor }), factor + floor * Math.exp(rho));
    const lost = 3 * floor * Math.exp(rho);
    const log = gamma(sum) + lost + 11 * u * (L + gamma(sum) + lost);
    const common = rho * (1 + gamma(11 + 3));
    expectSame(allowed('logSoftmax', far(), 3, { roundedScale, floor }), ofLogSoftmax(3, log) + common);
    expectSame(allowed('logSumExp', far(), 0, { roundedScale, floor }), log + u * (max + L + log) + common);
    const zero = batchOf([[0, -INF, -2, -1]]);
    expect(allowed('logSoftmax', zero, 3, { roundedScale })).toBe(allowed('logSoftmax', zero, 3));
    expect(allowed('logSumExp', batchOf([[max]]), 0, { roundedScale })).toBeGreaterThan(rho);
    const [most, more] = [2 ** 31, 2 ** 33].map((x) =>
      allowed('softmax', batchOf([[x, -x]]), 1, { roundedScale, floor }),
    );
    expectSame(most, floor * Math.exp(64));
    expect(more).toBe(most);
  });

  it('should add the floor once to an answer, and n - 1 times to a sum', () => {
    const floor = 2 ** -22;
    const log = gamma(E) + 3 * floor + 11 * u * (L + gamma(E) + 3 * floor);
    expectSame(allowed('softmax', one(), 3, { floor }), p[3] * gamma(t(3)) + floor);
    expectSame(allowed('logSoftmax', one(), 3, { floor }), ofLogSoftmax(3, log));
    // Unlike gradual underflow, a flush may also lose a subnormal maximum.
    expectSame(allowed('logSumExp', one(), 0, { floor }), log + u * (lse + log) + floor);
    expect(allowed('logSumExp', batchOf([[5]]), 0, { floor: MIN_NORMAL })).toBe(MIN_NORMAL);
    expect(allowed('logSumExp', batchOf([[5]]), 0, { floor: MIN_NORMAL / 2 })).toBe(0);
  });

  it('should leave the floor alone where a gap is above 200', () => {
    const beside = (gap: number) => batchOf([[0, -gap]], [0], [0, 1]);
    expect(allowed('softmax', beside(200), 1)).toBeGreaterThan(0);
    expect(allowed('softmax', beside(201), 1)).toBe(0);
    expect(allowed('softmax', beside(201), 1, { floor: 2 ** -149 })).toBe(2 ** -149);
  });

  it('should hold for the gradient of the loss', () => {
    const share = 1 / 2;
    const two = batchOf([logits, logits], [3, 1]);
    const gradient = (k: number, exact: number) => share * (p[k % 4] * gamma(t(k % 4)) + 17 * u * exact);
    expectSame(allowed('crossEntropyGrad', two, 0), gradient(0, p[0]));
    expectSame(allowed('crossEntropyGrad', two, 3), gradient(3, 1 - p[3]));
    expectSame(allowed('crossEntropyGrad', two, 4 + 3), gradient(4 + 3, p[3]));
    // A masked target's own: -1/N, of which only the roundings of the gradient are off.
    expectSame(allowed('crossEntropyGrad', two, 4 + 1), share * 17 * u);
    const floor = 2 ** -22;
    expectSame(allowed('crossEntropyGrad', two, 0, { floor }), gradient(0, p[0]) + share * floor + floor);
  });

  it('should allow the sum of the others at the target, where that is more than its own probability takes', () => {
    const others = 1 - p[3];
    const bySum = others * gamma(5 + E + 13 + h) + gamma(D * (3 + 7) * second);
    const at = (k: number, changes = {}) =>
      allowed('crossEntropyGrad', one(), k, { gradientBySum: true, ...changes });
    expectSame(at(3), bySum + 17 * u * others);
    expectSame(at(3, { floor: 2 ** -22 }), bySum + (3 + 1) * 2 ** -22 + 17 * u * others);
    for (const k of [0, 2]) expect(at(k)).toBe(allowed('crossEntropyGrad', one(), k));
    const sure = batchOf([[30, 0]], [0]);
    expect(allowed('crossEntropyGrad', sure, 0, { gradientBySum: true })).toBe(
      allowed('crossEntropyGrad', sure, 0),
    );
  });

  it('should add what goes backward through the max to its own entry only', () => {
    const gradientThroughMax = true;
    const backward = gamma(E + h + 13 + 4);
    const added = (operation: Operation, k: number) =>
      allowed(operation, one(), k, { gradientThroughMax }) - allowed(operation, one(), k);
    expect(added('crossEntropyGrad', 2) / backward).toBeCloseTo(1, 7);
    expect(added('softmaxGrad', 2) / (2 * backward * (2 * p[0] + 5 * p[2] + 7 * p[3]))).toBeCloseTo(1, 7);
    expect(added('logSoftmaxGrad', 2) / (2 * backward * (2 + 19 + 5 + 7))).toBeCloseTo(1, 7);
    for (const operation of ['crossEntropyGrad', 'softmaxGrad', 'logSoftmaxGrad'] as const)
      expect(added(operation, 3)).toBe(0);
  });

  it('should hold for the product with the Jacobian of softmax', () => {
    for (const floor of [0, 2 ** -22]) {
      const ofSoftmax = (i: number) => p[i] * gamma(t(i)) + floor;
      const magnitudes = 2 * p[0] + 5 * p[2] + 7 * p[3];
      const C =
        2 * (p[0] * gamma(t(0) + h + 1) + floor) +
        5 * (p[2] * gamma(t(2) + h + 1) + floor) +
        7 * (p[3] * gamma(t(3) + h + 1) + floor) +
        2 * 4 * floor;
      for (const i of [0, 2, 3]) {
        const a = Math.abs(upstream[i]) + magnitudes;
        const P = ofSoftmax(i);
        const expected = P * a + (p[i] + P) * C + (p[i] + P) * a * gamma(17 + 13) + 2 * floor;
        expectSame(allowed('softmaxGrad', one(), i, { floor }), expected);
      }
    }
  });

  it('should count far terms of the dot product by the floor alone', () => {
    const factor = gamma(5 + 1 + 13);
    for (const gap of [200, 201]) {
      const batch = batchOf([[0, -gap]], [0], [0, 1]);
      const far = createOracle(batch).row(0).probabilities[1];
      const C = gap > 200 ? 0 : far * gamma(gap * perGap + 5 + 1 + 13 + 1 + 1);
      expectSame(allowed('softmaxGrad', batch, 0), factor * far + (1 + factor) * (C + far * gamma(17 + 13)));
    }
  });

  it('should hold for the product with the Jacobian of log-softmax', () => {
    const V = 2 + 19 - 5 + 7;
    const magnitude = 2 + 19 + 5 + 7;
    const product = (i: number, Q: number, E: number, floor: number, steps: number) =>
      Q * V + (p[i] + Q) * E + steps * (Math.abs(upstream[i]) + (p[i] + Q) * (V + E)) + floor;
    const E0 = gamma(h) * magnitude;
    // With a sum and a division as dear as these, p_i is off by most where it is a softmax.
    for (const i of [0, 2, 3])
      expectSame(
        allowed('logSoftmaxGrad', one(), i, { division: 130 }),
        product(i, p[i] * gamma(t(i) + 117), E0, 0, gamma(17 + 130)),
      );
    // With a cheap division, where it is e to the log-softmax: that without what a rounded max adds.
    const Q = (i: number) => p[i] * Math.expm1(ofLogSoftmax(i) + gamma(5 + 7 * (d[i] + L)));
    for (const i of [0, 2, 3])
      for (const roundedMax of [false, true])
        expectSame(
          allowed('logSoftmaxGrad', one(), i, { division: 1, roundedMax }),
          product(i, Q(i), E0, 0, gamma(17 + 1)),
        );
    const floor = 2 ** -22;
    const log = gamma(E) + 3 * floor + 11 * u * (L + gamma(E) + 3 * floor);
    const flushed = p[3] * Math.expm1(ofLogSoftmax(3, log) + gamma(5 + 7 * (1 + L))) + floor;
    expectSame(
      allowed('logSoftmaxGrad', one(), 3, { floor, division: 1 }),
      product(3, flushed, E0 + 4 * floor, 2 * floor, gamma(17 + 1)),
    );
  });

  it('should take the logarithm of a single class for exact, and a far p_i for nothing', () => {
    const single = batchOf([[5, ...new Array(50).fill(-INF)]], [0], new Array(51).fill(1));
    const P = gamma(5 + 50);
    const ofV = gamma(50) * 51;
    expectSame(
      allowed('logSoftmaxGrad', single, 0, { division: 0 }),
      P * 51 + (1 + P) * ofV + gamma(17) * (1 + (1 + P) * (51 + ofV)),
    );
    const far = batchOf([[0, -201]], [0], [1, 0]);
    const p1 = createOracle(far).row(0).probabilities[1];
    expectSame(allowed('logSoftmaxGrad', far, 1), p1 * (gamma(1) + gamma(17 + 13) * (1 + gamma(1))));
  });

  it('should let a sum of upstream values lose n floors where all below the normal range may be flushed', () => {
    const zeros = batchOf([[5]], [0], [0]);
    const flushing = { floor: MIN_NORMAL };
    const P = gamma(5 + 13) + MIN_NORMAL;
    expectSame(
      allowed('logSoftmaxGrad', zeros, 0, flushing),
      (1 + P) * MIN_NORMAL * (1 + gamma(17 + 13)) + 2 * MIN_NORMAL,
    );
    expect(allowed('logSoftmaxGrad', zeros, 0, { floor: MIN_NORMAL / 2 })).toBe(MIN_NORMAL / 2);
  });

  it('should promise nothing of a product without its vector', () => {
    const row = createOracle(one()).row(0);
    const costs = rowCosts(one().logits, row, primes);
    for (const { budget } of [rowSpecs.softmaxGrad, rowSpecs.logSoftmaxGrad])
      expect(budget(costs)(0, { target: 0, share: 1, upstream: null, r: 0, terms: null })).toBe(Number.NaN);
  });

  it('should hold for the mean loss: that of each row, their additions and the division', () => {
    const two = batchOf([logits, [0, 0, -INF, 0]], [0, 3]);
    const third = Math.log(3);
    const log = gamma(3) + 11 * u * (third + gamma(3));
    const losses = d[0] + L + third;
    const sum = ofLogSoftmax(0) + log + u * (third + log);
    expectSame(allowed('crossEntropy', two, 0), (sum + gamma(2) * (losses + sum)) / 2);
    expectSame(allowed('crossEntropy', batchOf([logits], [0]), 0), ofLogSoftmax(0));
    const floor = 2 ** -22;
    expectSame(allowed('crossEntropy', batchOf([[5]]), 0, { floor }), floor);
    expectSame(allowed('crossEntropy', batchOf([[5], [5]]), 0, { floor }), floor);
  });

  it('should allow nothing where the exact answer is special', () => {
    const special = batchOf(
      [
        [0, 1],
        [0, INF],
      ],
      [1, 0],
    );
    for (const operation of [
      'softmax',
      'logSoftmax',
      'crossEntropyGrad',
      'softmaxGrad',
      'logSoftmaxGrad',
    ] as const) {
      expect(allowed(operation, special, 1)).toBeGreaterThan(0);
      expect(allowed(operation, special, 3)).toBe(0);
    }
    expect(allowed('logSumExp', special, 0)).toBeGreaterThan(0);
    expect(allowed('logSumExp', special, 1)).toBe(0);
    expect(allowed('crossEntropy', special, 0)).toBe(0);
    expect(allowed('crossEntropy', batchOf([[0, 0, -INF]], [2]), 0)).toBe(0);
  });
});

describe('fixedAnswer', () => {
  const batch = batchOf(
    [
      [-INF, 0],
      [-INF, 0],
    ],
    [1, 0],
    [2, 3, 4, 5],
  );
  const fixed = (operation: Operation, k: number, of: Batch = batch) =>
    fixedAnswer(operation, of, createOracle(of).row(rowAt(operation, k, of) ?? 0), k);

  it("should be a masked logit's own entry, but for the target's in the gradient of the loss", () => {
    const fixedOf = (operation: Operation) => [0, 1, 2, 3].filter((k) => fixed(operation, k) !== null);
    for (const operation of ['softmax', 'logSoftmax', 'softmaxGrad', 'logSoftmaxGrad'] as const)
      expect(fixedOf(operation)).toEqual([0, 2]);
    expect(fixedOf('crossEntropyGrad')).toEqual([0]);
    expect(fixed('logSumExp', 0)).toBe(null);
    expect(fixed('crossEntropy', 0)).toBe(null);
  });

  it('should be 0, -Infinity, or the upstream value, which is 1 unless given', () => {
    expect(fixed('softmax', 2)).toBe(0);
    expect(fixed('crossEntropyGrad', 0)).toBe(0);
    expect(fixed('softmaxGrad', 2)).toBe(0);
    expect(fixed('logSoftmax', 2)).toBe(-INF);
    expect(fixed('logSoftmaxGrad', 2)).toBe(4);
    expect(fixed('logSoftmaxGrad', 0, batchOf([[-INF, 0]]))).toBe(1);
  });

  it('should be 0 of a derivative by a logit that a mask hides, the target and special rows included', () => {
    const hidden = withOptions(
      batchOf(
        [
          [1, Number.NaN],
          [INF, 0],
        ],
        [0, 0],
      ),
      { mask: Uint8Array.of(0, 1) },
    );
    for (const operation of ['softmaxGrad', 'logSoftmaxGrad', 'crossEntropyGrad'] as const)
      expect([0, 1, 2, 3].map((k) => fixed(operation, k, hidden))).toEqual([0, null, 0, null]);
  });
});
