import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand, temporaryFolders } from '../../properties/support/command.ts';

const cwd = temporaryFolders()();

describe('softmax-fuzz targets', () => {
  it('should show what each target offers, and how it does', async () => {
    const broken =
      'export const softmax = (x) => [...x];\nexport function logSumExp() { throw new Error("no GPU"); }\n';
    writeFileSync(join(cwd, 'broken.mjs'), broken);
    const { code, stdout, stderr } = await runCommand(['targets', 'stable', './broken.mjs'], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatchInlineSnapshot(`
      "stable  (stable, profile sequential)
        softmax           ok
        logSoftmax        ok
        logSumExp         ok
        crossEntropy      ok
        crossEntropyGrad  ok
      broken  (./broken.mjs, profile default)
        softmax           softmax/bad-shape: returned Array(1): expected Float32Array(1)
        logSumExp         logSumExp/threw: Error: no GPU
      "
    `);
  });
});
