import { describe, expect, it } from 'vitest';
import { batchOf } from '../../core/batch.ts';
import { inFp32 } from '../../formats/index.ts';
import { withOptions } from '../../options/index.ts';
import { tensorsOf } from './tensors.ts';

describe('tensorsOf', () => {
  it.each([1, 2])('should give probabilities the shape of the logits, of %d rows', (rows) => {
    const batch = withOptions(batchOf(new Array(rows).fill([0, 1])), {
      probabilities: new Float32Array(2 * rows).fill(0.5),
      classWeights: Float32Array.of(1, 2),
      upstream: new Float32Array(rows),
      reduction: 'none',
    });
    const shapes = Object.fromEntries(tensorsOf(batch, inFp32).map(({ name, shape }) => [name, shape]));
    expect(shapes).toEqual({
      logits: [rows, 2],
      targets: [rows],
      probabilities: [rows, 2],
      classWeights: [2],
      upstream: [rows],
    });
  });
});
