/** A correct kernel and the profile that it declares. */

import type { Kernel } from '../../../core/kernel.ts';
import type { Declaration } from '../../../core/target.ts';

/** A design that a judge must never blame, not even by a warning. */
export interface Design {
  readonly name: string;
  /** How it works, and why its profile fits. */
  readonly about: string;
  readonly declaration: Declaration;
  readonly kernel: Kernel;
}
