import { expect, it } from 'vitest';
import { batchesWith, optionSets } from '../../properties/support/options.ts';
import { answersBatch, numbersPerRow, operations } from '../core/operation.ts';
import { rowSpecOf } from '../operations/index.ts';
import { createOracle } from '../oracle/exact.ts';
import { profiles } from '../row/profiles.ts';
import { costsOf, inputsInRow } from './budget.ts';

const rowOperations = operations.filter((operation) => !answersBatch(operation));

it.each(rowOperations)('the quick budget of %s should be no more than the budget', (operation) => {
  let asked = 0;
  const batches = optionSets.flatMap((set, k) => batchesWith(set, 8, k + 1));
  const plain = batches.map(({ options: _, ...batch }) => batch);
  for (const batch of [...batches, ...plain]) {
    const { approximate } = createOracle(batch);
    for (const profile of profiles)
      for (const [r, costs] of costsOf(batch, approximate, profile).entries()) {
        if (costs === null) continue;
        const allowed = rowSpecOf(operation, batch).budget(costs);
        const inputs = inputsInRow(operation, batch, r, approximate[r]);
        for (let i = 0; i < numbersPerRow(operation, batch.cols); i++) {
          if (approximate[r].gaps[i] === Number.POSITIVE_INFINITY) continue;
          const [quick, full] = [allowed(i, inputs, true), allowed(i, inputs)];
          if (Number.isNaN(full)) continue;
          asked++;
          expect(quick <= full).toBe(true);
        }
      }
  }
  expect(asked).toBeGreaterThan(1000);
});
