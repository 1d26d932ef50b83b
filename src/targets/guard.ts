/** What stands between a module and the process that calls it. */

/** Keeps what the caller uses of the language as it was, and gives the module what it has made of it while it is called. */
export interface Guard {
  /** Puts back what was changed. */
  readonly takeBack: () => void;
  /** Calls the function, which finds everything as the module has left it; also while a promise that it answers is waited for. */
  readonly call: (call: (...given: never[]) => unknown, owner: unknown, given: readonly unknown[]) => unknown;
  /** What was changed so far, by its names: `Math.max`. */
  readonly changed: () => readonly string[];
}

/** The functions of `owner` that are called so, each with as many parameters as it has. */
export function guarded<T extends object>(guard: Guard | undefined, owner: T, names: readonly string[]): T {
  if (guard === undefined) return owner;
  const functions: Record<string, unknown> = {};
  for (const name of names) {
    const implementation = (owner as Record<string, unknown>)[name];
    if (typeof implementation !== 'function') continue;
    const call = (...given: readonly unknown[]): unknown => guard.call(implementation as never, owner, given);
    functions[name] = Object.defineProperty(call, 'length', { value: implementation.length });
  }
  return functions as T;
}
