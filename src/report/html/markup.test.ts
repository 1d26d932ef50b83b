import { describe, expect, it } from 'vitest';
import { html } from './markup.ts';

describe('html', () => {
  it('should escape all text, also in attributes, and leave HTML', () => {
    expect(html`<a title="${'"><b>&\''}">${html`<i>${'<'}</i>`}${['a', null, 1, false]}</a>`.markup).toBe(
      '<a title="&quot;&gt;&lt;b&gt;&amp;&#39;"><i>&lt;</i>a1</a>',
    );
  });
});
