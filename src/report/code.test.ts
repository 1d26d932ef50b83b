import { describe, expect, it } from 'vitest';
import { batchOf, createBatch } from '../core/batch.ts';
import { inFormat } from '../core/grid.ts';
import { withOptions } from '../options/index.ts';
import { codeOf } from './code.ts';
import { languageNames } from './language-name.ts';

const capped = withOptions(batchOf([[0, 104]]), { scale: 0.5, mask: [1, 0], sink: Number.NEGATIVE_INFINITY });
const loss = withOptions(
  batchOf(
    [
      [-0, Number.NaN],
      [1e-45, 3.4028234663852886e38],
    ],
    [0, 1],
  ),
  {
    classWeights: [1, 0.1],
    reduction: 'none',
  },
);
const long = createBatch(1, 40, [...Array<number>(39).fill(0), 89]);

describe('codeOf', () => {
  it('should be the call, with what it needs before it', () => {
    const texts = languageNames.flatMap((name) => [
      codeOf(name, [{ operation: 'softmax', batch: capped }]),
      codeOf(name, [{ operation: 'crossEntropy', batch: loss }]),
      codeOf(name, [{ operation: 'logSumExp', batch: inFormat(long, 'bf16') }]),
    ]);
    expect(texts.join('\n\n')).toMatchInlineSnapshot(`
      "softmax(Float32Array.of(0, 104), 1, 2, { scale: 0.5, mask: Uint8Array.of(1, 0), sink: -Infinity });

      crossEntropy(Float32Array.of(-0, NaN, 1e-45, 3.4028235e+38), Int32Array.of(0, 1), 2, 2, { reduction: 'none', classWeights: Float32Array.of(1, 0.1) });

      logSumExp(Uint16Array.from([[0x0000, 39], [0x42b2, 1]].flatMap(([x, n]) => Array(n).fill(x))), 1, 40);

      from math import inf, nan
      import numpy as np
      softmax(np.array([[0, 104]], np.float32), scale=0.5, mask=np.array([1, 0], bool), sink=-inf)

      from math import inf, nan
      import numpy as np
      cross_entropy(np.array([[-0.0, nan], [1e-45, 3.4028235e+38]], np.float32), np.array([0, 1], np.int32), reduction="none", weight=np.array([1, 0.1], np.float32))

      import ml_dtypes
      import numpy as np
      logsumexp(np.repeat(np.array([0, 89], ml_dtypes.bfloat16), [39, 1]).reshape(1, 40))

      from math import inf, nan
      import torch
      softmax(torch.tensor([[0, 104]], dtype=torch.float32), scale=0.5, mask=torch.tensor([1, 0], dtype=torch.bool), sink=-inf)

      from math import inf, nan
      import torch
      cross_entropy(torch.tensor([[-0.0, nan], [1e-45, 3.4028235e+38]], dtype=torch.float32), torch.tensor([0, 1], dtype=torch.int64), reduction="none", weight=torch.tensor([1, 0.1], dtype=torch.float32))

      import torch
      logsumexp(torch.tensor([0, 89], dtype=torch.bfloat16).repeat_interleave(torch.tensor([39, 1])).reshape(1, 40))

      #include <math.h>
      #include <stdint.h>
      // softmax, 1 x 2
      const float logits[] = {0, 104};
      const uint8_t mask[] = {1, 0};
      const float scale = 0.5;
      const float sink = -INFINITY;

      #include <math.h>
      #include <stdint.h>
      // crossEntropy, 2 x 2
      const float logits[] = {-0.0f, NAN, 1e-45, 3.4028235e+38};
      const int32_t targets[] = {0, 1};
      const float weight[] = {1, 0.1};
      // reduction none

      #include <stdint.h>
      // logSumExp, 1 x 40
      const uint16_t logits[] = {[0 ... 38] = 0x0000, [39] = 0x42b2};"
    `);
  });

  it('should have all calls, one behind the other', () => {
    const call = { operation: 'softmax', batch: batchOf([[0]]) } as const;
    expect(codeOf('js', [call, call]).split('\n')).toHaveLength(2);
  });
});
