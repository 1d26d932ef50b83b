import { describe, expect, it } from 'vitest';
import { type Batch, batchOf, createBatch, rowOf } from '../../core/batch.ts';
import type { Kernel } from '../../core/kernel.ts';
import type { Operation } from '../../core/operation.ts';
import { bucketOf } from '../../core/violation.ts';
import { estimate } from '../../judge/judge.ts';
import { createOracle } from '../../oracle/exact.ts';
import { createTarget } from '../../targets/create.ts';
import { examine } from '../../targets/examine.ts';
import { harmlessAnswer } from '../../targets/harmless.ts';
import { type Circumstances, circumstancesOf } from './circumstances.ts';

/** What is told of the first failure of a kernel on a batch. */
async function toldOf(
  kernel: Kernel,
  batch: Batch,
  operation: Operation = 'softmax',
): Promise<Circumstances> {
  const target = createTarget('mine', kernel);
  const look = (of: Batch) => examine(target, operation, createOracle(of), estimate);
  const [failure] = (await look(batch)).violations;
  const questions = {
    bucket: bucketOf(failure),
    kind: failure.kind,
    violations: async (of: Batch) => (await look(of)).violations,
    takes: () => true,
    step: 1,
    alike: 2 ** -18,
    answers: async (of: Batch) => {
      const { output } = await look(of);
      return output && { got: output, exact: createOracle(of).rounded(operation) };
    },
  };
  return circumstancesOf(batch, questions);
}

/** A softmax in double precision of logits that were changed, with a shift of its own, times what is given. */
function softmaxWith({
  change = (x: number) => x,
  shift = (_logits: Float32Array, row: Float32Array) => Math.max(...row),
  times = (_cols: number) => 1,
}): Kernel {
  return {
    softmax(logits, rows, cols) {
      const answer = new Float32Array(logits.length);
      for (let r = 0; r < rows; r++) {
        const row = rowOf({ ...batchOf([[0]]), rows, cols, logits }, r).map(change);
        const exps = Array.from(row, (x) => Math.exp(x - shift(logits, row)));
        const sum = exps.reduce((a, b) => a + b, 0);
        answer.set(
          exps.map((e) => (times(cols) * e) / sum),
          r * cols,
        );
      }
      return answer;
    },
  };
}

describe('circumstancesOf', () => {
  it('should say of a kernel that shifts by the first row of all that a row needs another', async () => {
    const ofFirst = softmaxWith({ shift: (logits) => logits[0] });
    expect(await toldOf(ofFirst, batchOf([[746], [0]]))).toEqual({ needs: ['rows'] });
    expect(await toldOf(ofFirst, batchOf([[0, 710]]))).toEqual({});
  });

  it('should say of a kernel that clamps logits that an offset sets it off, and nothing where a distance does', async () => {
    const clamping = softmaxWith({ change: (x) => Math.min(x, 50) });
    expect(await toldOf(clamping, batchOf([[0, 55]]))).toEqual({ needs: ['offset'] });
    const cutting = softmaxWith({ change: (x) => (x < 5 ? -40 : x) });
    expect(await toldOf(cutting, batchOf([[4, 9]]))).toEqual({});
  });

  it('should tell by what all answers are multiplied, of a single logit too', async () => {
    expect(await toldOf(softmaxWith({ times: () => 0.5 }), batchOf([[0]]))).toEqual({ factor: 0.5 });
    const three = await toldOf(softmaxWith({ times: () => 3 }), batchOf([[0, 1]]));
    expect(three.factor).toBeCloseTo(3, 4);
  });

  it('should tell the factor of a gradient that is divided by the rows once more', async () => {
    const divided: Kernel = {
      crossEntropyGrad(logits, targets, rows, cols) {
        const exact = harmlessAnswer('crossEntropyGrad', { rows, cols, logits, targets, upstream: null });
        return Float32Array.from(exact, (g) => g / 2);
      },
    };
    const batch = createBatch(2, 2, [0, 0, 0, 0], [0, 0]);
    expect((await toldOf(divided, batch, 'crossEntropyGrad')).factor).toBeCloseTo(0.5, 5);
  });

  it('should tell from which number of columns on it fails, and by what it multiplies there', async () => {
    const long = softmaxWith({ times: (cols) => (cols > 8 ? 0.5 : 1) });
    const batch = batchOf([new Array(9).fill(0)]);
    expect(await toldOf(long, batch)).toMatchObject({ sizeBoundary: { of: 'cols', passes: 8 }, factor: 0.5 });
  });

  it('should tell no factor where only some numbers are off', async () => {
    const first: Kernel = {
      softmax(logits, rows, cols) {
        const exact = harmlessAnswer('softmax', { ...batchOf([[0]]), rows, cols, logits });
        return Float32Array.from(exact, (p, k) => (k === 0 ? p / 2 : p));
      },
    };
    expect(await toldOf(first, batchOf([[0, 1]]))).toEqual({});
  });
});
