import { describe, expect, it } from 'vitest';
import { findingOf } from '../../properties/support/findings.ts';
import { batchOf } from '../core/batch.ts';
import type { Finding } from '../core/finding.ts';
import type { Target } from '../core/target.ts';
import { withOptions } from '../options/index.ts';
import { builtinTarget } from '../targets/builtin.ts';
import { createTarget } from '../targets/create.ts';
import { toFindingFile } from './finding-file.ts';
import { type Given, parseGiven } from './given.ts';
import { minimizeGiven } from './minimize.ts';
import { toFinding } from './read-finding.ts';

const naive = builtinTarget('naive');
const large = batchOf([
  [1000, 1, -1000],
  [3, 2, 1],
]);

function given(changes: Partial<Finding>): Given {
  const finding = findingOf({ bucket: 'softmax/nan/high-offset', ...changes });
  return parseGiven(JSON.stringify(toFindingFile(finding)), 'finding.json');
}

function request(batch = large, operations: Given['operations'] = ['softmax', 'logSumExp']): Given {
  return { batch, operations, finding: null };
}

const minimize = (input: Given, target: Target, keepShape = false) =>
  minimizeGiven(input, target, { source: 'input.json', keepShape });

describe('minimizeGiven', () => {
  it('should shrink a finding within its bucket, and keep what the campaign knew of it', async () => {
    const target = { name: 'naive', specifier: 'naive' };
    const input = given({
      batch: large,
      target,
      output: null,
      expected: new Float32Array(6),
      profile: 'strict',
    });
    const { findings } = await minimize(input, naive);
    const { origin, occurrences, worst, original } = toFinding(toFindingFile(findingOf()));
    expect(findings).toMatchObject([
      { bucket: 'softmax/nan/exp-overflow', batch: batchOf([[89]]), profile: 'strict', known: true },
    ]);
    expect(findings[0]).toMatchObject({ origin, occurrences, worst, original });
    expect(findings[0].shrink.evaluations).toBeGreaterThan(41);
    expect(findings[0].shrink.minimal).toBe(true);
  });

  it('should forget the campaign on another target', async () => {
    const { findings } = await minimize(
      given({ batch: large, expected: new Float32Array(6), output: null }),
      naive,
    );
    expect(findings).toMatchObject([
      { origin: { by: 'saved', file: 'input.json' }, occurrences: 1, original: large, profile: 'sequential' },
    ]);
  });

  it('should shrink in the other buckets where the finding’s own passes', async () => {
    const input = given({ batch: batchOf([[-200]]), bucket: 'softmax/zeroed/underflow' });
    const { findings } = await minimize(input, naive);
    expect(findings.map(({ bucket, batch }) => [bucket, batch])).toEqual([
      ['softmax/nan/exp-underflow', batchOf([[-104]])],
    ]);
  });

  it('should give a finding for each failure of each operation of a request', async () => {
    const { findings } = await minimize(request(), naive);
    expect(findings.map(({ bucket, batch }) => [bucket, batch])).toEqual([
      ['softmax/nan/exp-overflow', batchOf([[89]])],
      ['logSumExp/infinite/exp-overflow', batchOf([[89]])],
    ]);
  });

  it('should keep the shape where it is fixed', async () => {
    const { findings } = await minimize(request(large, ['softmax']), naive, true);
    expect(findings[0].batch).toEqual(
      batchOf([
        [0, 0, 0],
        [0, 0, 89],
      ]),
    );
  });

  it('should find nothing where every answer is right, or only a warning where an error was recorded', async () => {
    const stable = builtinTarget('stable');
    expect((await minimize(request(), stable)).findings).toEqual([]);
    const softmax = (logits: Float32Array) => naive.kernel.softmax?.(logits, 1, 2) as Float32Array;
    const off = createTarget(
      'off',
      { softmax: (x) => softmax(x).map((p) => p * (1 + 2 ** -21)) },
      { profile: 'strict' },
    );
    const batch = batchOf([[0, 1]]);
    const error = given({ batch, output: null, expected: new Float32Array(2) });
    expect((await minimize(error, off)).findings).toEqual([]);
    const [warning] = (await minimize(request(batch, ['softmax']), off)).findings;
    expect(warning.bucket).toBe('softmax/inaccurate/ordinary/warning');
  });

  it('should stop where it is when interrupted', async () => {
    const options = { source: 'x', keepShape: false, signal: AbortSignal.abort() };
    const { findings } = await minimizeGiven(request(large, ['softmax']), naive, options);
    expect(findings).toMatchObject([{ batch: large, shrink: { minimal: false } }]);
  });

  it('should shrink with the options that are fixed, on the operations that take those of the request', async () => {
    const target = createTarget(
      'fixed',
      {
        softmax: (logits, _rows, _cols, options) => {
          expect(options?.scale).toBe(0.5);
          return logits.map((x) => Math.exp(x * 0.5)); // It does not divide.
        },
        logSumExp: (logits) => logits,
      },
      { options: { softmax: { scale: 0.5, sink: true } } },
    );
    const { findings } = await minimize(request(withOptions(large, { sink: 0 })), target);
    expect(findings.map(({ operation }) => operation)).toContain('softmax');
    expect(findings.map(({ operation }) => operation)).not.toContain('logSumExp');
    expect(findings.map(({ batch }) => batch.options?.scale)).toEqual(findings.map(() => 0.5));
  });

  it('should refuse a target with which nothing can be tried', async () => {
    const { crossEntropy } = naive.kernel;
    const target = createTarget('loss', crossEntropy === undefined ? {} : { crossEntropy });
    await expect(minimize(request(), target)).rejects.toMatchObject({
      message: 'input.json has no targets, and loss offers only crossEntropy',
    });
    await expect(minimize(given({}), target)).rejects.toMatchObject({ message: 'loss has no softmax' });
  });
});
