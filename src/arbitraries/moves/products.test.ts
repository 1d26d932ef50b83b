import { describe, expect, it } from 'vitest';
import { type Batch, batchOf, createBatch } from '../../core/batch.ts';
import { shrink } from '../../shrink/descend.ts';
import { balanceProducts } from './products.ts';

const row = (logits: number[], upstream: number[]): Batch =>
  createBatch(1, logits.length, logits, [0], upstream);

describe('balanceProducts', () => {
  it('should offer integers for a logit, with the upstream values that keep the product', () => {
    const offered = Array.from(balanceProducts(row([-6], [10])), ({ logits, upstream }) => [
      logits[0],
      upstream?.[0],
    ]);
    expect(offered).toEqual([
      [-1, 60],
      [-1, 80],
      [-2, 30],
      [-2, 40],
      [-4, 15],
      [-4, 20],
    ]);
  });

  it('should offer nothing without upstream values, and no infinite ones', () => {
    expect([...balanceProducts(batchOf([[-6]]))]).toEqual([]);
    expect([...balanceProducts(row([3e38], [3e38]))]).toEqual([]);
  });

  it('should shrink an overflow of a product in FP16 to a logit of 1, whatever it began with', async () => {
    const overflows = ({ logits, upstream }: Batch) =>
      logits.some((x, k) => Math.abs(x * (upstream?.[k] ?? 0)) > 65504 && Math.abs(x) < 2000);
    for (const start of [row([0.5, 1234.5], [1, 77]), row([3.75, 0], [50_000, 1])]) {
      const { batch, minimal } = await shrink(start, overflows);
      expect([[...batch.logits], [...(batch.upstream ?? [])], minimal]).toEqual([[1], [65505], true]);
    }
  });
});
