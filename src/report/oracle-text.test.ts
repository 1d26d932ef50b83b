import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { formatAnswers } from './oracle-text.ts';

describe('formatAnswers', () => {
  it('should give digits, the nearest FP32 value and its neighbors', () => {
    expect(formatAnswers({ batch: batchOf([[1, -89]], [1]), hasTargets: true })).toMatchInlineSnapshot(`
      "softmax([1, -89])
             exact to 20 digits          nearest FP32            below                   above
          0  1                           1 3f800000              0.99999994 3f7fffff     1.0000001 3f800001
          1  8.1940126239905154304e-40   8.19401e-40 0008ec28    8.194e-40 0008ec27      8.19402e-40 0008ec29

      logSoftmax([1, -89])
             exact to 20 digits          nearest FP32            below                   above
          0  -8.1940126239905154304e-40  -8.19401e-40 8008ec28   -8.19402e-40 8008ec29   -8.194e-40 8008ec27
          1  -90                         -90 c2b40000            -90.00001 c2b40001      -89.99999 c2b3ffff

      logSumExp([1, -89])
             exact to 20 digits          nearest FP32            below                   above
             1                           1 3f800000              0.99999994 3f7fffff     1.0000001 3f800001

      crossEntropy([1, -89], target 1)
             exact to 20 digits          nearest FP32            below                   above
             90                          90 42b40000             89.99999 42b3ffff       90.00001 42b40001

      crossEntropyGrad([1, -89], target 1)
             exact to 20 digits          nearest FP32            below                   above
          0  1                           1 3f800000              0.99999994 3f7fffff     1.0000001 3f800001
          1  -1                          -1 bf800000             -1.0000001 bf800001     -0.99999994 bf7fffff"
    `);
  });

  it('should leave the losses out without targets, and have no neighbors of what is not finite', () => {
    const batch = batchOf([
      [0, Number.NEGATIVE_INFINITY],
      [Number.NaN, 0],
    ]);
    expect(formatAnswers({ batch, hasTargets: false })).toMatchInlineSnapshot(`
      "softmax([[0, -Infinity], [NaN, 0]])
             exact to 20 digits          nearest FP32            below                   above
          0  1                           1 3f800000              0.99999994 3f7fffff     1.0000001 3f800001
          1  0                           0 00000000              -1e-45 80000001         1e-45 00000001
          2  NaN                         NaN 7fc00000
          3  NaN                         NaN 7fc00000

      logSoftmax([[0, -Infinity], [NaN, 0]])
             exact to 20 digits          nearest FP32            below                   above
          0  0                           0 00000000              -1e-45 80000001         1e-45 00000001
          1  -Infinity                   -Infinity ff800000
          2  NaN                         NaN 7fc00000
          3  NaN                         NaN 7fc00000

      logSumExp([[0, -Infinity], [NaN, 0]])
             exact to 20 digits          nearest FP32            below                   above
          0  0                           0 00000000              -1e-45 80000001         1e-45 00000001
          1  NaN                         NaN 7fc00000"
    `);
  });

  it('should give a bound where the answer is too small to be computed', () => {
    const text = formatAnswers({ batch: batchOf([[0, -1000]]), hasTargets: false });
    expect(text).toMatch(/\n {4}1 {2}below 1e-86 +0 00000000 /);
    expect(text).toMatch(/\n {4}0 {2}above -1e-86 +-0 80000000 /);
  });
});
