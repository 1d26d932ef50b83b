/** The laws of a whole campaign: what it finds does not depend on luck, and what it says is true. */
import { describe, expect, it } from 'vitest';
import { compareSimplicity } from '../src/arbitraries/simplicity.ts';
import { fuzz } from '../src/campaign/fuzz.ts';
import type { TargetResult } from '../src/campaign/result.ts';
import type { Batch } from '../src/core/batch.ts';
import type { Finding } from '../src/core/finding.ts';
import type { CompleteKernel } from '../src/core/kernel.ts';
import type { Target } from '../src/core/target.ts';
import { bucketOf } from '../src/core/violation.ts';
import { toHexWords } from '../src/float32/bits.ts';
import { stable } from '../src/kernels/stable.ts';
import { createOracle } from '../src/oracle/exact.ts';
import { builtinTarget } from '../src/targets/builtin.ts';
import { createTarget } from '../src/targets/create.ts';
import { examine } from '../src/targets/examine.ts';
import { resultOf } from './support/campaigns.ts';
import { byEffort } from './support/effort.ts';

const seeds = byEffort([0, -8], [0, 1, 2, 3, 4, 5, 6, 7, -8, 2 ** 31]);

/** What two laws hold of. */
const ofSeed1 = resultOf(builtinTarget('naive'), {
  seed: 1,
  runs: 60,
  operations: ['softmax', 'crossEntropy', 'crossEntropyGrad'],
});

describe('a campaign against the naive kernel', () => {
  it.each(seeds)('should find the smallest overflow and underflow from seed %i', async (seed) => {
    const naive = await resultOf(builtinTarget('naive'), { seed, runs: 60, operations: ['softmax'] });
    const overflow = found(naive, 'softmax/nan/exp-overflow');
    expect(toHexWords(overflow.batch.logits)).toEqual(['42b20000']); // [89]
    expect(overflow.boundary && toHexWords([overflow.boundary.passes, overflow.boundary.fails])).toEqual([
      '42b17217',
      '42b17218',
    ]);
    const underflow = found(naive, 'softmax/nan/exp-underflow');
    expect([...underflow.batch.logits]).toEqual([-104]);
  });

  it('should keep NaN, infinite losses and NaN gradients in buckets of their own', async () => {
    const naive = await ofSeed1;
    const calls = Object.fromEntries(
      naive.findings.map(({ bucket, batch }) => [bucket, [[...batch.logits], [...batch.targets]]]),
    );
    expect(calls).toMatchObject({
      'crossEntropy/nan/exp-overflow': [[89], [0]],
      'crossEntropy/infinite/underflow': [[0, -104], [1]],
      'crossEntropyGrad/nan/exp-overflow': [[89], [0]],
      'crossEntropyGrad/nan/exp-underflow': [[-104], [0]],
    });
  });
});

describe('a campaign', () => {
  it('should find the same from the same seed', async () => {
    const operations = ['softmax', 'crossEntropy'] as const;
    const run = async () =>
      (await resultOf(builtinTarget('naive'), { seed: 2, runs: 40, operations })).findings;
    expect(await run()).toEqual(await run());
  });

  it('should give findings that fail in their bucket, are no larger than they were, and have true boundaries', async () => {
    const target = builtinTarget('naive');
    const { findings } = await ofSeed1;
    expect(findings.length).toBeGreaterThan(15);
    let boundaries = 0;
    for (const finding of findings) {
      const buckets = async (logits: Float32Array) => {
        const batch = { ...finding.batch, logits };
        return (await examine(target, finding.operation, createOracle(batch))).violations.map(bucketOf);
      };
      expect(await buckets(finding.batch.logits)).toContain(finding.bucket);
      expect(compareSimplicity(finding.batch, finding.original as Batch)).toBeLessThanOrEqual(0);
      if (finding.boundary === null) continue;
      boundaries++;
      const { cell, passes, fails } = finding.boundary;
      expect(await buckets(finding.batch.logits.with(cell, passes))).not.toContain(finding.bucket);
      expect(await buckets(finding.batch.logits.with(cell, fails))).toContain(finding.bucket);
    }
    expect(boundaries).toBeGreaterThan(findings.length / 2);
  });

  it('should see a fault of the shape as such, not as an overflow that happens to be there', async () => {
    const target = sequential('odd-tail', (logits, rows, cols) => {
      const right = stable.softmax(logits, rows, cols);
      return cols % 2 === 1 && cols > 8 ? right.fill(0, -1) : right;
    });
    const { findings } = await resultOf(target, { seed: 3, runs: 150 });
    // Its zeros are wrong for a row with NaN too.
    expect(findings.map(({ bucket }) => bucket)).toEqual([
      'softmax/zeroed/ordinary',
      'softmax/special-value/nan',
    ]);
    expect(findings.map(({ batch }) => batch.cols)).toEqual([9, 9]);
    expect(findings[0].batch.logits).toEqual(new Float32Array(9));
  });

  it('should go on after a kernel that throws, lies about its shape or changes its input', async () => {
    const target = sequential('hostile', (logits, rows, cols) => {
      if (cols === 3) throw new RangeError('three is a crowd');
      if (cols === 4) return new Float32Array(1);
      if (cols === 5) logits[0] = 7 - logits[0];
      return stable.softmax(logits, rows, cols);
    });
    const { findings } = await resultOf(target, { seed: 3, runs: 100 });
    expect(findings.map(({ bucket, detail, batch }) => [bucket, detail, batch.cols])).toEqual([
      ['softmax/mutated-input', 'it changed its logits', 5],
      ['softmax/bad-shape', 'returned Float32Array(1): expected Float32Array(4)', 4],
      ['softmax/threw', 'RangeError: three is a crowd', 3],
    ]);
  });

  it('should call a kernel that errs now and then unsteady, and not shrink its noise', async () => {
    let calls = 0;
    const softmax: typeof stable.softmax = (logits, rows, cols) => {
      const right = stable.softmax(logits, rows, cols);
      return ++calls % 7 === 0 ? right.fill(0.3) : right;
    };
    const target = createTarget('unsteady', { softmax }, { profile: 'sequential', repeatable: false });
    const { findings } = await resultOf(target, { seed: 3, runs: 100 });
    expect(findings.map(({ bucket, shrink }) => [bucket, shrink.evaluations])).toEqual([
      ['softmax/nondeterministic/warning', 0],
    ]);
    expect(findings[0].detail).toMatch(
      /^it failed as softmax\/.* when it was met, and in [012] of [46] further calls with the same input$/,
    );
  });

  it('should end early when aborted, and keep what it found', async () => {
    const controller = new AbortController();
    controller.abort();
    const run = await fuzz([builtinTarget('naive')], { seed: 1, signal: controller.signal });
    expect(run.interrupted).toBe(true);
    expect(run.targets[0].cases).toBe(1);
    expect(run.targets[0].findings.length).toBeGreaterThan(3);
    expect(run.targets[0].findings.every(({ shrink }) => !shrink.minimal)).toBe(true);
  });
});

function sequential(name: string, softmax: CompleteKernel['softmax']): Target {
  return createTarget(name, { softmax }, { profile: 'sequential' });
}

function found({ findings }: TargetResult, bucket: string): Finding {
  const finding = findings.find((each) => each.bucket === bucket);
  if (finding === undefined) throw new Error(`${bucket} was not found`);
  return finding;
}
