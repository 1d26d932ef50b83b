/** A pool of processes that explore. Each loads the targets by their specifiers; what they say goes over a pipe. */
import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import { UserError } from '../core/errors.ts';
import { environmentOfPool } from '../targets/process/strays.ts';
import type { Explored } from './explore.ts';
import type { Pool } from './exploring.ts';
import type { Task, WorkerPlan } from './worker.ts';

/** A pool that has to be closed. */
export interface ProcessPool extends Pool {
  /** Ends the processes, whatever they are doing. */
  readonly close: () => Promise<void>;
}

/** A pool of so many processes for one campaign. One range more than there are processes is given out: it waits for the first to be free. */
export function createPool(plan: WorkerPlan, workers: number): ProcessPool {
  const pool = new Tinypool({
    filename: fileURLToPath(new URL('./worker.js', import.meta.url)),
    name: 'explore',
    runtime: 'child_process',
    serialization: 'advanced',
    minThreads: workers,
    maxThreads: workers,
    env: environmentOfPool(),
  });
  return {
    lanes: workers + 1,
    close: () => pool.destroy(),
    async explore(range, limit): Promise<Explored> {
      const task: Task = { plan, range, limit };
      try {
        return await pool.run(task);
      } catch (error) {
        throw explain(error as Error, `cases ${range[0]} to ${range[1] - 1}`);
      }
    },
  };
}

/** Errors cross the pipe as plain objects. */
function explain(error: Error & { readonly hint?: string }, cases: string): Error {
  if (error.name === 'UserError') return new UserError(error.message, error.hint);
  if (error.message === 'Worker exited unexpectedly') {
    return new UserError(
      `a process ended while it ran ${cases}`,
      'Leave out --in-process, and a target that crashes or calls process.exit is a finding.',
    );
  }
  return Object.assign(new Error(error.message), { stack: error.stack });
}
