/** The package as `npm pack` makes it has what its README speaks of. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

describe('the package', () => {
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ files }] = JSON.parse(output) as { files: { path: string }[] }[];
  const paths = files.map(({ path }) => path);

  it('should have the command, and every file that its README links to', () => {
    const markdown = readFileSync(join(root, 'README.md'), 'utf8');
    const links = [...markdown.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, link]) => join(link));
    expect(links.length).toBeGreaterThan(10);
    const missing = links.filter(
      (link) => !paths.some((path) => path === link || path.startsWith(`${link}/`)),
    );
    expect(missing).toEqual([]);
    expect(paths).toContain('dist/cli/main.js');
  });

  it('should leave out what is of no use to its users', () => {
    expect(
      paths.filter((path) => /(^|\/)(src|node_modules|reports|zoo|bench)\/|\.test\./.test(path)),
    ).toEqual(['examples/javascript/kernel.test.mjs']);
  });
});
