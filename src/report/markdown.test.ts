import { describe, expect, it } from 'vitest';
import { noLimits, recordedOf, resultWith } from '../../properties/support/findings.ts';
import { hostileRun } from '../../properties/support/hostile.ts';
import { batchOf } from '../core/batch.ts';
import { fp32 } from '../formats/index.ts';
import { sizeOfError } from '../judge/compare.ts';
import { inertRun } from './inert.ts';
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

  it('should have no markup, link or command in it that comes from elsewhere', () => {
    const run = hostileRun();
    const [mine, right] = run.targets;
    const notes = ['see https://example.org or [this](javascript:x), _really_ ![](x) snake_case'];
    const targets = [mine, { ...right, target: { ...right.target, notes } }];
    const page = toMarkdown(inertRun({ ...run, targets }));
    // In code spans and blocks nothing is markup: they end where they should, each on a line.
    const outside = page.replace(/^```sh\n.*\n```$/gm, '').replace(/(?<!\\)`[^`\n]*`/g, '');
    expect(outside).not.toMatch(/(?<!\\)[<`](?!a id="[0-9a-f]{8}"><\/a>|\/a>)|^::|##\[|\p{Cf}/mu);
    expect(page).toContain(
      'See https:/\\/example.org or \\[this\\](javascript:x), \\_really\\_ !\\[\\](x) snake_case.',
    );
    const rows = page.split('\n').filter((line) => line.startsWith('| '));
    const cells = rows.map((row) => row.match(/(?<!\\)\|/g)?.length);
    expect(cells).toEqual([8, 8, 8, 8, ...Array.from({ length: 6 }, () => 8)]);
  });
});
