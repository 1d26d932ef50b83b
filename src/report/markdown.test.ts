import { describe, expect, it } from 'vitest';
import { noLimits, recordedOf, resultWith } from '../../properties/support/findings.ts';
import { batchOf } from '../core/batch.ts';
import { fp32 } from '../formats/index.ts';
import { sizeOfError } from '../judge/compare.ts';
import { toMarkdown } from './markdown.ts';

describe('toMarkdown', () => {
  it('should be the page under snapshot', async () => {
    const overflow = recordedOf({
      known: true,
      target: { name: 'naive', specifier: 'naive' },
      worst: {
        batch: batchOf([[100, 0]]),
        ...sizeOfError(0.3, { error: 0.7, budgetUse: 0.7 / 1e-6 }, 1, 1, fp32),
      },
    });
    const wide = recordedOf(
      {
        operation: 'crossEntropyGrad',
        kind: 'zeroed',
        bucket: 'crossEntropyGrad/zeroed/ordinary',
        batch: batchOf([new Array(1024).fill(0).with(1000, 3), new Array(1024).fill(0)], [1, 1000]),
        output: new Float32Array(2048),
        expected: new Float32Array(2048).fill(2 ** -11),
        index: 2047,
        ...sizeOfError(0, { error: 2 ** -11, budgetUse: 1e6 }, 2 ** -11, 0.5, fp32),
        typicalWeight: 2 ** -10,
        boundary: null,
        explanation: { values: 16, logits: [0, 1], classes: 16, targets: [1], upstream: [], together: true },
      },
      '00000003',
    );
    const thrown = recordedOf(
      {
        kind: 'threw',
        bucket: 'softmax/threw',
        output: null,
        index: null,
        detail: 'Error: `a` | <b>',
        boundary: null,
      },
      '00000004',
    );
    const naive = {
      name: 'naive',
      specifier: 'naive',
      kernel: {},
      profile: 'sequential',
      laws: [],
      known: [],
    };
    const page = toMarkdown({
      seed: 42,
      limits: noLimits,
      elapsedMs: 61_000,
      interrupted: true,
      targets: [
        resultWith({ target: naive, verdict: 'known', findings: [overflow], notFound: ['softmax/zeroed/*'] }),
        resultWith({ verdict: 'falsified', findings: [wide, thrown] }),
        resultWith({ target: { ...naive, name: 'a|b' } }),
      ],
    });
    await expect(page).toMatchFileSnapshot('snapshots/summary.md');
  });
});
