/** What a campaign finds is written, read, and replayed as it was, whatever operation, format and options it is of. */
import { describe, expect, it } from 'vitest';
import type { Kernel } from '../src/core/kernel.ts';
import { type Reduction, reductions } from '../src/core/options.ts';
import type { Target } from '../src/core/target.ts';
import { zoo } from '../src/kernels/zoo/index.ts';
import { parseFindingFile, toFindingFile } from '../src/record/finding-file.ts';
import { parseGiven } from '../src/record/given.ts';
import { toFinding } from '../src/record/read-finding.ts';
import { replay } from '../src/record/replay.ts';
import { createTarget } from '../src/targets/create.ts';
import { resultOf } from './support/campaigns.ts';
import { byEffort } from './support/effort.ts';

/** The maximum of the first row for all: wrong in rows behind it. */
const crossEntropy: Kernel['crossEntropy'] = (logits, targets, rows, cols, options) => {
  const losses = Float32Array.from({ length: rows }, (_, r) => {
    const x = logits.subarray(r * cols, (r + 1) * cols);
    const max = logits.subarray(0, cols).reduce((a, b) => Math.max(a, b));
    return Math.log(x.reduce((sum, each) => sum + Math.exp(each - max), 0)) + (max - x[targets[r]]);
  });
  if (options?.reduction === 'none') return losses;
  const sum = losses.reduce((a, b) => a + b, 0);
  return options?.reduction === 'sum' ? sum : sum / rows;
};

const declared: readonly (true | Reduction)[] = [true, ...reductions];

const ofReductions = declared.map((reduction) =>
  createTarget(
    `a loss with the reduction ${reduction}`,
    { crossEntropy },
    { options: { crossEntropy: { reduction } } },
  ),
);

const ofZoo = zoo
  .filter(({ declaration }) => declaration.options !== undefined || declaration.format !== undefined)
  .filter((_, k) => k % byEffort(32, 2) === 0)
  .map(({ id, kernel, declaration }) => createTarget(id, kernel, declaration));

const targets: readonly (readonly [name: string, target: Target])[] = [
  ...ofReductions,
  ...ofZoo,
  createTarget('an infinite logsumexp', { logSumExp: () => new Float32Array(1) }, { rows: 1 }),
].map((target) => [target.name, target]);

describe.each(targets)('each finding of %s', (_, target) => {
  it('should be read as it was written, and replayed as it was found', async () => {
    const { findings } = await resultOf(target, { seed: 1, runs: 60, generation: { maxCols: 40 } });
    expect(findings.length).toBeGreaterThan(0);
    for (const finding of findings) {
      const written = toFindingFile(finding);
      const file = parseFindingFile(JSON.stringify(written), 'a file');
      expect(file).toEqual(written);
      expect(toFindingFile(toFinding(file))).toEqual(written);
      expect(parseGiven(JSON.stringify(written), 'a file').batch).toEqual(finding.batch);
      expect(await replay(file, target)).toMatchObject({
        outcome: 'same-bucket',
        sameBits: file.output && true,
      });
    }
  });
});
