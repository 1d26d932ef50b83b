import fc from 'fast-check';
import { batches } from 'softmax-fuzz';
import { testKernel } from 'softmax-fuzz/vitest';
import { expect, test } from 'vitest';
import { softmax } from './kernel.mjs';

testKernel('kernel', { softmax }, { runs: 300, strict: true });

test('softmax has its largest probability where the largest logit is', () => {
  const property = fc.property(batches({ rows: 1 }), ({ logits, rows, cols }) => {
    const probabilities = softmax(logits, rows, cols);
    const max = logits.indexOf(Math.max(...logits));
    expect(Number.isNaN(probabilities[max]) || probabilities[max] === Math.max(...probabilities)).toBe(true);
  });
  fc.assert(property, { seed: 1, numRuns: 200 });
});
