import { expect, it } from 'vitest';
import { batchOf } from '../../core/batch.ts';
import { createProofs, nothingSpent, type Shown, spentSince } from './proofs.ts';

it('should give a proof only of the same batch, bucket and law, and where asking would not have taken more than is left', () => {
  const proofs = createProofs();
  const shown = { bucket: 'softmax/timed-out' } as Shown;
  const spent = spentSince({ logits: 5, timeouts: 1, crashes: 0 }, { logits: 7, timeouts: 4, crashes: 0 });
  expect(spent).toEqual({ logits: 2, timeouts: 3, crashes: 0 });
  proofs.keep(batchOf([[1, 0]]), shown.bucket, undefined, { shown, spent });
  const of = (row: number[], bucket = shown.bucket, law?: 'repeatable', timeouts = 0) =>
    proofs.of(batchOf([row]), bucket, law, { ...nothingSpent, timeouts });
  expect(of([1, 0])).toBe(shown);
  expect(of([1, -0])).toBeNull();
  expect(of([1, 0], 'softmax/threw')).toBeNull();
  expect(of([1, 0], shown.bucket, 'repeatable')).toBeNull();
  expect(of([1, 0], shown.bucket, undefined, 8)).toBe(shown);
  expect(of([1, 0], shown.bucket, undefined, 9)).toBeNull();
});
