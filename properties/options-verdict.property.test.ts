/** The verdict on kernels with options: what is right is never blamed, what is wrong is, and double precision says what decimal.js says. */
import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../src/core/batch.ts';
import { type Operation, operations } from '../src/core/operation.ts';
import type { Options } from '../src/core/options.ts';
import { audit } from '../src/judge/audit.ts';
import { judge } from '../src/judge/judge.ts';
import { withOptions } from '../src/options/index.ts';
import { createOracle } from '../src/oracle/exact.ts';
import { profileNamed } from '../src/row/profiles.ts';
import { countComparisons } from './support/comparisons.ts';
import { answerBy, rightDesigns, wrongDesigns } from './support/option-kernels.ts';
import { batchesWith, hasOrdinaryRows, optionSets } from './support/options.ts';

const sequential = profileNamed('sequential');
const RUNS = Number(process.env['OPTION_RUNS'] ?? 40);

function isAsked(batch: Batch, without: readonly string[]): boolean {
  const names = Object.keys(batch.options ?? {});
  return without.every((name) => (name === 'no softcap' ? names.includes('softcap') : !names.includes(name)));
}

/** Whether batches with options of the set may be asked of a design beside some of which it is not. */
function isOf(set: string, without: readonly string[]): boolean {
  if (set === 'several') return true;
  return without.every((name) => (name === 'no softcap' ? set === 'softcap' : name !== set));
}

function isExtreme({ logits, options: { scale = 1, temperature = 1, softcap = 1 } = {} }: Batch): boolean {
  const isFar = Math.abs(scale) > 2 ** 126 || softcap < 2 ** -120 || softcap * temperature < 2 ** -120;
  return isFar || logits.some((x) => Math.abs(x) > 1e38);
}

describe.each(Object.entries(rightDesigns))(
  'a kernel with %s',
  (_, { design, without, overflows = false }) => {
    const asked = optionSets.filter((set) => isOf(set, without));
    it.each(asked)('should not be blamed for %s', (set) => {
      const compared = countComparisons();
      for (const batch of batchesWith(set, RUNS, Number(process.env['OPTION_SEED'] ?? 2))) {
        if (!isAsked(batch, without) || (overflows && isExtreme(batch)) || !hasOrdinaryRows(batch)) continue;
        const oracle = createOracle(batch);
        for (const operation of operations) {
          const found = audit(oracle, operation, answerBy(design, operation, batch), sequential);
          const blamed =
            operation === 'crossEntropyGrad' ? found.filter(({ severity }) => severity === 'error') : found;
          expect(blamed, `${operation} ${JSON.stringify(batch)}`).toEqual([]);
          compared.add(operation);
        }
      }
      compared.expectOfEach(operations, set === 'several' ? 1 : 10);
    });
  },
);

/** Rows on which a design that is right was blamed once. */
describe('a kernel with an operation each', () => {
  const far = Float32Array.of(-1e9, -1e9);
  it.each<[what: string, operation: Operation, row: number[], upstream: number[], options: Options]>([
    ['a cap of a logit at the end of the normal range', 'logSumExp', [4e-38], [1], { softcap: 30 }],
    [
      'an upstream value of 0 where nothing is sure',
      'softmaxGrad',
      [0, 2],
      [0, 1],
      { softcap: 2, bias: far },
    ],
    ['upstream values of sum 0 there', 'logSoftmaxGrad', [0, 2], [2, -2], { softcap: 1, bias: far }],
    [
      'a mask there',
      'softmaxGrad',
      [0, 2, 1],
      [1, 2, 1],
      { softcap: 2, bias: Float32Array.of(-1e9, -1e9, 0), mask: Uint8Array.of(1, 1, 0) },
    ],
  ])('should not be blamed for %s', (_, operation, row, upstream, options) => {
    const batch = withOptions(batchOf([row], [0], upstream), options);
    const answer = answerBy(rightDesigns['an operation each'].design, operation, batch);
    expect(audit(createOracle(batch), operation, answer, sequential)).toEqual([]);
  });
});

const NAN = Number.NaN;

const answers: readonly Operation[] = ['softmax', 'logSoftmax', 'logSumExp', 'crossEntropy'];
const gradients: readonly Operation[] = ['crossEntropyGrad', 'softmaxGrad', 'logSoftmaxGrad'];

/** A row on which a design must fail, and what is an error there. */
const shownBy: Readonly<
  Record<string, readonly [row: number[], options: Options, errors: readonly Operation[]]>
> = {
  'a maximum before a negative scale': [[90, 0, -90], { scale: -1 }, operations],
  // The cap passes no gradient on at -1000.
  'a mask before the cap': [
    [-1000, -1000, -1000, -1000],
    { softcap: 30, mask: Uint8Array.of(1, 1, 1, 0) },
    answers,
  ],
  // The hidden entry's own gradient is 0 by its factor, and logSoftmaxGrad has no large p at the others.
  'a finite mask': [
    [-2e4, -2e4, 5],
    { mask: Uint8Array.of(1, 1, 0) },
    [...answers, 'crossEntropyGrad', 'softmaxGrad'],
  ],
  // A probability is below the normal range where e^(sink - max) overflows, and may be flushed.
  'a sink outside of the maximum': [[1, 2], { sink: 100 }, ['logSoftmax', 'logSumExp', 'crossEntropy']],
  'a mask by a product with 0': [[1, 2, NAN], { mask: Uint8Array.of(1, 1, 0) }, operations],
  'a gradient that forgets the cap': [[20, 3, -10], { softcap: 30 }, gradients],
  'a gradient that forgets the scale': [[1, 2, 3], { scale: 0.125 }, gradients],
  'a gradient that forgets the temperature': [[1, 2, 3], { temperature: 3 }, gradients],
  'a temperature for a scale': [
    [1, 2, 3],
    { temperature: 3 },
    [...answers, 'crossEntropyGrad', 'softmaxGrad'],
  ],
  // p is 0 where an entry is hidden: what is left is the target's -1, and the upstream value.
  'a gradient of what is hidden': [
    [1, 2, 3],
    { mask: Uint8Array.of(0, 1, 1) },
    ['crossEntropyGrad', 'logSoftmaxGrad'],
  ],
  'a cap after the bias': [[10, 0], { softcap: 5, bias: Float32Array.of(0, 3) }, operations],
};

describe.each(Object.entries(wrongDesigns))('a kernel with %s', (name, design) => {
  it('should be blamed with an error, by double precision as by decimal.js', () => {
    const [row, options, errors] = shownBy[name];
    const upstream = row.map((_, i) => (i === 0 ? 1 : -0.5));
    const oracle = createOracle(withOptions(batchOf([row], [0], upstream), options));
    const blamed = operations.filter((operation) => {
      const answer = answerBy(design, operation, oracle.batch);
      return audit(oracle, operation, answer, sequential).some(({ severity }) => severity === 'error');
    });
    expect(blamed).toEqual(errors);
  });
});

describe('the verdict by readings', () => {
  it('should be the same of double precision and of decimal.js, whatever an answer is off by', () => {
    const kinds = new Set<string>();
    for (const set of optionSets) {
      for (const [k, batch] of batchesWith(
        set,
        RUNS,
        1 + Number(process.env['OPTION_SEED'] ?? 2),
      ).entries()) {
        const oracle = createOracle(batch);
        for (const operation of operations) {
          const { rounded } = oracle.answer(operation);
          const at = k % rounded.length;
          const off = rounded.with(
            at,
            rounded[at] * (1 + 2 ** -(24 - (k % 24))) + (k % 3 === 0 ? 2 ** -130 : 0),
          );
          for (const { kind, severity } of audit(oracle, operation, off, sequential))
            kinds.add(`${kind} ${severity}`);
        }
      }
    }
    expect(kinds).toContain('inaccurate warning');
    expect(kinds).toContain('inaccurate error');
  });

  it('should see an exp of 64 ULP at large products, which an error granted to logits would hide', () => {
    const random = (k: number): number => Math.fround(Math.sin(k * 99) * 2);
    const batch = withOptions(batchOf([Array.from({ length: 8 }, (_, k) => 7e4 + random(k))]), {
      scale: 1.1,
    });
    const design = rightDesigns['an operation each'].design;
    const oracle = createOracle(batch);
    const found = (factor: number) => {
      const weight = (d: number): number => Math.fround(Math.exp(d) * (d === 0 ? 1 : factor));
      return judge(oracle, 'softmax', answerBy({ ...design, weight }, 'softmax', batch), sequential);
    };
    expect(found(1)).toEqual([]);
    expect(found(1 + 2 ** -17)).not.toEqual([]);
  });

  it('should take a row by one reading as a whole, and each row by its own', () => {
    const row = [7e4, 7e4 + 1.0078125, 7e4 - 2.5];
    const batch = withOptions(batchOf([row, row]), { scale: 1.1 });
    const oracle = createOracle(batch);
    const by = (name: string) => answerBy(rightDesigns[name].design, 'softmax', batch);
    const [product, difference] = [by('an operation each'), by('the scale after the maximum')];
    expect(product).not.toEqual(difference);
    const verdict = (answer: Float32Array) => audit(oracle, 'softmax', answer, sequential);
    expect(verdict(product)).toEqual([]);
    expect(verdict(difference)).toEqual([]);
    expect(verdict(Float32Array.of(...product.subarray(0, 3), ...difference.subarray(3)))).toEqual([]);
    expect(verdict(product.with(1, difference[1]))).toHaveLength(1);
  });
});

describe('the verdict on a row without a finite maximum', () => {
  const { NEGATIVE_INFINITY: MASKED } = Number;
  const batch = withOptions(batchOf([[NAN, 1, NAN]], [1], [1, 2, 3]), { mask: Uint8Array.of(0, 1, 1) });
  it.each<[operation: Operation, answer: number[], verdict: string[]]>([
    ['softmax', [NAN, NAN, NAN], []],
    ['softmax', [0, NAN, NAN], []],
    ['softmax', [0, 0, NAN], ['special-value error']],
    ['logSoftmax', [MASKED, NAN, NAN], []],
    ['logSoftmax', [0, NAN, NAN], ['special-value error']],
    ['crossEntropyGrad', [0, NAN, NAN], []],
    ['crossEntropyGrad', [NAN, NAN, NAN], []],
    ['crossEntropyGrad', [1, NAN, NAN], ['special-value error']],
  ])(
    'should take what is hidden for masked or for a part of the row: %s %j',
    (operation, answer, verdict) => {
      const found = audit(createOracle(batch), operation, Float32Array.from(answer), sequential);
      expect(found.map(({ kind, severity }) => `${kind} ${severity}`)).toEqual(verdict);
    },
  );

  it('should warn of 0 where all is hidden, and expect 0 beside a sink', () => {
    const hidden = { mask: Uint8Array.of(0, 0) };
    const verdict = (options: Options, ...answer: number[]): string[] =>
      audit(
        createOracle(withOptions(batchOf([[1, 2]]), options)),
        'softmax',
        Float32Array.from(answer),
        sequential,
      ).map(({ kind, severity }) => `${kind} ${severity}`);
    expect(verdict(hidden, NAN, NAN)).toEqual([]);
    expect(verdict(hidden, 0, 0)).toEqual(['special-value warning']);
    expect(verdict({ ...hidden, sink: 1 }, 0, 0)).toEqual([]);
    expect(verdict({ ...hidden, sink: 1 }, NAN, NAN)).toEqual(['nan error']);
    const scaled = createOracle(withOptions(batchOf([[1, 2]]), { ...hidden, scale: 3, sink: 1 }));
    expect(audit(scaled, 'logSumExp', Float32Array.of(1), sequential)).toEqual([]);
    expect(audit(scaled, 'logSumExp', Float32Array.of(1 + 2 ** -23), sequential)).toHaveLength(1);
  });
});
