import { describe, expect, it } from 'vitest';
import { noLimits, recordedOf, resultWith } from '../../../properties/support/findings.ts';
import { parseHtml } from '../../../properties/support/html.ts';
import { batchOf } from '../../core/batch.ts';
import { operations } from '../../core/operation.ts';
import type { RecordedRun } from '../../record/run.ts';
import { toHtml } from './page.ts';

const date = new Date('2026-11-28T15:04:00Z');
const hostile = `</style></script><script>alert(1)</script>"' onload=x \u202e\x1b[31m ::error:: ${'x'.repeat(10_000)}`;

const loss = recordedOf(
  {
    target: { name: 'stable', specifier: 'stable' },
    known: true,
    operation: 'crossEntropy',
    kind: 'zeroed',
    severity: 'warning',
    bucket: 'crossEntropy/zeroed/ordinary/warning',
    batch: batchOf([[16777216, 16777216]], [0]),
    output: Float32Array.of(0),
    expected: Float32Array.of(Math.LN2),
    boundary: null,
  },
  '00000005',
);

const accuracy = {
  operation: 'softmax',
  numbers: 1000,
  typicalUlp: 0.25,
  highUlp: 1.1,
  ulps: new Map([
    [-8, 990],
    [5, 10],
  ]),
  typicalUse: 0.1,
  worstUlp: { error: 2.4, case: 3, index: 1, cols: 2, logits: Float32Array.of(0, -16) },
  worstUse: { error: 0.41, case: 3, index: 1, cols: 2, logits: null },
} as const;

function runWith(targets: RecordedRun['targets']): RecordedRun {
  return { seed: 1, limits: noLimits, elapsedMs: 61_000, interrupted: false, targets };
}

const run = runWith([
  resultWith({
    verdict: 'falsified',
    findings: [
      recordedOf(),
      recordedOf(
        { bucket: 'softmax/threw', kind: 'threw', output: null, index: null, detail: hostile },
        '00000002',
      ),
      recordedOf(
        { bucket: 'softmax/zeroed/ordinary', kind: 'zeroed', output: Float32Array.of(0) },
        '00000003',
      ),
    ],
    notFound: [hostile],
  }),
  resultWith({
    target: { name: 'stable', specifier: 'stable', profile: 'sequential', known: [] },
    verdict: 'known',
    findings: [loss],
    accuracies: [accuracy],
  }),
  resultWith({
    target: { name: hostile, specifier: hostile, profile: 'default', known: [], notes: [hostile] },
  }),
]);
const page = toHtml(run, date);
const { tags, text } = parseHtml(page);

describe('toHtml', () => {
  it('should say the verdict on each target in a sentence', () => {
    expect(text).toContain(
      'mine is falsified by 3 faults (softmax: NaN where the exact answer is finite), on 401 batches',
    );
    expect(text).toContain('stable shows nothing new: 1 known fault');
    expect(text).toContain(' held: every property of 1 operation, on 401 batches with 12,345 logits.');
  });

  it('should tell the step that is first not finite, and the one that loses most', () => {
    const naive = { name: 'naive', specifier: 'naive' };
    const overflow = toHtml(runWith([resultWith({ findings: [recordedOf({ target: naive })] })]), date);
    expect(parseHtml(overflow).text).toMatch(/exp\(89\)Infinity7f800000first that is not finite/);
    expect(text).toMatch(/16777216 - 16777216.*loses most, .* ULP: without rounding it would be 0\.6931472/s);
  });

  it('should have an anchor for each finding, and only links that lead somewhere', () => {
    const ids = tags.flatMap(({ attributes }) => attributes.get('id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ['7c1e0400', '00000002', '00000003', '00000005']) expect(ids).toContain(`finding-${id}`);
    const links = tags.flatMap(({ attributes }) => attributes.get('href') ?? []);
    expect(links.filter((link) => link.startsWith('#') && !ids.includes(link.slice(1)))).toEqual([]);
    expect(links.filter((link) => !link.startsWith('#')).sort()).toEqual(['run.json', 'summary.md']);
    const named = tags.flatMap(({ attributes }) => attributes.get('aria-labelledby') ?? []);
    expect(named.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('should need nothing but itself', () => {
    expect(page).not.toMatch(/https?:|url\(|@import|\bsrc=/);
    expect(tags.some(({ name }) => ['link', 'img', 'iframe', 'object', 'base'].includes(name))).toBe(false);
  });

  it('should keep foreign text inert, in sight and short', () => {
    expect(tags.filter(({ name }) => name === 'script')).toHaveLength(1);
    expect(tags.some(({ attributes }) => [...attributes.keys()].some((key) => key.startsWith('on')))).toBe(
      false,
    );
    expect(text).toContain('\\u{202e}\\u{1b}[31m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
    expect(page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
    expect(text).not.toContain('x'.repeat(201));
  });

  it('should be readable with scripts off: they only show what is hidden', () => {
    const hidden = tags.filter(({ attributes }) => attributes.has('hidden'));
    expect(new Set(hidden.map(({ name }) => name))).toEqual(new Set(['button']));
  });

  it('should stay below a megabyte with two kernels that are wrong in everything and everywhere', () => {
    const target = { name: 'naive', specifier: 'naive', profile: 'sequential', known: [] };
    const bands = (count: number) =>
      new Map(
        Array.from({ length: count }, (_, k) => [
          k,
          { numbers: 123_456, wrong: 123_456, worstUlp: 12_345_678, allowedUlp: 1234.5, worstUse: 12_345.6 },
        ]),
      );
    const places = new Map(operations.map((each) => [each, { gaps: bands(58), lengths: bands(18) }]));
    const ulps = new Map(Array.from({ length: 200 }, (_, k) => [k - 50, 123_456]));
    const all = Array.from({ length: 2 }, (_, t) =>
      resultWith({
        target,
        operations,
        places,
        coverage: bands(29 * 18),
        accuracies: operations.map((operation) => ({ ...accuracy, operation, ulps })),
        findings: Array.from({ length: 80 }, (_, k) =>
          recordedOf(
            {
              target,
              bucket: `softmax/nan/${k}`,
              batch: batchOf([Array.from({ length: 40 }, (_, i) => 88 + i)]),
              output: new Float32Array(40).fill(Number.NaN),
              expected: new Float32Array(40).fill(0.1),
            },
            `${t}000${String(k).padStart(4, '0')}`,
          ),
        ),
      }),
    );
    const big = toHtml(runWith(all), date);
    expect(big.length).toBeLessThan(1e6);
    expect(big).not.toContain('class="strip"');
    expect(toHtml(runWith(all.slice(0, 1)), date)).toContain('class="strip"');
  });

  it('should compare targets in one plot', () => {
    const band = { numbers: 1, wrong: 0, worstUlp: 2, allowedUlp: 4, worstUse: 0.5 };
    const places = (worstUlp: number) =>
      new Map([['softmax', { gaps: new Map([[1, { ...band, worstUlp }]]), lengths: new Map() }] as const]);
    const named = (name: string, worstUlp: number) =>
      resultWith({
        target: { name, specifier: name, profile: 'default', known: [] },
        places: places(worstUlp),
      });
    const { text } = parseHtml(toHtml(runWith([named('a', 2), named('<b>', 300)]), date));
    expect(text).toContain('a: worst 2 ULP, at gap 0 to 2. &lt;b&gt;: worst 300 ULP, at gap 0 to 2.');
    expect(text).toMatch(/softmax, 0 to 22300\s/);
    expect(parseHtml(toHtml(runWith([named('a', 2)]), date)).text).not.toContain('Side by side');
  });

  it('should be the same for the same run', () => {
    expect(toHtml(run, date)).toBe(page);
  });
});
