/** Targets that are ES modules, loaded into a process of their own. */
import { fileURLToPath } from 'node:url';
import type { Target } from '../../core/target.ts';
import { moduleName } from '../module.ts';
import { processTarget } from './program.ts';
import type { Reach } from './reach.ts';

const host = fileURLToPath(new URL('./host.js', import.meta.url));

/** See moduleTarget, which does the same in this process. */
export function isolatedModule(
  specifier: string,
  path: string,
  exportName: string | null,
  reach: Reach,
): Promise<Target> {
  const options = process.execArgv.filter((option) => !option.startsWith('--inspect'));
  const args = [...options, host, specifier, path, ...(exportName === null ? [] : [exportName])];
  return processTarget(specifier, moduleName(path, exportName), process.execPath, args, reach, true);
}
