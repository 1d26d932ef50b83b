/** How a target's process is treated. */

import type { Declaration } from '../../core/target.ts';

/** How targets are reached. */
export interface Reach {
  /** What is declared of the target in place of what it declares itself. @defaultValue nothing */
  readonly declared?: Declaration | undefined;
  /** Whether modules are loaded into this process: faster, and seen by a debugger, but a crash is the end. @defaultValue false */
  readonly inProcess?: boolean | undefined;
  /** How long a call may take, in ms. @defaultValue {@link DEFAULT_TIMEOUT_MS} */
  readonly timeoutMs?: number | undefined;
  /** How much memory a target's process may hold, in bytes. @defaultValue {@link DEFAULT_MEMORY_BYTES} */
  readonly memoryBytes?: number | undefined;
  /** How long a program may take to greet, in ms. @defaultValue {@link DEFAULT_START_MS}, or the time of a call where that is more */
  readonly startMs?: number | undefined;
  /** Whether what a target's process writes to stderr is shown. @defaultValue false */
  readonly showStderr?: boolean | undefined;
}

/** How long a call may take unless told otherwise, in ms. */
export const DEFAULT_TIMEOUT_MS = 10_000;

/** How long a program may take to greet unless told otherwise, in ms. */
const DEFAULT_START_MS = 60_000;

/** How much memory a target's process may hold unless told otherwise. */
export const DEFAULT_MEMORY_BYTES = 4 * 2 ** 30;

/** {@link Reach} with everything said. */
export interface Limits {
  readonly timeoutMs: number;
  readonly memoryBytes: number;
  readonly startMs: number;
  readonly showStderr: boolean;
}

/** The limits that `reach` sets, and the defaults of the others. */
export function limitsOf({
  timeoutMs = DEFAULT_TIMEOUT_MS,
  memoryBytes,
  startMs,
  showStderr,
}: Reach): Limits {
  return {
    timeoutMs,
    memoryBytes: memoryBytes ?? DEFAULT_MEMORY_BYTES,
    startMs: startMs ?? Math.max(DEFAULT_START_MS, timeoutMs),
    showStderr: showStderr ?? false,
  };
}
