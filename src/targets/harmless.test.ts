import { describe, expect, it } from 'vitest';
import { operations } from '../core/operation.ts';
import { createOracle } from '../oracle/exact.ts';
import { harmlessAnswer, harmlessBatch } from './harmless.ts';

describe('harmlessAnswer', () => {
  it.each(operations)('should be that of the oracle: %s', (operation) => {
    for (const sizes of [{}, { rows: 1 }, { cols: 1 }, { rows: 5, cols: 40 }]) {
      const batch = harmlessBatch(operation, sizes);
      expect(batch).toMatchObject({ rows: 2, cols: 3, ...sizes });
      const exact = createOracle(batch).answer(operation).values;
      const answer = harmlessAnswer(operation, batch);
      expect(answer).toHaveLength(exact.length);
      answer.forEach((x, k) => {
        expect(Math.abs(x - exact[k].toNumber())).toBeLessThan(1e-12);
      });
    }
  });
});
