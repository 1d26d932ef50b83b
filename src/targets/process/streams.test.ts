import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { batchOf } from '../../core/batch.ts';

it('should keep the stdin of frames from a module that imports node:process', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'softmax-fuzz-streams-')), 'curious.mjs');
  writeFileSync(
    path,
    `import process from 'node:process';
    export const softmax = (logits) => logits.map(() => ('fd' in process.stdin ? process.stdin.fd : 7));`,
  );
  // The host is a program of its own, and runs from what is built.
  const { resolveTarget } = await import(resolve('dist/targets/resolve.js'));
  const { observe } = await import(resolve('dist/targets/observe.js'));
  expect(await observe(await resolveTarget(path), 'softmax', batchOf([[1, 2]]))).toEqual({
    status: 'answered',
    output: Float32Array.of(7, 7),
  });
});
