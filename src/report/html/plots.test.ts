import { describe, expect, it } from 'vitest';
import { resultWith } from '../../../properties/support/findings.ts';
import { parseHtml } from '../../../properties/support/html.ts';
import {
  addBands,
  addPlaces,
  type Bands,
  createPlaceCounter,
  type Places,
} from '../../campaign/explore/bands.ts';
import { batchOf } from '../../core/batch.ts';
import { createOracle } from '../../oracle/exact.ts';
import type { RecordedTarget } from '../../record/run.ts';
import { plotsSection } from './plots.ts';

/** What is measured of softmax([0, -gap]), whose second number is off by so many ULP, of which `use` of the budget. */
function off(gap: number, ulps: number, use: number, isWrong = false): { places: Places; coverage: Bands } {
  const counter = createPlaceCounter('softmax', createOracle(batchOf([[0, -gap]])));
  counter.count(1, ulps, use);
  if (isWrong) counter.countWrong(1);
  return { places: counter.places(), coverage: counter.coverage() };
}

function together(all: readonly ReturnType<typeof off>[]): Pick<RecordedTarget, 'places' | 'coverage'> {
  return {
    places: new Map([['softmax', all.map(({ places }) => places).reduce(addPlaces)]]),
    coverage: all.map(({ coverage }) => coverage).reduce(addBands),
  };
}

const measured = together([off(0, 0.25, 0), off(17, 3, 0.5), off(90, 40, 8, true), off(1000, 0, 0)]);
const accuracy = {
  operation: 'softmax',
  numbers: 1000,
  typicalUlp: 0.25,
  highUlp: 1.1,
  typicalUse: 0.1,
  worstUlp: { error: 2.4, case: 3, index: 1, cols: 2, logits: null },
  worstUse: { error: 0.41, case: 3, index: 1, cols: 2, logits: null },
  ulps: new Map([
    [-8, 990],
    [5, 10],
  ]),
} as const;

const { markup } = plotsSection(resultWith({ ...measured, accuracies: [accuracy] }), 'p') ?? { markup: '' };
const { tags, text } = parseHtml(markup);

describe('plotsSection', () => {
  it('should have four figures, each with its numbers as a table', () => {
    expect(tags.filter(({ name }) => name === 'figure')).toHaveLength(4);
    expect(tags.filter(({ name }) => name === 'table')).toHaveLength(4);
    expect(tags.filter(({ name }) => name === 'caption')).toHaveLength(4);
    expect(text).toContain('16 to 18' + '3 (0.5)');
    expect(text).toContain('88 to 90' + '40 (8) ×1');
    expect(text).toContain('above 112' + '0 (0)');
    expect(text).toContain('1/4 to 1/2990');
    expect(text).toContain('2⁶ to 2⁷8 ×1');
  });

  it('should say what is seen', () => {
    expect(text).toContain('The worst error is 40 ULP, at gap 88 to 90. Wrong answers at gap 88 to 90.');
    expect(text).toContain('Most errors, 99 %, are 1/4 to 1/2 ULP, of 1,000 numbers.');
    expect(text).toContain(
      '4 of 58 cells were met, 1 of them with wrong answers or errors beyond the budget.',
    );
  });

  it('should name and describe each plot, by ids of its own', () => {
    const ids = tags.flatMap(({ attributes }) => attributes.get('id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const plots = tags.filter(
      ({ attributes }) => attributes.get('class')?.startsWith('plot') && attributes.has('viewBox'),
    );
    expect(plots).toHaveLength(4);
    for (const { attributes } of plots) {
      expect(attributes.get('role')).toBe('img');
      for (const id of attributes.get('aria-labelledby')?.split(' ') ?? []) expect(ids).toContain(id);
    }
  });

  it('should mark what is beyond the budget by a color and by a sign', () => {
    expect(tags.filter(({ attributes }) => attributes.get('class') === 'dots over')).toHaveLength(2);
    expect(tags.filter(({ attributes }) => attributes.get('class') === 'crosses')).toHaveLength(2);
  });

  it('should draw within its frame, whatever the numbers are', () => {
    const huge = plotsSection(
      resultWith(together([off(1, 1e80, Number.POSITIVE_INFINITY), off(90, Number.NaN, 0)])),
      'p',
    );
    expect(huge?.markup).not.toMatch(/NaN|Infinity/);
    expect(huge?.markup).toContain('none allowed');
    expect(parseHtml(huge?.markup ?? '').text).toContain('1e+80');
  });

  it('should be nothing where nothing was measured', () => {
    expect(plotsSection(resultWith(), 'p')).toBeNull();
  });
});
