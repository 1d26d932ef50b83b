/** Targets that are loaded into a process of their own. */
import { fileURLToPath } from 'node:url';
import type { Target } from '../../core/target.ts';
import { processTarget } from './program.ts';
import type { Reach } from './reach.ts';

const host = fileURLToPath(new URL('./host.js', import.meta.url));

/** The target that load.ts makes of `specifier`, in another process. */
export function isolatedTarget(specifier: string, reach: Reach): Promise<Target> {
  const options = process.execArgv.filter((option) => !option.startsWith('--inspect'));
  return processTarget(specifier, specifier, process.execPath, [...options, host, specifier], reach, true);
}
