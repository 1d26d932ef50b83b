/** Blocks in a pool of processes, each of which loads the target by its specifier. */
import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import { UserError } from '../text/errors.ts';
import type { SweepPlan } from './plan.ts';
import type { RunBlocks } from './sweep.ts';
import type { Task } from './worker.ts';

/**
 * Runs blocks in so many processes. What is running when the signal is aborted is given up.
 * @throws UserError when a process ends, and where sweepBlock does.
 */
export function inProcesses(
  { specifier, declared }: Pick<Task, 'specifier' | 'declared'>,
  plan: SweepPlan,
  workers: number,
): RunBlocks {
  return async (blocks, onBlock, signal) => {
    const processes = Math.min(workers, blocks.length);
    if (processes === 0) return;
    const pool = new Tinypool({
      filename: fileURLToPath(new URL('./worker.js', import.meta.url)),
      name: 'run',
      runtime: 'child_process',
      serialization: 'advanced',
      minThreads: processes,
      maxThreads: processes,
      env: process.env as Record<string, string>,
    });
    const end = (): Promise<void> => pool.destroy();
    signal.addEventListener('abort', end);
    try {
      await Promise.all(
        blocks.map(async (block) => {
          const task: Task = { specifier, declared, plan, block };
          onBlock(await pool.run(task));
        }),
      );
    } catch (error) {
      if (!signal.aborted) throw explain(error as Error);
    } finally {
      signal.removeEventListener('abort', end);
      await end();
    }
  };
}

/** Errors cross the pipe as plain objects. */
function explain(error: Error & { readonly hint?: string }): Error {
  if (error.name === 'UserError') return new UserError(error.message, error.hint);
  if (error.message === 'Worker exited unexpectedly') return new UserError('a process of the target ended');
  return Object.assign(new Error(error.message), { stack: error.stack });
}
