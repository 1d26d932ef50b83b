import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../core/batch.ts';
import type { Finding } from '../core/finding.ts';
import type { Operation } from '../core/operation.ts';
import { stable } from '../kernels/stable.ts';
import { builtinTarget } from '../targets/builtin.ts';
import { createTarget } from '../targets/create.ts';
import type { Pool } from './explore/exploring.ts';
import { type FuzzOptions, fuzz } from './fuzz.ts';

const targets = [builtinTarget('stable')];
const options: FuzzOptions = { seed: 1, runs: 100, operations: ['softmax'] };

/** A pool whose processes end at once; `before` they do. */
function dying(before: () => void): Pool {
  return {
    lanes: 2,
    explore: async () => {
      before();
      throw new Error('Worker exited unexpectedly');
    },
  };
}

describe('fuzz', () => {
  it('should find the same in softmax whether or not its gradient is judged, which alone is given upstream values', async () => {
    const target = builtinTarget('naive');
    const findingsOf = async (operations: readonly Operation[]) =>
      (await fuzz([target], { seed: 1, runs: 60, operations })).targets[0].findings;
    const [alone, both] = [await findingsOf(['softmax']), await findingsOf(['softmax', 'softmaxGrad'])];
    expect(alone.length).toBeGreaterThan(0);
    const plain = ({ shows: _, ...finding }: Finding) => finding; // The gradient shows more buckets.
    expect(both.filter(({ operation }) => operation === 'softmax').map(plain)).toEqual(alone.map(plain));
    expect(
      alone.every(({ batch, original, worst }) =>
        [batch, original, worst.batch].every((each) => (each as Batch).upstream === null),
      ),
    ).toBe(true);
    const products = both.filter(({ operation }) => operation === 'softmaxGrad');
    expect(products.length).toBeGreaterThan(0);
    expect(
      products.every(
        ({ batch, original }) => batch.upstream !== null && (original as Batch).upstream !== null,
      ),
    ).toBe(true);
  });

  it('should make one call in eight again, find other bits that come now and then, and count', async () => {
    let calls = 0;
    const fickle = createTarget('test', {
      softmax(...call) {
        const answer = stable.softmax(...call);
        const k = answer.findIndex((each) => each > 0.1 && each < 1);
        return ++calls % 31 === 0 && k !== -1 ? answer.with(k, answer[k] * (1 + 2 ** -23)) : answer;
      },
    });
    const small = { maxRows: 3, maxCols: 16 };
    const found = (await fuzz([fickle], { seed: 1, runs: 400, generation: small })).targets[0];
    expect(found.findings).toMatchObject([{ bucket: 'softmax/nondeterministic', severity: 'error' }]);
    const { asked, same } = found.repeats ?? { asked: 0, same: 0 };
    expect(asked).toBeGreaterThan(45);
    expect(asked - same).toBe(found.findings[0].occurrences);

    const steady = (await fuzz(targets, { ...options, runs: 160, generation: small })).targets[0].repeats;
    expect(steady?.same).toBe(steady?.asked);
    expect(steady?.asked).toBeGreaterThan(18);
  });

  it('should claim no boundary for a kernel that fails beyond it too, in another bucket', async () => {
    const nothing = createTarget('nothing', { softmax: (logits) => logits.map(() => Number.NaN) });
    const [{ findings }] = (await fuzz([nothing], { ...options, runs: 30 })).targets;
    expect(findings.map(({ kind }) => kind)).toContain('nan');
    expect(findings.filter(({ kind, boundary }) => kind === 'nan' && boundary !== null)).toEqual([]);
  });

  it('should claim none where the answer beyond is as wrong, if only a warning, but where it is much less wrong', async () => {
    // In units of u, of which default allows 7 to equal logits, and the field 12.
    const boundaryOf = async (equal: number, other: number) => {
      const softmax = (x: Float32Array, rows: number, cols: number) => {
        const p = stable.softmax(x, rows, cols);
        const isPair = rows === 1 && cols === 2;
        return isPair ? p.with(0, p[0] * (1 + (x[0] === x[1] ? equal : other) * 2 ** -24)) : p;
      };
      const saved = [{ batch: batchOf([[0, 0]]), file: 'pair.json' }];
      const run = await fuzz([createTarget('off', { softmax })], { ...options, runs: 0, saved });
      const error = run.targets[0].findings.find(({ severity }) => severity === 'error');
      return error?.boundary ?? null;
    };
    expect(await boundaryOf(16, 0)).toMatchObject({ fails: 0 });
    expect(await boundaryOf(16, 11)).toBe(null);
    expect(await boundaryOf(40, 11)).toMatchObject({ fails: 0 });
  });

  it('should fail when its processes end', async () => {
    await expect(fuzz(targets, options, { pool: dying(() => {}) })).rejects.toThrow('Worker exited');
  });

  it('should keep what it has when they end because it is to end', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const run = await fuzz(targets, { ...options, signal }, { pool: dying(() => controller.abort()) });
    expect([run.interrupted, run.targets[0].cases]).toEqual([true, 1]); // The article's batch.
  });

  it('should call an empty campaign a mistake, and an empty shard none', async () => {
    const empty: FuzzOptions = { ...options, runs: 0, generation: { cols: 7 } };
    await expect(fuzz(targets, empty)).rejects.toThrow('nothing was run');
    const { targets: results } = await fuzz(targets, empty, { shard: { index: 2, count: 2 } });
    expect(results).toMatchObject([{ cases: 0, verdict: 'held' }]);
  });

  it('should give a target that is compiled for one size no other, while it searches and while it shrinks', async () => {
    const given = new Set<number>();
    const wrong = (logits: Float32Array, _rows: number, cols: number): Float32Array => {
      given.add(cols);
      return logits.slice();
    };
    const target = createTarget('compiled', { softmax: wrong }, { cols: 5 });
    const run = await fuzz([target, ...targets], { ...options, runs: 20 });
    expect([...given]).toEqual([5]);
    expect(run.targets[0].findings.length).toBeGreaterThan(0);
  });

  it('should say how far it is: generated cases of this shard, then buckets', async () => {
    const shown: string[] = [];
    const slow = { ...targets[0], kernel: { softmax: slowly } };
    const onProgress = (p: { phase: string; done: number; total: number | null }) =>
      shown.push(`${p.phase} ${p.done <= 1000} of ${p.total}`);
    await fuzz(
      [slow],
      { ...options, runs: 2500, generation: { rows: 1, cols: 1 }, onProgress },
      {
        shard: { index: 1, count: 2 },
      },
    );
    expect(shown).toContain('exploring true of 1500');
  });
});

/** A softmax of single logits that takes a quarter of a millisecond. */
function slowly(logits: Float32Array): Float32Array {
  const end = performance.now() + 0.25;
  while (performance.now() < end);
  return new Float32Array(logits.length).fill(1);
}
