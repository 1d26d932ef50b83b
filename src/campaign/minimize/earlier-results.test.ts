import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../../core/batch.ts';
import { createLearned } from './earlier-results.ts';

const long = batchOf([[1, 2, 3, 4]]);

/** What was learned from these, and what it asks for. */
function learnedFrom(...batches: readonly Batch[]) {
  const learned = createLearned();
  for (const each of batches) learned.add(each);
  return learned;
}

describe('createLearned', () => {
  it('should give the simplest batch that fails and is simpler than what was met', async () => {
    const asked: number[][] = [];
    const fails = async ({ logits }: Batch) => {
      asked.push([...logits]);
      return logits.length > 1;
    };
    const learned = learnedFrom(
      batchOf([[1, 2, 3, 4, 5]]),
      batchOf([[0, 89]]),
      batchOf([[89]]),
      batchOf([[89]]),
    );
    expect(await learned.simplest(long, 'softmax', fails, () => false)).toEqual(batchOf([[0, 89]]));
    expect(asked).toEqual([[89], [0, 89]]);
  });

  it('should give nothing where none of them fails, nor once it is over', async () => {
    const learned = learnedFrom(batchOf([[89]]));
    expect(
      await learned.simplest(
        long,
        'softmax',
        async () => false,
        () => false,
      ),
    ).toBeNull();
    expect(
      await learned.simplest(
        long,
        'softmax',
        async () => true,
        () => true,
      ),
    ).toBeNull();
  });

  it('should give upstream values to operations that read them, and to no others', async () => {
    const upstream = Float32Array.of(1);
    const learned = learnedFrom(batchOf([[0]]), { ...batchOf([[89]]), upstream });
    const given = (from: Batch, operation: 'softmax' | 'softmaxGrad') =>
      learned.simplest(
        from,
        operation,
        async () => true,
        () => false,
      );
    expect(await given({ ...long, upstream: new Float32Array(4) }, 'softmaxGrad')).toMatchObject({
      upstream,
    });
    expect(await given(long, 'softmax')).toEqual(batchOf([[0]]));
  });
});
