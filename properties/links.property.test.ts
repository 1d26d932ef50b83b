/** Links between the pages of the repository lead somewhere: to a file or folder that is tracked, and to a heading that the page has on GitHub. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsIn, linksIn } from './support/markdown.ts';

const root = resolve(import.meta.dirname, '..');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .trim()
  .split('\n');
const pages = files.filter((file) => file.endsWith('.md') && !file.includes('/snapshots/'));
const read = (page: string): string => readFileSync(join(root, page), 'utf8');

/** Whether a link of the page leads nowhere. Links to other hosts are not followed. */
function isDead(page: string, link: string): boolean {
  if (/^[a-z]+:/.test(link)) return false;
  const [to, anchor] = link.split('#');
  const path = to === '' ? page : join(page, '..', to).replace(/\/$/, '');
  if (!files.some((file) => file === path || file.startsWith(`${path}/`))) return true;
  return anchor !== undefined && !anchorsIn(read(path)).includes(anchor);
}

it.each(pages)('%s should link to what there is', (page) => {
  expect(linksIn(read(page)).filter((link) => isDead(page, link))).toEqual([]);
});

/** Named, and of ONNX's repository. */
const ofOthers = ['docs/Operators.md'];

it('should name paths of the repository that there are, in pages and in comments', () => {
  const texts = files.filter(
    (file) => /\.(md|ts|mjs|py|c|h)$/.test(file) && file !== 'CHANGELOG.md' && !file.includes('links'),
  );
  const named = texts.flatMap((file) =>
    [...read(file).matchAll(/\b(?:src|properties|docs)\/[\w/.-]+\.(?:ts|md)\b/g)].map(([path]) => path),
  );
  expect(named.length).toBeGreaterThan(100);
  expect([...new Set(named)].filter((path) => !files.includes(path))).toEqual(ofOthers);
});

it('should see what is dead', () => {
  const links = [
    'docs/laws.md',
    'docs/law.md',
    'docs/verdicts.md#the-budget',
    'docs/verdicts.md#budget',
    '#no-such',
    'docs',
    'do',
  ];
  expect(links.filter((link) => isDead('README.md', link))).toEqual([
    'docs/law.md',
    'docs/verdicts.md#budget',
    '#no-such',
    'do',
  ]);
});

describe('what is read of a page', () => {
  it('should have the anchors that GitHub gives headings', () => {
    const page =
      '# The `exp` of x - y, *twice*\n## Same\n```sh\n# no heading\n```\n## Same\n### [A link](a.md) (1.5)\n## Größe_2';
    expect(anchorsIn(page)).toEqual(['the-exp-of-x---y-twice', 'same', 'same-1', 'a-link-15', 'größe_2']);
  });

  it('should have the links that are no code', () => {
    const page = '[a](a.md) `[b](b.md)` ![c](c.png) [`d`](d.md#e "title")\n```js\nx[0](y)\n```\n[f](#g)';
    expect(linksIn(page)).toEqual(['a.md', 'c.png', 'd.md#e', '#g']);
  });
});
