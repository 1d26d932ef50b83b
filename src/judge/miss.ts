/** What is wrong with one number. */
import { type ErrorSize, noSize } from '../core/error-size.ts';
import type { Kind, Severity } from '../core/violation.ts';

/** What is wrong with one number. */
export interface Miss extends ErrorSize {
  readonly kind: Kind;
  readonly severity: Severity;
}

/** Wrong in a way that has no size. */
export function incomparable(kind: Kind, severity: Severity): Miss {
  return { kind, severity, ...noSize };
}
