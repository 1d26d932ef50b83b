import { describe, expect, it } from 'vitest';
import { findingOf } from '../../properties/support/findings.ts';
import { type Batch, batchOf } from '../core/batch.ts';
import { inFormat, isInFormat } from '../core/grid.ts';
import { answerOf } from '../core/kernel.ts';
import { withOptions } from '../options/index.ts';
import { faultyKernels } from './known.ts';
import { answersOf } from './likeness.ts';
import { richBatch, tellingApart } from './telling-apart.ts';

const kernelThat = (words: string) =>
  faultyKernels.find((each) => each.words === words)?.kernel ?? expect.fail(words);

/** On how many of the chosen inputs two mistakes answer differently. */
function parted(
  batch: Batch,
  [a, b]: readonly [string, string],
  operation: 'softmax' | 'crossEntropy' = 'softmax',
) {
  const kernels = [a, b].map(kernelThat);
  const chosen = tellingApart(findingOf({ operation, batch }), kernels.map(answersOf));
  return chosen.filter((each) => {
    const [first, second] = kernels.map((kernel) => answerOf(kernel, operation, each));
    return first.some((value, k) => !Object.is(value, second[k]));
  }).length;
}

describe('tellingApart', () => {
  it.each([
    [4, 8],
    [8, 32],
    [16, 32],
  ])('should part a padding to %i from one to %i, which one logit does not', (a, b) => {
    const padding = (width: number) => `pads rows to a multiple of ${width} with 0, which joins the maximum`;
    expect(parted(batchOf([[-104]]), [padding(a), padding(b)])).toBeGreaterThan(0);
  });

  it('should part what two classes do not', () => {
    const batch = withOptions(
      batchOf(
        [
          [0, 0],
          [0, 0],
        ],
        [1, 0],
      ),
      { classWeights: [2, 1], reduction: 'sum' },
    );
    const mistakes = [
      'takes the weight of the class that has the number of the row',
      'takes the weight of the class of the largest logit',
    ] as const;
    expect(parted(batch, mistakes, 'crossEntropy')).toBeGreaterThan(0);
  });

  it('should ask nothing of one mistake, nor of two that are one', () => {
    const answer = answersOf(kernelThat('subtracts the first logit for the maximum'));
    const finding = findingOf({ batch: batchOf([[0, 89]]) });
    expect(tellingApart(finding, [answer])).toEqual([]);
    expect(tellingApart(finding, [answer, answer])).toEqual([]);
  });
});

describe('richBatch', () => {
  it('should have the options of the batch, arrays of its own and numbers as they are', () => {
    const batch = withOptions(batchOf([[0, 1]], [5], undefined, 5), {
      ignoreIndex: 5,
      classWeights: [1, 0],
      scale: 0.5,
      mask: [1, 0],
    });
    const { rows, cols, targets, options = {} } = richBatch(batch);
    expect([rows, cols, [...targets]]).toEqual([4, 6, [4, 5, 5, 0]]);
    expect(Object.keys(options)).toEqual(['scale', 'mask', 'ignoreIndex', 'classWeights']);
    expect([options.scale, options.mask?.length, new Set(options.classWeights).size]).toEqual([0.5, 6, 6]);
  });

  it('should have numbers of the format alone', () => {
    const batch = richBatch(inFormat(batchOf([[0]]), 'bf16'));
    expect([batch.format, isInFormat({ ...batch, format: 'fp32' }, 'bf16')]).toEqual(['bf16', true]);
  });

  it('should have the largest logit, the target, its neighbors and the number of a row at different places', () => {
    const { rows, cols, logits, targets } = richBatch(batchOf([[0]]));
    for (let r = 0; r < rows; r++) {
      const row = logits.subarray(r * cols, (r + 1) * cols);
      const places = [
        row.indexOf(Math.max(...row)),
        targets[r],
        (targets[r] + 1) % cols,
        (targets[r] + cols - 1) % cols,
      ];
      expect(new Set([...places, r]).size, `row ${r}`).toBe(5);
      const sum = row.reduce((total, x) => total + Math.exp(x), 0);
      for (const share of [1 / 5, 1 / 6])
        for (const x of row) expect(Math.abs(Math.exp(x) / sum / share - 1)).toBeGreaterThan(0.03);
    }
  });
});
