import { describe, expect, it } from 'vitest';
import { sweepHere } from '../../properties/support/sweeps.ts';
import { fromHex } from '../float32/bits.ts';
import { builtinTarget } from '../targets/builtin.ts';
import { createTarget } from '../targets/create.ts';
import { sweepToJson } from './json.ts';
import { createPlan } from './plan.ts';
import { positionOf } from './positions.ts';
import { formatSweep } from './text.ts';

/** Softmax in double precision that forgets e^-d for d above 80 and answers 1.5 for [3, 0]. */
const mine = createTarget(
  'mine',
  {
    softmax: (logits) =>
      logits.map((x, i) => {
        const gap = logits[i ^ 1] - x;
        if (gap === -3) return 1.5;
        return gap > 80 ? 0 : 1 / (1 + Math.exp(gap));
      }),
  },
  { known: ['softmax/out-of-range/ordinary'] },
);

describe('formatSweep', () => {
  it('should show the errors, the intervals of every fault, and the verdict', async () => {
    const result = await sweepHere(mine, createPlan('softmax', 'default', { stride: 65_536 }));
    expect(formatSweep(mine, result)).toMatchInlineSnapshot(`
      "mine: softmax of [x, 0] and [0, x] for the thresholds and every 65,536th finite x
        65,320 words, profile default

      [x, 0] output[0] and [0, x] output[1]
        largest error 1.7e+7 ULP at x = -82.49999 (c2a4ffff)
                      answered 0 (00000000), nearest 1.4815235e-36 (03fc1173)
        beyond        0.5 ULP 83, 1 ULP 53, 2 ULP 52, 4 ULP 50, 16 ULP 48, 256 ULP 42
        budget        1284454 used at x = 3 (40400000)

      [x, 0] output[1] and [0, x] output[0]
        largest error 1.7e+7 ULP at x = 82.5 (42a50000)
                      answered 0 (00000000), nearest 1.4815122e-36 (03fc10f5)
        beyond        0.5 ULP 89, 1 ULP 52, 2 ULP 51, 4 ULP 49, 16 ULP 47, 256 ULP 41
        budget        90140.4 used at x = 80.5 (42a10000)

      FAIL  softmax/zeroed/ordinary  (56 answers)
        [x, 0] output[0] and [0, x] output[1]
          x from -86.99999 (c2adffff) to -80.49999 (c2a0ffff): 14
        [x, 0] output[1] and [0, x] output[0]
          x from 80.5 (42a10000) to 87 (42ae0000): 14

      known softmax/out-of-range/ordinary  (2 answers)
        [x, 0] output[0] and [0, x] output[1]
          x = 3 (40400000): 1

      WARN  softmax/zeroed/underflow/warning  (80 answers)
        [x, 0] output[0] and [0, x] output[1]
          x from -101.49999 (c2caffff) to -87.33655 (c2aeac50): 34
        [x, 0] output[1] and [0, x] output[0]
          x from 87.33655 (42aeac50) to 88.72283 (42b17217): 6

      WARN  softmax/zeroed/ordinary/warning  (4 answers)
        [x, 0] output[0] and [0, x] output[1]
          x = -87.33654 (c2aeac4f): 1
        [x, 0] output[1] and [0, x] output[0]
          x = 87.33654 (42aeac4f): 1

      WARN  softmax/zeroed/exp-overflow/warning  (56 answers)
        [x, 0] output[1] and [0, x] output[0]
          x from 88.72284 (42b17218) to 101.5 (42cb0000): 28

      note  flushed: 0 where the nearest answer is not 0, within the budget  (20 answers)
        [x, 0] output[0] and [0, x] output[1]
          x from -103.97208 (c2cff1b4) to -101.99999 (c2cbffff): 5
        [x, 0] output[1] and [0, x] output[0]
          x from 102 (42cc0000) to 103.97208 (42cff1b4): 5

      mine: FALSIFIED"
    `);
  });

  it('should keep a clean range short', async () => {
    const range = { from: positionOf(fromHex('40400000')), to: positionOf(fromHex('40400010')) };
    const stable = builtinTarget('stable');
    const result = await sweepHere(stable, createPlan('logSumExp', 'sequential', range));
    expect(formatSweep(stable, result)).toMatchInlineSnapshot(`
      "stable: logSumExp of [x, 0] and [0, x] for every x from 3 (40400000) to 3.0000038 (40400010)
        17 words, profile sequential

      [x, 0] output[0] and [0, x] output[0]
        largest error 0.6357574 ULP at x = 3.0000038 (40400010)
                      answered 3.0485911 (40431c1e), nearest 3.048591 (40431c1d)
        beyond        0.5 ULP 3
        budget        0.5354568 used at x = 3.0000038 (40400010)

      stable: every answer is within its budget"
    `);
  });
});

describe('sweepToJson', () => {
  it('should have everything, floats as words', async () => {
    const range = { from: positionOf(3) - 1, to: positionOf(3) + 1 };
    const only = createTarget('only', { logSumExp: () => Float32Array.of(3.0485873, Number.NaN, 3.048588) });
    const result = await sweepHere(only, createPlan('logSumExp', 'default', range));
    expect(sweepToJson(only, result)).toMatchInlineSnapshot(`
      {
        "faults": [
          {
            "answers": 2,
            "fault": "logSumExp/nan/ordinary",
            "known": false,
            "severity": "error",
          },
          {
            "answers": 2,
            "fault": "logSumExp/inaccurate/ordinary/warning",
            "known": false,
            "severity": "warning",
          },
        ],
        "from": "403fffff",
        "operation": "logSumExp",
        "outputs": [
          {
            "beyond": [
              {
                "answers": 2,
                "ulps": 0.5,
              },
              {
                "answers": 1,
                "ulps": 1,
              },
            ],
            "index": 0,
            "intervals": [
              {
                "answers": 1,
                "fault": "logSumExp/nan/ordinary",
                "from": "40400000",
                "outputs": [
                  "7fc00000",
                  "7fc00000",
                ],
                "parts": 1,
                "to": "40400000",
              },
              {
                "answers": 1,
                "fault": "logSumExp/inaccurate/ordinary/warning",
                "from": "40400001",
                "outputs": [
                  "40431c11",
                  "40431c11",
                ],
                "parts": 1,
                "to": "40400001",
              },
            ],
            "largestBudgetUse": {
              "expected": "40431c0f",
              "isProven": true,
              "output": "40431c11",
              "size": 1.6207716435346133,
              "x": "40400001",
            },
            "largestError": {
              "expected": "40431c0f",
              "isProven": true,
              "output": "40431c11",
              "size": 1.9243707151800689,
              "x": "40400001",
            },
            "nan": 1,
            "row": "[x, 0]",
          },
          {
            "beyond": [
              {
                "answers": 2,
                "ulps": 0.5,
              },
              {
                "answers": 1,
                "ulps": 1,
              },
            ],
            "index": 0,
            "intervals": [
              {
                "answers": 1,
                "fault": "logSumExp/nan/ordinary",
                "from": "40400000",
                "outputs": [
                  "7fc00000",
                  "7fc00000",
                ],
                "parts": 1,
                "to": "40400000",
              },
              {
                "answers": 1,
                "fault": "logSumExp/inaccurate/ordinary/warning",
                "from": "40400001",
                "outputs": [
                  "40431c11",
                  "40431c11",
                ],
                "parts": 1,
                "to": "40400001",
              },
            ],
            "largestBudgetUse": {
              "expected": "40431c0f",
              "isProven": true,
              "output": "40431c11",
              "size": 1.6207716435346133,
              "x": "40400001",
            },
            "largestError": {
              "expected": "40431c0f",
              "isProven": true,
              "output": "40431c11",
              "size": 1.9243707151800689,
              "x": "40400001",
            },
            "nan": 1,
            "row": "[0, x]",
          },
        ],
        "profile": "default",
        "schemaVersion": 1,
        "stride": 1,
        "target": "only",
        "to": "40400001",
        "verdict": "falsified",
        "words": 3,
      }
    `);
  });
});
