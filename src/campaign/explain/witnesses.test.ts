import { describe, expect, it } from 'vitest';
import { findingOf } from '../../../properties/support/findings.ts';
import { batchOf } from '../../core/batch.ts';
import { noSize } from '../../core/error-size.ts';
import { naive } from '../../kernels/naive.ts';
import { withOptions } from '../../options/index.ts';
import { createTarget } from '../../targets/create.ts';
import { createDiagnose } from './witnesses.ts';

/** A kernel without a maximum, how often it was called, and how its findings are diagnosed. */
function subject(fail: () => void = () => {}) {
  const calls: string[] = [];
  const softmax: typeof naive.softmax = (logits, rows, cols) => {
    calls.push(`${rows}: ${logits}`);
    fail();
    return naive.softmax(logits, rows, cols);
  };
  const target = createTarget('mine', { softmax });
  return { calls, diagnose: createDiagnose({ target, operations: ['softmax'] }, {}) };
}

describe('createDiagnose', () => {
  it('should ask the target for more inputs, each once for all findings, and name what they support', async () => {
    const { calls, diagnose } = subject();
    const { causes } = await diagnose(findingOf(), undefined);
    expect(causes?.map(({ words }) => words)).toContain('subtracts no maximum');
    expect(calls.length).toBeGreaterThan(2);
    expect(new Set(calls).size).toBe(calls.length);
    const asked = calls.length;
    expect((await diagnose(findingOf(), undefined)).causes).toEqual(causes);
    expect(calls.length).toBe(asked);
  });

  it('should ask a target of BF16 in its numbers', async () => {
    const words: unknown[] = [];
    const target = createTarget(
      'words',
      {
        softmax: (logits, rows, cols) => {
          words.push(logits);
          return new Uint16Array(rows * cols).fill(0x7fc0) as never;
        },
      },
      { format: 'bf16' },
    );
    const formats = { logits: 'bf16', answer: 'bf16', arithmetic: 'fp32' } as const;
    const finding = findingOf({ batch: { ...batchOf([[89]]), format: 'bf16' }, formats });
    await createDiagnose({ target, operations: ['softmax'] }, {})(finding, undefined);
    expect(words.length).toBeGreaterThan(0);
    expect(words.every((each) => each instanceof Uint16Array)).toBe(true);
  });

  it('should ask in no other size than that of a fixed option', async () => {
    const asked: number[] = [];
    const softmax: typeof naive.softmax = (logits, rows, cols) => {
      asked.push(cols);
      return naive.softmax(logits, rows, cols);
    };
    const bias = Float32Array.of(0, 1, 0);
    const target = createTarget('mine', { softmax }, { cols: 3, options: { softmax: { bias } } });
    const batch = withOptions(batchOf([[0, 0, 89]]), { bias });
    await createDiagnose({ target, operations: ['softmax'] }, { cols: 3 })(findingOf({ batch }), undefined);
    expect(asked.every((cols) => cols === 3)).toBe(true);
  });

  it('should ask for the scores on which mistakes show where a scale is fixed', async () => {
    const scores: number[] = [];
    const softmax: typeof naive.softmax = (logits, rows, cols) => {
      const scaled = logits.map((x) => x * 0.25);
      scores.push(...scaled);
      return naive.softmax(scaled, rows, cols);
    };
    const target = createTarget('mine', { softmax }, { options: { softmax: { scale: 0.25 } } });
    const batch = withOptions(batchOf([[355]]), { scale: 0.25 });
    const finding = findingOf({ batch, boundary: null, worst: { batch, ...noSize }, original: batch });
    const { causes } = await createDiagnose({ target, operations: ['softmax'] }, {})(finding, undefined);
    expect(causes?.map(({ words }) => words)).toContain('subtracts no maximum');
    expect(scores).toContain(89);
  });

  it('should ask nothing for what is not shrunk', async () => {
    const { calls, diagnose } = subject();
    const cut = findingOf({ shrink: { evaluations: 0, improvements: 0, minimal: false, cut: true } });
    expect(await diagnose(cut, undefined)).toBe(cut);
    expect(calls).toEqual([]);
  });

  it('should know no mistake of what right steps in FP32 answer too', async () => {
    const { calls, diagnose } = subject();
    const finding = findingOf({
      profile: 'strict',
      operation: 'logSumExp',
      severity: 'warning',
      bucket: 'logSumExp/zeroed/ordinary/warning',
      batch: batchOf([[0, -17]]),
      output: Float32Array.of(0),
      boundary: null,
    });
    expect((await diagnose(finding, undefined)).causes).toEqual([]);
    expect(calls).toEqual([]);
  });

  it('should refute what the target answers with an exception, and leave open what it has no time to ask', async () => {
    const throwing = subject(() => {
      throw new Error('no');
    });
    expect((await throwing.diagnose(findingOf(), undefined)).causes).toEqual([]);
    const { calls, diagnose } = subject();
    const noisy = findingOf({ batch: batchOf([[89]]), output: Float32Array.of(Number.NaN) });
    expect((await diagnose(noisy, AbortSignal.abort())).causes).toBeUndefined();
    expect(calls).toEqual([]);
  });
});
