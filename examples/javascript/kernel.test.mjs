import fc from 'fast-check';
import { batches, createTarget, fuzz } from 'softmax-fuzz';
import { expect, test } from 'vitest';
import { softmax } from './kernel.mjs';

test('softmax is right on adversarial batches', async () => {
  const { targets } = await fuzz([createTarget('kernel', { softmax })], { seed: 1, runs: 300 });
  expect(targets[0].findings.map(({ bucket, batch }) => [bucket, batch.logits])).toEqual([]);
});

test('softmax has its largest probability where the largest logit is', () => {
  const property = fc.property(batches({ rows: 1 }), ({ logits, rows, cols }) => {
    const probabilities = softmax(logits, rows, cols);
    const max = logits.indexOf(Math.max(...logits));
    expect(Number.isNaN(probabilities[max]) || probabilities[max] === Math.max(...probabilities)).toBe(true);
  });
  fc.assert(property, { seed: 1, numRuns: 200 });
});
