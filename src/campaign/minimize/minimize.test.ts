import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../../core/batch.ts';
import type { Trigger } from '../../core/trigger.ts';
import { createTarget } from '../../targets/create.ts';
import { harmlessAnswer } from '../../targets/harmless.ts';
import type { Discovered } from './discovered.ts';
import { createLearned } from './earlier-results.ts';
import { minimize } from './minimize.ts';

/** A discovery of an inaccurate loss, of this weight. */
function discovered(batch: Batch, trigger: Trigger, weight: number): Discovered {
  return {
    signature: { operation: 'crossEntropy', kind: 'inaccurate', trigger, severity: 'error' },
    batch,
    origin: { by: 'article' },
    weight,
    worst: { batch, weight } as unknown as Discovered['worst'],
    weights: new Map(),
    occurrences: 1,
  };
}

/** The mean loss of a batch of some rows. */
const lossOf = (logits: Float32Array, targets: Int32Array, rows: number, cols: number): number =>
  harmlessAnswer('crossEntropy', { rows, cols, logits, targets, upstream: null })[0];

describe('minimize', () => {
  it('should count as anything only what fails as heavily', async () => {
    const target = createTarget('by class', {
      crossEntropy: (logits, targets, rows, cols) =>
        lossOf(logits, targets, rows, cols) + (targets[0] === 0 ? 0.5 : 1e-4),
    });
    const start = discovered(batchOf([[0, 0]], [0]), 'ordinary', 0.5);
    const { bucket, explanation } = await minimize(target, start, { generation: { rows: 1, cols: 2 } });
    expect(bucket).toBe('crossEntropy/inaccurate/ordinary');
    expect(explanation?.targets ?? []).toEqual([]);
  });

  it('should take what another has shrunk to where there is no time, if it fails in the same way', async () => {
    const target = createTarget('off', {
      crossEntropy: (logits, targets, rows, cols) => lossOf(logits, targets, rows, cols) + 0.5,
    });
    const learned = createLearned();
    learned.add(batchOf([[0]]));
    const met = batchOf([[3, 1, 2]], [1]);
    const cut = { generation: {}, signal: AbortSignal.abort(), causes: new AbortController().signal };
    const { batch, shrink } = await minimize(target, discovered(met, 'ordinary', 0.5), { ...cut, learned });
    expect(batch).toEqual(batchOf([[0]]));
    expect(shrink).toEqual({ evaluations: 1, improvements: 1, minimal: false, cut: true });
    const alone = await minimize(target, discovered(met, 'ordinary', 0.5), cut);
    expect(alone.batch).toEqual(met);
  });

  it('should tell that a failure needs other rows', async () => {
    const target = createTarget('halved', {
      crossEntropy: (logits, targets, rows, cols) =>
        lossOf(logits, targets, rows, cols) * (targets.some((each) => each !== targets[0]) ? 0.5 : 1),
    });
    const start = discovered(
      batchOf(
        [
          [3, 1],
          [2, 5],
          [0, 4],
        ],
        [1, 0, 0],
      ),
      'ordinary',
      0.5,
    );
    const { batch, needs } = await minimize(target, start, { generation: {} });
    expect([batch.rows, needs]).toEqual([2, ['rows']]);
  });

  it('should take a loss that saturates to a row of no trigger, from an error as large as the loss too', async () => {
    const target = createTarget('saturating', {
      crossEntropy: (logits, targets, rows, cols) => {
        const probability = Math.exp(-lossOf(logits, targets, rows, cols));
        return -Math.log(Math.min(Math.max(probability, 1e-7), 1 - 1e-7));
      },
    });
    const start = discovered(batchOf([[0, -1e30]], [1]), 'underflow', 1);
    const { bucket, weight } = await minimize(target, start, { generation: {} });
    expect(bucket).toBe('crossEntropy/inaccurate/ordinary');
    expect(weight).toBeGreaterThan(1 / 16);
  });
});
