/** The laws of NaN and +Infinity: what goes in comes out, in its own row, and a kernel may refuse them. */
import { describe, expect, it } from 'vitest';
import { batchGenerator } from '../src/arbitraries/generate.ts';
import { fuzz } from '../src/campaign/fuzz.ts';
import { type Batch, batchOf, createBatch, isNumeric } from '../src/core/batch.ts';
import type { Kernel } from '../src/core/kernel.ts';
import { declarationOf } from '../src/core/known.ts';
import { operations } from '../src/core/operation.ts';
import { createRandom } from '../src/core/random.ts';
import { fromHexWords, toHexWords } from '../src/float32/bits.ts';
import { stable } from '../src/kernels/stable.ts';
import { createOracle } from '../src/oracle/exact.ts';
import { fromBatchWords, fromSketchWords } from '../src/record/batch-words.ts';
import { parseFindingFile, toFindingFile } from '../src/record/finding-file.ts';
import { builtinNames, builtinTarget } from '../src/targets/builtin.ts';
import { createTarget, declarationOfTaken } from '../src/targets/create.ts';
import { examine } from '../src/targets/examine.ts';
import { testKernel } from '../src/vitest/index.ts';
import { resultOf } from './support/campaigns.ts';
import { byEffort } from './support/effort.ts';

const { NaN: NAN, POSITIVE_INFINITY: INF, NEGATIVE_INFINITY: MASKED } = Number;

/** What a campaign finds of a softmax that works row by row: bucket and simplest logits. */
async function findings(softmaxOfRow: (row: Float32Array) => ArrayLike<number>, seed = 1) {
  const softmax: Kernel['softmax'] = (logits, rows, cols) => {
    const result = new Float32Array(rows * cols);
    for (let i = 0; i < rows; i++) {
      result.set(softmaxOfRow(logits.subarray(i * cols, (i + 1) * cols)), i * cols);
    }
    return result;
  };
  const target = createTarget('mine', { softmax }, { profile: 'sequential' });
  const result = await resultOf(target, { seed, runs: 300, generation: small });
  return result.findings.map(({ bucket, batch }) => [bucket, [...batch.logits]]);
}

const small = { maxCols: 9, families: ['non-finite', 'ordinary', 'masks'] };
const right = (row: Float32Array) => stable.softmax(row, 1, row.length);
const maxWithoutNaN = (row: Float32Array) =>
  row.filter((x) => !Number.isNaN(x)).reduce((a, b) => Math.max(a, b), MASKED);

describe('a row with NaN', () => {
  it('should come out as NaN: a max that drops it and then answers 0 is wrong', async () => {
    const softmax = (row: Float32Array) => (maxWithoutNaN(row) === MASKED ? row.map(() => 0) : right(row));
    expect(await findings(softmax)).toEqual([['softmax/special-value/nan', [NAN]]]);
  });

  it('should not matter to a max that drops it where exp still sees it', async () => {
    const softmax = (row: Float32Array) => {
      const max = maxWithoutNaN(row);
      const exps = row.map((x) => Math.exp(x - max));
      const sum = exps.reduce((a, b) => Math.fround(a + b), 0);
      return exps.map((e) => e / sum);
    };
    expect(await findings(softmax)).toEqual([]);
  });

  it('should not be taken for masked', async () => {
    const softmax = (row: Float32Array) => right(row.map((x) => (Number.isNaN(x) ? MASKED : x)));
    const found = await findings(softmax);
    expect(found).toContainEqual(['softmax/special-value/nan', [0, NAN]]);
  });

  it('should change no other row, from every seed', async () => {
    for (const seed of [1, 2, 3]) {
      const softmax: Kernel['softmax'] = (logits, rows, cols) => {
        const spoilt = logits.some(Number.isNaN) ? NAN : 0;
        return stable.softmax(logits, rows, cols).map((p) => p + spoilt);
      };
      const target = createTarget('mine', { softmax }, { profile: 'sequential' });
      const result = await resultOf(target, { seed, runs: 300, generation: small });
      const error = result.findings.find(({ bucket }) => bucket === 'softmax/nan/ordinary');
      expect(error?.batch).toEqual(batchOf([[0], [NAN]]));
    }
  });

  it('should make the mean loss NaN, and an answer without it wrong', async () => {
    const batch = batchOf([
      [0, 1],
      [NAN, 1],
    ]);
    const target = createTarget('mine', { crossEntropy: () => 0.5 });
    expect(createOracle(batch).rounded('crossEntropy')[0]).toBeNaN();
    const { violations } = await examine(target, 'crossEntropy', createOracle(batch));
    expect(violations).toMatchObject([{ kind: 'special-value', severity: 'error', trigger: 'nan' }]);
  });
});

const hasOneInfinity = (row: Float32Array): boolean =>
  row.filter((x) => x === INF).length === 1 && !row.some(Number.isNaN);

describe('a row with +Infinity', () => {
  it('should be NaN or, with a warning, one-hot', async () => {
    const oneHot = (row: Float32Array) =>
      hasOneInfinity(row) ? row.map((x) => Number(x === INF)) : right(row);
    expect(await findings(oneHot)).toEqual([['softmax/special-value/positive-infinity/warning', [INF]]]);
  });

  it('should be 1 at no other logit than the infinite one', async () => {
    const reversed = (row: Float32Array) =>
      hasOneInfinity(row) ? row.map((x) => Number(x !== INF)) : right(row);
    expect(await findings(reversed)).toEqual([['softmax/special-value/positive-infinity', [INF]]]);
  });

  it('should not be anything else', async () => {
    const uniform = (row: Float32Array) =>
      row.includes(INF) && !row.some(Number.isNaN) ? row.map(() => 2 / row.length) : right(row);
    const found = await findings(uniform);
    expect(found[0][0]).toBe('softmax/special-value/positive-infinity');
  });
});

for (const name of builtinNames) {
  const { kernel, known, options = {}, profile } = builtinTarget(name);
  testKernel(name, kernel, {
    profile,
    known: known.map(declarationOf),
    options: declarationOfTaken(options),
    batchInvariant: true,
    runs: byEffort(250, 750),
    shrinkTimeMs: 0, // What is known needs no smaller input.
    generation: { maxCols: 40, families: ['non-finite', 'masks'] },
  });
}

describe('the built-in kernels', () => {
  it('should spoil no other row', async () => {
    const draw = batchGenerator({ families: ['non-finite', 'ordinary'], maxRows: 6 });
    const random = createRandom([0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa]);
    let special = 0;
    for (let k = 0; k < 400; k++) {
      const { batch } = draw(random);
      if (isNumeric(batch)) continue;
      special++;
      for (const operation of operations.filter((each) => each !== 'crossEntropy')) {
        const { violations } = await examine(builtinTarget('stable'), operation, createOracle(batch));
        const spoilt = violations.filter(
          ({ kind, trigger }) => kind === 'nan' || (trigger === 'ordinary' && kind === 'special-value'),
        );
        expect(spoilt).toEqual([]);
      }
    }
    expect(special).toBeGreaterThan(100);
  });
});

describe('a target that declares nonFinite: false', () => {
  const seen: Batch[] = [];
  const target = createTarget(
    'finite',
    {
      softmax: (logits, rows, cols) => {
        seen.push(createBatch(rows, cols, logits));
        if (logits.some((x) => !(x < INF))) throw new Error('NaN or +Infinity');
        return stable.softmax(logits, rows, cols).fill(0.3, 0, 1);
      },
    },
    { nonFinite: false, profile: 'sequential' },
  );

  it('should never be given any, not even while a finding is shrunk, and say how many batches it was given', async () => {
    const saved = [{ batch: batchOf([[NAN]]), file: 'nan.json' }];
    const { cases, findings: found } = await resultOf(target, { seed: 1, runs: 300, saved });
    expect(found.map(({ bucket }) => bucket)).not.toContain('softmax/threw');
    expect(seen.filter((batch) => !isNumeric(batch))).toEqual([]);
    expect(cases).toBeGreaterThan(250);
    expect(cases).toBeLessThan(300);
  });

  it('should not keep other targets of the same campaign from them', async () => {
    const { targets } = await fuzz([target, builtinTarget('stable')], {
      seed: 1,
      runs: 100,
      operations: ['softmax'],
    });
    expect(targets[0].cases).toBeLessThan(targets[1].cases);
    expect(targets[1].cases).toBe(101);
  });
});

describe('a finding with NaN and infinities', () => {
  it('should be written as words and read back as it was', async () => {
    const wrong = createTarget('mine', { logSumExp: (_, rows) => new Float32Array(rows) });
    const { findings: found } = await resultOf(wrong, { seed: 1, runs: 60, generation: small });
    const special = found.filter(({ batch }) => !isNumeric(batch));
    expect(special.length).toBeGreaterThan(0);
    for (const finding of special) {
      const file = parseFindingFile(JSON.stringify(toFindingFile(finding)), 'finding');
      expect(toHexWords(fromBatchWords(file.input).logits)).toEqual(toHexWords(finding.batch.logits));
      const original = fromSketchWords(file.original) as Batch;
      expect(toHexWords(original.logits)).toEqual(toHexWords((finding.original as Batch).logits));
    }
  });

  it('should hold one NaN, whatever payload it is read with', () => {
    expect(toHexWords(fromHexWords(['7fc00000', 'ffc00001', '7f800001']))).toEqual([
      '7fc00000',
      '7fc00000',
      '7fc00000',
    ]);
  });
});
