import { describe, expect, it } from 'vitest';
import { noLimits, recordedOf, resultWith } from '../../properties/support/findings.ts';
import { hostileRun } from '../../properties/support/hostile.ts';
import { inertRun } from './inert.ts';
import { toJunit } from './junit.ts';

/** An element of XML, its texts joined. */
interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
  if (/[<>]|&(?!(?:amp|lt|gt|quot|apos);)/.test(text)) throw new Error(`markup in ${text}`);
  // XML 1.0 has no other characters.
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/.test(text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, '')))
    throw new Error(`what XML forbids in ${JSON.stringify(text)}`);
  return text.replace(/&(\w+);/g, (_, name) => entities[name]);
}

/** The root of a well-formed document, without comments, sections and such, of which we write none. */
function parseXml(xml: string): Element {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!xml.startsWith(declaration)) throw new Error('no declaration');
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  for (const [, text, end, name, written, isEmpty] of xml
    .slice(declaration.length)
    .matchAll(/([^<]*)(?:<(\/?)(\w[\w-]*)((?: [\w-]+="[^"<]*")*)(\/?)>|$)/gy)) {
    open[open.length - 1].text += decoded(text);
    if (name === undefined) continue;
    if (end === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> ends nothing`);
      continue;
    }
    const attributes = [...written.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [
      key,
      decoded(value),
    ]);
    const element = { name, attributes: Object.fromEntries(attributes), children: [], text: '' };
    open[open.length - 1].children.push(element);
    if (isEmpty === '') open.push(element);
  }
  if (open.length !== 1 || root.children.length !== 1 || root.text.trim() !== '')
    throw new Error('not one root');
  return root.children[0];
}

const context = { date: new Date(0), strict: false };

describe('toJunit', () => {
  it('should be the document under snapshot', async () => {
    const known = recordedOf(
      { known: true, operation: 'logSumExp', bucket: 'logSumExp/nan/exp-overflow' },
      '00000002',
    );
    const targets = [
      resultWith({
        operations: ['softmax', 'logSumExp', 'crossEntropy'],
        verdict: 'falsified',
        findings: [recordedOf(), known],
      }),
    ];
    const xml = toJunit(
      { seed: 42, limits: noLimits, elapsedMs: 61_000, interrupted: false, targets },
      context,
    );
    await expect(xml).toMatchFileSnapshot('snapshots/junit.xml');
  });

  it('should be well-formed, whatever the texts are, and say them as they are', () => {
    const root = parseXml(toJunit(inertRun(hostileRun()), context));
    expect([root.name, root.attributes['tests'], root.attributes['failures']]).toEqual([
      'testsuites',
      '3',
      '1',
    ]);
    const [mine, right] = root.children;
    expect(mine.attributes['name']).toMatch(
      /^\\u\{3a\}:error::\\u\{1b\}\[31m<\/failure>\]\]><script>&"' `\| #\\u\{23\}\[error\]/,
    );
    const [, softmax, logSumExp] = mine.children;
    expect(softmax.attributes).toEqual({ classname: mine.attributes['name'], name: 'softmax' });
    expect(softmax.children.map(({ name }) => name)).toEqual(['failure']);
    expect(softmax.children[0].text).toMatch(/^FAIL .*finding 7c1e0400(.|\n)*\n\nFAIL .*finding 00000002/);
    expect(Math.max(...softmax.children[0].text.split('\n').map(({ length }) => length))).toBeLessThan(450);
    // A warning and what is known are no failures.
    expect(logSumExp.children.map(({ name }) => name)).toEqual(['system-out']);
    expect(logSumExp.children[0].text).toMatch(/^warning logSumExp.*\nknown logSumExp/);
    expect(right.attributes).toMatchObject({ name: 'right', tests: '1', failures: '0' });
  });

  it('should fail for warnings where it is strict', () => {
    const root = parseXml(toJunit(inertRun(hostileRun()), { ...context, strict: true }));
    expect(root.attributes).toMatchObject({ tests: '3', failures: '2' });
  });
});
