import { describe, expect, it } from 'vitest';
import { findingOf } from '../../properties/support/findings.ts';
import { type Batch, batchOf } from '../core/batch.ts';
import { answerOf, type CompleteKernel } from '../core/kernel.ts';
import type { Operation } from '../core/operation.ts';
import { bucketOf } from '../core/violation.ts';
import { bf16 } from '../formats/index.ts';
import { estimate } from '../judge/judge.ts';
import { stable } from '../kernels/stable.ts';
import { withOptions } from '../options/index.ts';
import { createOracle } from '../oracle/exact.ts';
import { profileOf } from '../row/profile-formats.ts';
import { boundary } from '../shrink/boundary.ts';
import { type Asked, supportedCauses } from './evidence.ts';
import { faultyKernels } from './known.ts';
import { addInDouble, kernelWith, right } from './steps.ts';

const WORDS = 'subtracts the minimum for the maximum';
const kernel = faultyKernels.find(({ words }) => words === WORDS)?.kernel ?? expect.fail(WORDS);

function violationsOf(batch: Batch, of: CompleteKernel, operation: Operation = 'softmax') {
  const output = answerOf(of, operation, batch);
  return estimate(createOracle(batch), operation, output, profileOf({ profile: 'default' }));
}

/** What a kernel shows of a batch, by softmax or another operation. */
function findingWith(batch: Batch, of: CompleteKernel = kernel, operation: Operation = 'softmax') {
  const output = answerOf(of, operation, batch);
  const [violation] = violationsOf(batch, of, operation);
  const bucket = bucketOf(violation);
  return findingOf({ operation, batch, output, kind: violation.kind, bucket, boundary: null });
}

/** A target that answers as a kernel does, and what it was asked. */
function targetOf(of: CompleteKernel, isTaken = true): Asked & { readonly asked: readonly Batch[] } {
  const asked: Batch[] = [];
  return {
    asked,
    given: (_, batch) => (isTaken ? batch : null),
    answer: async (operation, batch) => {
      asked.push(batch);
      return answerOf(of, operation, batch);
    },
  };
}

const finding = findingWith(batchOf([[0, 89]]));
const wordsOf = (causes: Awaited<ReturnType<typeof supportedCauses>>) => causes?.map(({ words }) => words);

describe('supportedCauses', () => {
  it('should keep a cause where the target answers the same wherever that is wrong', async () => {
    const target = targetOf(kernel);
    const causes = await supportedCauses(finding, target);
    expect(wordsOf(causes)).toContain(WORDS);
    expect(target.asked.length).toBeGreaterThan(2);
  });

  it('should drop all whose wrong answers the target does not give', async () => {
    expect(await supportedCauses(finding, targetOf(stable))).toEqual([]);
  });

  it('should keep with no confirmation what cannot be asked', async () => {
    const causes = await supportedCauses(finding, targetOf(stable, false));
    expect(causes).toContainEqual({ words: WORDS, confirmed: 0 });
  });

  it('should drop a cause where the target fails on longer rows that a kernel with it has right', async () => {
    const wholePairs = 'leaves the logits behind the last whole 2 out of the sum';
    const dropped = (isDropped: (i: number, n: number) => boolean) =>
      kernelWith({ terms: (weights) => weights.filter((_, i) => !isDropped(i, weights.length)) });
    const single = batchOf([[0]]);
    const pairs = dropped((i, n) => i === n - 1 && n % 2 === 1);
    const tails = dropped((i, n) => i === n - 1 && n % 4 > 0);
    expect(wordsOf(await supportedCauses(findingWith(single, pairs), targetOf(pairs)))).toContain(wholePairs);
    expect(wordsOf(await supportedCauses(findingWith(single, tails), targetOf(tails)))).not.toContain(
      wholePairs,
    );
  });

  it('should drop a cause where the target fails on what shows another one that agrees too', async () => {
    const [ofRow, ofBatch] = ['a row', 'the batch'].map((each) => {
      const words = `adds up the first 4096 logits of ${each}`;
      return faultyKernels.find((known) => known.words === words) ?? expect.fail(words);
    });
    const long = batchOf([[...new Array(4096).fill(0), 9]]);
    for (const [real, other] of [
      [ofRow, ofBatch],
      [ofBatch, ofRow],
    ]) {
      const target = targetOf(real.kernel);
      const causes = wordsOf(await supportedCauses(findingWith(long, real.kernel, 'logSumExp'), target));
      expect(causes).toContain(real.words);
      expect(causes).not.toContain(other.words);
    }
  });

  it('should drop a cause where the target has NaN on a probe that a kernel with it has right', async () => {
    const from0 = 'takes 0 for the maximum where all logits are below it';
    const batch = batchOf([[-104, -104]]);
    const one = kernelWith({ max: (row) => Math.max(0, right.max(row)) });
    expect(wordsOf(await supportedCauses(findingWith(batch, one), targetOf(one)))).toContain(from0);
    // Without any maximum, and wrong for [88.5, 88.5] in another way than a kernel of that one mistake.
    const two = kernelWith({
      max: () => 0,
      terms: (weights) => weights.subarray(0, Math.max(1, weights.length - 1)),
    });
    expect(wordsOf(await supportedCauses(findingWith(batch, two), targetOf(two)))).toEqual([]);
  });

  it('should tell which logits are left out of the maximum, though two logits show no difference', async () => {
    const lastOut = kernelWith({
      max: ({ x }) => x.subarray(0, Math.max(1, x.length - 1)).reduce((max, each) => Math.max(max, each)),
    });
    const causes = await supportedCauses(findingWith(batchOf([[-89, 0]]), lastOut), targetOf(lastOut));
    expect(wordsOf(causes)).toEqual(['leaves the last logit out of the maximum']);
  });

  const startingAt = (start: number): CompleteKernel =>
    kernelWith({ max: (row) => Math.max(Math.fround(start), right.max(row)) });
  const estimated: [string, CompleteKernel, number[]][] = [
    ['takes -4999.7 for the maximum where all logits are below it', startingAt(-4999.7), [-5104]],
    ['takes -1e+38 for the maximum where all logits are below it', startingAt(-1e38), [-2e38]],
    [
      'looks for the maximum among the first 37 logits',
      kernelWith({ max: (row) => right.max({ ...row, x: row.x.subarray(0, 37) }) }),
      [...new Array(37).fill(-89), 0],
    ],
    [
      'adds up the first 700 logits of a row',
      kernelWith({ add: addInDouble, terms: (weights) => weights.subarray(0, 700) }),
      [...new Array(700).fill(0), 3],
    ],
  ];

  it.each(estimated)(
    'should estimate a number that is none of the usual ones: %s',
    async (words, of, row) => {
      const batch = batchOf([row]);
      const finding = findingWith(batch, of);
      const edge = await boundary(batch, (each) =>
        violationsOf(each, of).some((one) => bucketOf(one) === finding.bucket),
      );
      expect(wordsOf(await supportedCauses({ ...finding, boundary: edge }, targetOf(of)))).toEqual([words]);
    },
  );

  it('should tell one rounding from another by gaps of all sizes', async () => {
    const words = 'rounds x - max to BF16';
    const batch = batchOf([[0, -0.9]]);
    const rounded = (round: (d: number) => number) => kernelWith({ exp: (d) => right.exp(round(d)) });
    const toBf16 = rounded(bf16.round);
    // The same from 1/2 to 1, and for the gap of the witness.
    const toMultiples = rounded((d) => Math.round(d * 256) / 256);
    expect(wordsOf(await supportedCauses(findingWith(batch, toBf16), targetOf(toBf16)))).toContain(words);
    expect(
      wordsOf(await supportedCauses(findingWith(batch, toMultiples), targetOf(toMultiples))),
    ).not.toContain(words);
  });

  it('should tell weights that count twice from a mean that is not divided by them', async () => {
    const twice = 'multiplies by the weight of a class twice';
    const undivided = 'divides the mean of weighted losses by the number of rows that count';
    const byRows = 'divides the mean by the number of rows, weighted and ignored ones too';
    const batch = withOptions(batchOf([[0, 0]]), { classWeights: Float32Array.of(2, 1) });
    const causesOf = async (words: string) => {
      const of = faultyKernels.find((each) => each.words === words)?.kernel ?? expect.fail(words);
      return wordsOf(await supportedCauses(findingWith(batch, of, 'crossEntropy'), targetOf(of)));
    };
    expect(await causesOf(twice)).toEqual([twice]);
    expect(await causesOf(undivided)).toEqual([undivided, byRows]);
  });

  it('should know no cause where a right kernel answers rows of nothing by zeros', async () => {
    const batch = { ...batchOf([[0]]), options: { mask: Uint8Array.of(0) } };
    const bucket = 'softmax/special-value/all-masked/warning';
    const zeros = findingOf({
      batch,
      output: Float32Array.of(0),
      severity: 'warning',
      kind: 'special-value',
      bucket,
      boundary: null,
    });
    expect(await supportedCauses(zeros, targetOf(stable, false))).toEqual([]);
  });

  it('should drop a cause whose answer is alike the right one on what the target has right', async () => {
    const words = 'adds 0.000001 to the sum';
    const batch = withOptions(batchOf([[-86]]), { sink: -100 });
    const twice =
      faultyKernels.find((each) => each.words === 'counts the sink twice')?.kernel ?? expect.fail();
    const finding = findingWith(batch, twice);
    const causes = wordsOf(await supportedCauses(finding, targetOf(twice)));
    expect(causes).toContain('counts the sink twice');
    expect(causes).not.toContain(words);
  });

  it('should know no cause of a sum of losses that overflows in FP32', async () => {
    const { crossEntropy } = kernelWith({}, right, { losses: () => ({}) });
    const of = { ...stable, crossEntropy };
    const batch = batchOf(
      [
        [0, -2e38],
        [0, -2e38],
      ],
      [1, 1],
    );
    const overflow = findingOf({
      batch,
      operation: 'crossEntropy',
      output: Float32Array.of(Number.POSITIVE_INFINITY),
      severity: 'warning',
      kind: 'infinite',
      bucket: 'crossEntropy/infinite/underflow/warning',
      boundary: null,
    });
    expect(await supportedCauses(overflow, targetOf(of, false))).toEqual([]);
  });

  it('should refute an inverted mask by a product with upstream values', async () => {
    const words = 'hides what takes part, and shows what is hidden';
    const batch = {
      ...batchOf([[0, Number.NaN]], [0], [0, 0]),
      options: { mask: Uint8Array.of(1, 0) },
    };
    const finding = findingOf({
      batch,
      operation: 'softmaxGrad',
      output: Float32Array.of(0, Number.NaN),
      kind: 'nan',
      bucket: 'softmaxGrad/nan/masked',
      boundary: null,
    });
    expect(wordsOf(await supportedCauses(finding, targetOf(stable, false)))).toContain(words);
    expect(wordsOf(await supportedCauses(finding, targetOf(stable)))).not.toContain(words);
  });

  it('should say nothing of what hypotheses do not speak of', async () => {
    const target = targetOf(kernel);
    expect(await supportedCauses({ ...finding, output: null }, target)).toBeUndefined();
    expect(target.asked).toEqual([]);
  });
});
