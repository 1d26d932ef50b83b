import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../../core/batch.ts';
import { withOptions } from '../../options/index.ts';
import { needsOf } from './needs.ts';

/** What is asked for a batch where all pass. */
async function askedOf(batch: Batch) {
  const asked: number[][] = [];
  const violations = async ({ logits }: Batch) => {
    asked.push([...logits]);
    return [];
  };
  const needs = await needsOf(batch, {
    bucket: 'softmax/nan/ordinary',
    kind: 'nan',
    violations,
    takes: () => true,
  });
  return { needs, asked };
}

describe('needsOf', () => {
  it('should ask each row once, and where they all pass alone nothing more', async () => {
    const found = await askedOf(
      batchOf([
        [1, 2],
        [3, 4],
        [1, 2],
      ]),
    );
    expect(found).toEqual({
      needs: ['rows'],
      asked: [
        [1, 2],
        [3, 4],
      ],
    });
  });

  it('should move the maximum of a row to 0 where no distance changes', async () => {
    expect(await askedOf(batchOf([[3, 1]]))).toEqual({ needs: ['offset'], asked: [[0, -2]] });
    // A sink is not moved with the logits.
    const withSink = withOptions(batchOf([[3, 1]]), { sink: 3 });
    expect(await askedOf(withSink)).toEqual({ needs: [], asked: [] });
  });

  it.each<[string, Batch]>([
    ['has that maximum', batchOf([[0, -2]])],
    ['has no finite maximum', batchOf([[Number.NEGATIVE_INFINITY]])],
    ['would lose a distance', batchOf([[1e9, 0.5]])],
    ['would leave its format', { ...batchOf([[0.75, -92]]), format: 'bf16' }],
  ])('should not move a row that %s', async (_, batch) => {
    expect(await askedOf(batch)).toEqual({ needs: [], asked: [] });
  });
});
