import { describe, expect, it } from 'vitest';
import { shortened, visible } from '../inert.ts';
import { html } from './markup.ts';

describe('html', () => {
  it('should escape all text, also in attributes, and leave HTML', () => {
    expect(html`<a title="${'"><b>&\''}">${html`<i>${'<'}</i>`}${['a', null, 1, false]}</a>`.markup).toBe(
      '<a title="&quot;&gt;&lt;b&gt;&amp;&#39;"><i>&lt;</i>a1</a>',
    );
  });
});

describe('visible', () => {
  it('should show what is not seen, or turns the rest around', () => {
    expect(visible('a\u202eb\u0000\x1b[31m\ud800\u200b\u2028\u0085 é 漢 😀\n')).toBe(
      'a\\u{202e}b\\u{0}\\u{1b}[31m\\u{d800}\\u{200b}\\u{2028}\\u{85} é 漢 😀\n',
    );
  });
});

describe('shortened', () => {
  it('should keep 200 characters, and cut none in two', () => {
    expect(shortened('😀'.repeat(201))).toBe(`${'😀'.repeat(200)}…`);
    expect(shortened('😀'.repeat(200))).toBe('😀'.repeat(200));
    expect(shortened('x'.repeat(1e6)).length).toBe(201);
  });
});
