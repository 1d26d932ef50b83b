import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/**
 * Builds `dist` before any test, for those that run the real command, unless it is newer than all of its sources. What
 * does not type-check is built all the same: to report that is the business of `npm run typecheck`.
 */
export function setup(): void {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => join('src', file));
  const newest = Math.max(...[...sources, 'tsconfig.json', 'tsconfig.build.json'].map(writtenAt));
  if (writtenAt('dist/cli/main.js') > newest) return;
  const tsc = join(root, 'node_modules/.bin/tsc');
  const { error } = spawnSync(tsc, ['-p', 'tsconfig.build.json'], { cwd: root, stdio: 'ignore' });
  if (error !== undefined) throw error;
  chmodSync(join(root, 'dist/cli/main.js'), 0o755);
}

/** When the file was written, in ms; never, where there is none. */
function writtenAt(file: string): number {
  return statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? Number.NEGATIVE_INFINITY;
}
