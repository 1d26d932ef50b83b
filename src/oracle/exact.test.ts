import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { operations, usesUpstream } from '../core/operation.ts';
import { toHexWords } from '../float32/bits.ts';
import { MAX_FINITE } from '../float32/constants.ts';
import { createOracle } from './exact.ts';

const { NaN: NAN, NEGATIVE_INFINITY, POSITIVE_INFINITY } = Number;

/** Every rounded answer for rows of logits without upstream values. */
function answers(rows: readonly (readonly number[])[], targets?: readonly number[]) {
  const oracle = createOracle(batchOf(rows, targets));
  return Object.fromEntries(
    operations
      .filter((operation) => !usesUpstream(operation))
      .map((operation) => [operation, Array.from(oracle.answer(operation).rounded)]),
  );
}

describe('createOracle', () => {
  it('should answer every operation', () => {
    const expected = {
      softmax: ['3f3b26a8', '3e89b2b1'],
      logSoftmax: ['bea063d6', 'bfa818f5'],
      logSumExp: ['3fa818f5'],
      crossEntropy: ['3fa818f5'],
      crossEntropyGrad: ['3f3b26a8', 'bf3b26a8'],
      softmaxGrad: ['be4954a3', '3e4954a3'],
      logSoftmaxGrad: ['bf3b26a8', '3f3b26a8'],
    };
    const oracle = createOracle(batchOf([[1, 0]], [1], [0, 1]));
    for (const operation of operations) {
      expect(toHexWords(oracle.answer(operation).rounded)).toEqual(expected[operation]);
    }
  });

  it('should keep the loss and the gradient of a sure row', () => {
    expect(answers([[20, 0]])).toMatchObject({
      softmax: [1, Math.fround(2.061153618190204e-9)],
      crossEntropy: [Math.fround(2.061153620314381e-9)],
      crossEntropyGrad: [Math.fround(-2.061153618190204e-9), Math.fround(2.061153618190204e-9)],
    });
  });

  it('should see that a vanishing term tips a tie', () => {
    // 16777217 lies between two FP32 values; the even one is 16777216.
    expect(answers([[1, -16777216]], [1])).toEqual({
      softmax: [1, 0],
      logSoftmax: [-0, -16777218],
      logSumExp: [1],
      crossEntropy: [16777218],
      crossEntropyGrad: [1, -1],
    });
    const row = [1, -16777216];
    expect(answers([row, row], [1, 1])['crossEntropy']).toEqual([16777218]);
  });

  it('should answer exactly for rows of one logit', () => {
    expect(answers([[-7.25], [1e-45]])).toEqual({
      softmax: [1, 1],
      logSoftmax: [0, 0],
      logSumExp: [-7.25, Math.fround(1e-45)],
      crossEntropy: [0],
      crossEntropyGrad: [0, 0],
    });
  });

  it('should overflow where the real answer does, and only there', () => {
    const row = [MAX_FINITE, -MAX_FINITE];
    expect(answers([row], [1])).toEqual({
      softmax: [1, 0],
      logSoftmax: [-0, NEGATIVE_INFINITY],
      logSumExp: [MAX_FINITE],
      crossEntropy: [POSITIVE_INFINITY],
      crossEntropyGrad: [1, -1],
    });
    // Of two rows' losses, one is beyond FP32 and their mean is not.
    expect(answers([row, row], [1, 0])['crossEntropy']).toEqual([MAX_FINITE]);
  });

  it('should answer masked entries with their limits', () => {
    expect(answers([[NEGATIVE_INFINITY, 0, 0]], [1])).toMatchObject({
      softmax: [0, 0.5, 0.5],
      logSoftmax: [NEGATIVE_INFINITY, Math.fround(-Math.LN2), Math.fround(-Math.LN2)],
      crossEntropyGrad: [0, -0.5, 0.5],
    });
    expect(answers([[NEGATIVE_INFINITY, 0, 0]], [0])).toMatchObject({
      crossEntropy: [POSITIVE_INFINITY],
      crossEntropyGrad: [-1, 0.5, 0.5],
    });
  });

  it('should answer special rows, and let them spoil no other row', () => {
    const rows = [
      [NAN, 0],
      [POSITIVE_INFINITY, 0],
      [NEGATIVE_INFINITY, NEGATIVE_INFINITY],
      [3, 3],
    ];
    expect(answers(rows)).toEqual({
      softmax: [NAN, NAN, NAN, NAN, NAN, NAN, 0.5, 0.5],
      logSoftmax: [NAN, NAN, NAN, NAN, NAN, NAN, Math.fround(-Math.LN2), Math.fround(-Math.LN2)],
      logSumExp: [NAN, POSITIVE_INFINITY, NEGATIVE_INFINITY, Math.fround(3 + Math.LN2)],
      crossEntropy: [NAN],
      crossEntropyGrad: [NAN, NAN, NAN, NAN, NAN, NAN, -0.125, 0.125],
    });
  });

  it('should let NaN win over +Infinity in the mean loss', () => {
    const masked = [NEGATIVE_INFINITY, 0];
    expect(answers([masked, [1, 2]])['crossEntropy']).toEqual([POSITIVE_INFINITY]);
    expect(answers([masked, [NAN, 2]])['crossEntropy']).toEqual([NAN]);
  });

  it('should give special answers as Decimals too', () => {
    const { values } = createOracle(batchOf([[NAN], [0]])).answer('logSoftmax');
    expect([values[0].isNaN(), values[1].isZero()]).toEqual([true, true]);
  });

  it('should give Decimals whose differences are exact', () => {
    const oracle = createOracle(batchOf([[1, 0]]));
    for (const operation of operations) {
      const [value] = oracle.answer(operation).values;
      expect(value.plus('1e-300').minus(value).toString()).toBe('1e-300');
    }
  });

  it('should count the logits that decimal.js evaluates', () => {
    const oracle = createOracle(
      batchOf([
        [0, 1, 2],
        [0, 1, 2],
      ]),
    );
    expect(oracle.rounded('softmax').length).toBe(6);
    expect(oracle.evaluated()).toBe(0);
    oracle.entry('softmax', 4);
    expect(oracle.evaluated()).toBe(3);
    oracle.answer('logSoftmax');
    expect(oracle.evaluated()).toBe(6);
  });

  it('should analyse rows and answer once', () => {
    const oracle = createOracle(batchOf([[1, 2]]));
    expect(oracle.rows).toBe(oracle.rows);
    expect(oracle.rows[0]).toMatchObject({ kind: 'finite', max: 2 });
    expect(oracle.answer('softmax')).toBe(oracle.answer('softmax'));
  });
});
