/** Links of HTML files that lead nowhere. Links to other hosts are not followed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export function deadLinks(folder) {
  const files = readdirSync(folder, { recursive: true }).map(String);
  const pages = files.filter((file) => file.endsWith('.html'));
  const html = new Map(pages.map((page) => [page, readFileSync(join(folder, page), 'utf8')]));
  const anchors = new Map([...html].map(([page, text]) => [page, new Set(attributes(text, 'id'))]));
  const dead = [];
  for (const [page, text] of html)
    for (const link of new Set([...attributes(text, 'href'), ...attributes(text, 'src')])) {
      const base = 'site://site/';
      const { href, hash } = new URL(link, base + page);
      if (!href.startsWith(base)) continue;
      const [path] = decodeURI(href.slice(base.length)).split('#');
      const file = path === '' || path.endsWith('/') ? `${path}index.html` : path;
      const anchor = decodeURIComponent(hash.slice(1));
      if (!files.includes(file)) dead.push(`${page} links to ${link}, which is not there`);
      else if (anchor !== '' && anchors.has(file) && !anchors.get(file).has(anchor))
        dead.push(`${page} links to ${link}, a heading that is not there`);
    }
  return dead;
}

function attributes(html, name) {
  return [...html.matchAll(new RegExp(`\\s${name}="([^"]*)"`, 'g'))].map(([, value]) =>
    value.replaceAll('&amp;', '&'),
  );
}
