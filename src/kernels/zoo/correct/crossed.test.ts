import { describe, expect, it } from 'vitest';
import { batchFor, casesOf } from '../../../campaign/explore/cases.ts';
import { drawnFor, logitsOf } from '../../../campaign/subject.ts';
import { operationsOf } from '../../../core/kernel.ts';
import { bucketOf } from '../../../core/violation.ts';
import { examineLaw } from '../../../laws/examine-law.ts';
import { createOracle } from '../../../oracle/exact.ts';
import { createTarget } from '../../../targets/create.ts';
import { crossed } from './crossed.ts';
import { correctDesigns } from './index.ts';

const named = correctDesigns.filter(({ name }) => ['options-in-turn', 'losses-in-turn'].includes(name));

describe('crossed designs', () => {
  it.each(crossed(named, ['fp32', 'fp16', 'bf16']))(
    'should be right in every layout: $name',
    async ({ name, kernel, declaration }) => {
      const target = createTarget(name, kernel, declaration);
      const subject = { target, operations: operationsOf(kernel) };
      const generation = { maxRows: 6, maxCols: 7, ...drawnFor([subject]) };
      const cases = casesOf({ seed: 3, saved: [], generation });
      for (let number = 0; number < 8; number++)
        for (const operation of subject.operations) {
          const batch = batchFor(cases.at(number, logitsOf(target)), target, operation);
          if (batch.logits.length > 2000) continue;
          const { violations } = await examineLaw(target, operation, createOracle(batch), 'layout');
          expect({ number, operation, found: violations.map(bucketOf) }).toMatchObject({ found: [] });
        }
    },
  );
});
