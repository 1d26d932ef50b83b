import { describe, expect, it } from 'vitest';
import { parseHtml } from '../../properties/support/html.ts';
import { sweepHere } from '../../properties/support/sweeps.ts';
import { stable } from '../kernels/stable.ts';
import { createTarget } from '../targets/create.ts';
import { toSweepHtml } from './page.ts';
import { createPlan } from './plan.ts';
import { positionOf } from './positions.ts';

describe('toSweepHtml', () => {
  it('should have the verdict, a plot of each series with its numbers as a table, and the text', async () => {
    const target = createTarget('<mine>', {
      softmax: (x, rows, cols) => stable.softmax(x, rows, cols).map((p) => (x[0] > 88 ? Number.NaN : p)),
    });
    const range = { from: positionOf(1), to: positionOf(1e4), stride: 2 ** 22 };
    const result = await sweepHere(target, createPlan('softmax', 'default', range));
    const { tags, text } = parseHtml(toSweepHtml(target, result, new Date(0)));
    expect(tags.filter(({ name }) => name === 'svg')).toHaveLength(4);
    expect(tags.filter(({ name }) => name === 'tr').length).toBe(result.blocks.length + 1);
    expect(text).toMatch('&lt;mine&gt;: FALSIFIED.');
    expect(text).toMatch(
      'softmax of the rows [x, 0] and [0, x] · profile default · 1 January 1970, 00:00 UTC',
    );
    expect(text).toMatch('softmax of [x, 0] and [0, x] for ');
  });
});
