/** A pool of processes that explore. Each loads the targets by their specifiers; what they say goes over a pipe. */
import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import { environmentOfPool } from '../../targets/process/strays.ts';
import { UserError } from '../../text/errors.ts';
import { unlessAborted } from '../unless-aborted.ts';
import type { Explored } from './explore.ts';
import type { Pool } from './exploring.ts';
import type { Task, WorkerPlan } from './worker.ts';

/** A pool that has to be closed. */
export interface ProcessPool extends Pool {
  /** Ends the processes, whatever they are doing. */
  readonly close: () => Promise<void>;
}

/**
 * What a process of a campaign is started with: 64 MB of young memory, before V8 copies what lives in it: what is made for a large batch lives as long as its judging. With V8's 16 a campaign of all options takes a fifth
 * more time (measured), with 128 no less; a process holds some 100 MB more.
 */
export const youngMemory = ['--max-semi-space-size=64'];

/** A pool of so many processes for one campaign. One range more than there are processes is given out: it waits for the first to be free. */
export function createPool(plan: WorkerPlan, workers: number): ProcessPool {
  const pool = new Tinypool({
    filename: fileURLToPath(new URL('./worker.js', import.meta.url)),
    name: 'explore',
    runtime: 'child_process',
    serialization: 'advanced',
    minThreads: workers,
    maxThreads: workers,
    execArgv: [...youngMemory, ...process.execArgv],
    env: environmentOfPool(),
  });
  const gone = new AbortController();
  // One that has ended while it had nothing to do has been replaced, unless all end as soon as they start.
  pool.on('error', (error: Error) => {
    if (!isDeath(error)) throw error;
    if (pool.threads.length === 0) gone.abort();
  });
  const run = async (task: Task): Promise<Explored> => {
    const explored = await unlessAborted<Explored>(pool.run(task), gone.signal);
    if (explored === null) throw new Error(DEATH);
    return explored;
  };
  return {
    lanes: workers + 1,
    close: () => pool.destroy(),
    async explore(range, limit): Promise<Explored> {
      for (let deaths = 1; ; deaths++)
        try {
          return await run({ plan, range, limit });
        } catch (error) {
          // The system ends processes where memory is short; what one has not told, another finds too.
          if (!isDeath(error as Error) || deaths === MOST_DEATHS || gone.signal.aborted)
            throw explain(error as Error, `cases ${range[0]} to ${range[1] - 1}`);
        }
    },
  };
}

/** A range is given to so many processes, where each ends before it has told what came of it. */
const MOST_DEATHS = 3;

/** What Tinypool says of a process that has ended by itself. */
const DEATH = 'Worker exited unexpectedly';

function isDeath({ message, code }: NodeJS.ErrnoException): boolean {
  return message === DEATH || code === 'ERR_IPC_CHANNEL_CLOSED' || code === 'EPIPE'; // It was told something meanwhile.
}

/** Errors cross the pipe as plain objects. */
function explain(error: Error & { readonly hint?: string }, cases: string): Error {
  if (error.name === 'UserError') return new UserError(error.message, error.hint);
  if (isDeath(error)) {
    return new UserError(
      `its processes end while they run ${cases}`,
      'Where memory is short, --workers 1 needs less. Leave out --in-process, and a target that crashes or calls process.exit is a finding.',
    );
  }
  return Object.assign(new Error(error.message), { stack: error.stack });
}
