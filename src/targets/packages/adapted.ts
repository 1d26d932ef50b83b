/** What an adapter makes of a package: a kernel, with what it declares. */
import type { Kernel } from '../../core/kernel.ts';
import type { Declaration } from '../../core/target.ts';

/** A package as a target without its name. */
export interface Adapted {
  readonly kernel: Kernel;
  readonly declaration: Declaration;
}

/**
 * Loads a package from the current folder; `owner` says in errors what needs it.
 * @throws UserError when it is not installed, does not load, or is not what the adapter knows.
 */
export type Adapter = (owner: string) => Promise<Adapted>;
