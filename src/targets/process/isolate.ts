/** Targets that are loaded into a process of their own. */
import { fileURLToPath } from 'node:url';
import type { Target } from '../../core/target.ts';
import { isProbed, isReloadable } from '../load.ts';
import { NotGreeted } from './connect.ts';
import { bounded } from './data-limit.ts';
import { processTarget } from './program.ts';
import { limitsOf, type Reach } from './reach.ts';

const host = fileURLToPath(new URL('./host.js', import.meta.url));

/** What a host is given that is to call every function as the contract has it, and to probe none. */
const asContracted = JSON.stringify({});

/** JSON has no -Infinity: declarations have a text for it. */
function withInfinity(_: string, value: unknown): unknown {
  return value === Number.NEGATIVE_INFINITY ? '-Infinity' : value;
}

/** The first calls are some, each of which may take as long as any: a function that hangs is not waited for as one that loads for a minute is. */
function withProbes(reach: Reach): Reach {
  const { startMs, timeoutMs } = limitsOf(reach);
  return { ...reach, startMs: Math.min(startMs, Math.max(10_000, 10 * timeoutMs)) };
}

/**
 * The target that load.ts makes of `specifier`, in another process. One whose process does not outlive the first calls is
 * loaded without them: that it crashes or hangs is found where it is judged.
 */
export async function isolatedTarget(specifier: string, reach: Reach): Promise<Target> {
  const options = process.execArgv.filter((option) => !option.startsWith('--inspect'));
  const declared = JSON.stringify(isProbed(specifier) ? (reach.declared ?? {}) : {}, withInfinity);
  const { memoryBytes } = limitsOf(reach);
  const start = (within: Reach, ...given: string[]): Promise<Target> => {
    const command = { program: process.execPath, args: [...options, host, specifier, declared, ...given] };
    // Libraries may claim terabytes that they do not use, as sanitizers do.
    const { program, args } = isReloadable(specifier) ? bounded(command, memoryBytes) : command;
    return processTarget(specifier, specifier, program, args, within, true);
  };
  try {
    return await start(isProbed(specifier) ? withProbes(reach) : reach);
  } catch (error) {
    if (!(error instanceof NotGreeted) || !isProbed(specifier)) throw error;
    const target = await start(reach, asContracted);
    const note = `how its functions are called was not found out, they are called as the contract has it: ${error.message}`;
    return { ...target, notes: [note] };
  }
}
