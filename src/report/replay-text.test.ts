import { describe, expect, it } from 'vitest';
import { findingOf } from '../../properties/support/findings.ts';
import { batchOf } from '../core/batch.ts';
import type { Finding } from '../core/finding.ts';
import type { Kernel } from '../core/kernel.ts';
import { toFindingFile } from '../record/finding-file.ts';
import { replay } from '../record/replay.ts';
import { builtinTarget } from '../targets/builtin.ts';
import { createTarget } from '../targets/create.ts';
import { formatReplay } from './replay-text.ts';

const finding = findingOf({ target: { name: 'naive', specifier: 'naive' } });
const naive = builtinTarget('naive');

/** The replay of the finding with these changes on a kernel whose softmax is `softmax`. */
async function textOf(softmax: Kernel['softmax'] & {}, changes: Partial<Finding> = {}): Promise<string> {
  const file = toFindingFile(findingOf(changes));
  return formatReplay(await replay(file, createTarget('mine', { softmax }, {}, './mine.mjs')));
}

describe('formatReplay', () => {
  it('should show the steps of a built-in kernel, the answer and the verdict', async () => {
    expect(formatReplay(await replay(toFindingFile(finding), naive))).toMatchInlineSnapshot(`
      "finding 602f5f71: softmax/nan/exp-overflow, on naive

      softmax([89])
        1  exp(89)             = Infinity  (7f800000)  <- first non-finite
        2  0 + Infinity        = Infinity  (7f800000)
        3  Infinity / Infinity = NaN       (7fc00000)

      Expected  [1]  3f800000
      Got       [NaN]  7fc00000
      FAIL      softmax/nan/exp-overflow: output[0]: not comparable

      still fails, bit for bit as recorded."
    `);
  });

  it('should say that a kernel passes', async () => {
    expect(await textOf(() => Float32Array.of(1))).toMatchInlineSnapshot(`
      "finding f795595e: softmax/nan/exp-overflow, on mine

      softmax([89])

      Expected  [1]  3f800000
      Got       [1]  3f800000

      passes: it no longer fails."
    `);
  });

  it('should say what might be anything when it was recorded', async () => {
    const explanation = { values: 16, logits: [0], classes: 1, targets: [], upstream: [], together: null };
    const changes = { batch: batchOf([[0, 89]]), output: null, expected: new Float32Array(2), explanation };
    expect(await textOf((x) => x, changes)).toMatch(
      /\nsoftmax\(\[\*, 89\]\) fails like this .* tried for \*: 16 other values, when it was recorded\.$/,
    );
  });

  it('should say what was thrown', async () => {
    const text = await textOf(() => Promise.reject(new Error('no GPU')));
    expect(text).toMatch('\nExpected  [1]  3f800000\nFAIL      softmax/threw: Error: no GPU\n');
    expect(text).toMatch(/\nstill fails, but not as recorded \(softmax\/nan\/exp-overflow\)\.$/);
  });

  it('should say when the bits are others than recorded', async () => {
    const changes = { bucket: 'softmax/infinite/exp-overflow', output: Float32Array.of(2) };
    const infinite = () => Float32Array.of(Number.POSITIVE_INFINITY);
    expect(await textOf(infinite, changes)).toMatch(/\nstill fails, with other bits than recorded\.$/);
    expect(
      await textOf(infinite, { ...changes, target: { name: 'mine', specifier: './other.mjs' } }),
    ).toMatch(/\nstill fails\.$/);
  });
});
