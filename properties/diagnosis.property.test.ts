/** The laws of diagnosis: a known fault is told by its name, and one that is not known by none. */
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../src/campaign/explain/faults.ts';
import { fuzz } from '../src/campaign/fuzz.ts';
import type { Kernel } from '../src/core/kernel.ts';
import { type Operation, operations } from '../src/core/operation.ts';
import { cellOf } from '../src/kernels/scores.ts';
import { zoo } from '../src/kernels/zoo/index.ts';
import { builtinTarget } from '../src/targets/builtin.ts';
import { createTarget } from '../src/targets/create.ts';
import { byEffort } from './support/effort.ts';

async function causesOf(id: string): Promise<(string | null)[]> {
  const entry = zoo.find((each) => each.id === id) ?? expect.fail(id);
  const target = createTarget(id, entry.kernel, entry.declaration);
  const { targets } = await fuzz([target], { seed: 1, runs: 150 });
  expect(targets[0].findings.length).toBeGreaterThan(0);
  return faultsOf(targets[0].findings, (finding) => finding).map(({ cause }) => cause?.words ?? null);
}

describe('diagnosis', () => {
  const named = [
    ['Z01', 'subtracts no maximum'],
    ['Z02', 'takes 0 for the maximum where all logits are below it'],
    ['Z44', 'has NaN for the logsumexp of a row that is masked throughout'],
    ['Y85', 'adds up the first 4096 logits of the batch'],
    ['Z09', 'subtracts the maximum of the whole batch'],
    ['Y13', 'takes -1e+30 for the maximum where all logits are below it'],
    ['Z23', 'adds up in FP16'],
    ['Y11', 'takes -10000 for the maximum where all logits are below it'],
    ['Z03', 'takes 1.1754943508222875e-38 for the maximum where all logits are below it'],
    ['Y01', 'does not reset the maximum before the next row'],
    ['Y73', 'adds up the first 127 logits of a row'],
    ['Y76', 'leaves the last whole 8 out of the sum where the row ends with it'],
    ['Y123', 'looks for the target by its logit, and takes the first that equals it'],
    ['Y03', 'leaves the upper half of 8 lanes out of the maximum'],
    ['Y05', 'subtracts the minimum for the maximum'],
    ['Y103', 'has the losses of rows to 11 bits'],
    ['Y122', 'takes the class of the largest logit for the target'],
    ['Z28', 'pads rows to a multiple of 4 with 0, which joins the maximum'],
    ['Y07', 'truncates the maximum to an integer of 32 bits, which wraps'],
  ];

  it.each(named.slice(0, byEffort(4, named.length)))(
    'should name the fault of %s first: %s',
    async (id, words) => {
      expect(await causesOf(id)).toContain(words);
    },
  );

  const unknown = ['Z15', 'Y72', 'Y34', 'Y30'];

  it.each(unknown.slice(0, byEffort(2, unknown.length)))(
    'should claim nothing of %s, a fault that it does not know or cannot tell from others',
    async (id) => {
      expect((await causesOf(id)).filter((cause) => cause !== null)).toEqual([]);
    },
  );

  const { fround } = Math;

  /** A softmax of rows by the steps of the article's stable one, but for what is given. */
  function softmaxWith({
    start = Number.NEGATIVE_INFINITY,
    exp = (d: number) => Math.exp(d),
    more = 0,
    added = Number.POSITIVE_INFINITY,
    read = (x: number) => x,
  }): Kernel {
    const ofRow = (logits: Float32Array): Float32Array => {
      const x = logits.map(read);
      const max = x.reduce((a, b) => Math.max(a, b), start);
      const weights = x.map((each) => exp(fround(each - max)));
      const sum = weights.subarray(0, added).reduce((a, b) => fround(a + b), 0);
      return weights.map((each) => each / fround(sum + fround(more)));
    };
    return {
      softmax(logits, rows, cols) {
        const answer = new Float32Array(logits.length);
        for (let at = 0; at < rows * cols; at += cols) answer.set(ofRow(logits.subarray(at, at + cols)), at);
        return answer;
      },
    };
  }

  const within500 = (x: number): number => Math.max(-500, Math.min(x, 500));
  const masked = (value: number) => (x: number) => (x === Number.NEGATIVE_INFINITY ? value : x);
  const estimated: [string, Kernel][] = [
    ['takes -5000 for the maximum where all logits are below it', softmaxWith({ start: -5000 })],
    ['adds 0.00003 to the sum', softmaxWith({ more: 3e-5 })],
    ['adds up the first 77 logits of a row', softmaxWith({ added: 77 })],
    ['takes e^x for 0 below x = -60', softmaxWith({ exp: (d) => (d < -60 ? 0 : Math.exp(d)) })],
    ['takes -70 for x in e^x where x is below it', softmaxWith({ exp: (d) => Math.exp(Math.max(d, -70)) })],
    ['cuts logits off at 500 and -500, masked ones too', softmaxWith({ read: within500 })],
    [
      'cuts logits off at 500 and -500',
      softmaxWith({ read: (x) => (Number.isFinite(x) ? within500(x) : x) }),
    ],
    ['takes -30000 for a masked logit', softmaxWith({ read: masked(-30000) })],
  ];

  it.each(estimated.slice(0, byEffort(2, estimated.length)))(
    'should estimate a number that is none of the usual ones: %s',
    async (words, kernel) => {
      const { targets } = await fuzz([createTarget('mine', kernel, { profile: 'sequential' })], {
        seed: 1,
        runs: 200,
      });
      const faults = faultsOf(targets[0].findings, (finding) => finding);
      expect(faults.map(({ cause }) => cause?.words)).toContain(words);
    },
  );

  const f32 = Math.fround;
  /** Takes the maximum over hidden logits too, and writes `probability` of a weight, their sum, and whether it is shown. */
  const maskedBy =
    (
      probability: (weight: number, sum: number, isShown: boolean) => number,
    ): NonNullable<Kernel['softmax']> =>
    (logits, _rows, cols, { mask } = {}) => {
      const isShown = (k: number): boolean => mask === undefined || mask[cellOf(mask, k, cols)] === 1;
      return logits.map((_, k) => {
        const from = k - (k % cols);
        const row = logits.subarray(from, from + cols);
        const max = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
        const weights = row.map((x, i) => (isShown(from + i) ? Math.exp(f32(x - max)) : 0));
        const sum = weights.reduce((a, b) => f32(a + b), 0);
        return probability(weights[k - from], sum, isShown(k));
      });
    };
  const conventions: [string, NonNullable<Kernel['softmax']>][] = [
    ['as it is', maskedBy((weight, sum) => weight / sum)],
    ['0 of what is hidden', maskedBy((weight, sum, isShown) => (isShown ? weight / sum : 0))],
    ['a sum of 0 as 1', maskedBy((weight, sum) => weight / (sum === 0 ? 1 : sum))],
    ['both', maskedBy((weight, sum, isShown) => (isShown ? weight / (sum === 0 ? 1 : sum) : 0))],
  ];

  it.each(conventions.slice(-byEffort(1, conventions.length)))(
    'should name a mistake by each convention of masks: %s',
    async (_, softmax) => {
      const target = createTarget('mine', { softmax }, { options: { softmax: ['mask'] } });
      const { targets } = await fuzz([target], { seed: 1, runs: 100, generation: { maxCols: 40 } });
      const errors = targets[0].findings.filter(({ severity }) => severity === 'error');
      const causes = faultsOf(errors, (finding) => finding).map(({ cause }) => cause?.words);
      expect(causes).toEqual(['takes the maximum of what the mask hides too']);
    },
  );

  it('should tell the naive kernel as the article does: one fault, and a row of infinity', async () => {
    const { targets } = await fuzz([builtinTarget('naive')], {
      seed: 1,
      runs: 60,
      operations: byEffort<readonly Operation[]>(['softmax', 'crossEntropy'], operations),
    });
    const faults = faultsOf(targets[0].findings, (finding) => finding);
    expect(faults.length).toBeLessThanOrEqual(6);
    expect(faults[0].cause).toMatchObject({ words: 'subtracts no maximum', isExact: true });
    expect([...faults[0].lead.batch.logits]).toEqual([89]);
  });
});
