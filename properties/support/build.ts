import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * Builds `dist` before any test, for those that run the real command. What does not type-check is built all the same:
 * to report that is the business of `npm run typecheck`.
 */
export function setup(): void {
  const root = join(import.meta.dirname, '../..');
  const tsc = join(root, 'node_modules/.bin/tsc');
  const { error } = spawnSync(tsc, ['-p', 'tsconfig.build.json'], { cwd: root, stdio: 'ignore' });
  if (error !== undefined) throw error;
}
