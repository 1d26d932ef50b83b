/** What libraries settle differently in a loss with options: docs/semantics.md has who does what. */

import { shown } from '../text/describe-value.ts';
import { UserError } from '../text/errors.ts';
import { unknownName } from '../text/nearest.ts';

/** One way to settle it. */
export interface Semantics {
  /**
   * What a mean divides by: the weights of the rows that are not ignored, each times that of its target, the number of rows that are not
   * ignored, of all rows, or of those whose weight is not 0 either. Probabilities have no target: by weights it is those of the rows, else their number.
   */
  readonly divisor: 'weights' | 'valid' | 'rows' | 'weighted';
  /** A mean of nothing: 0 over 0. */
  readonly empty: 'nan' | 'zero';
  /** A weight or probability of 0 times the infinite loss of a class that is masked: NaN, or nothing. */
  readonly zeroTimesInfinity: 'nan' | 'zero';
  /** Over which classes a target is smoothed: all, or all but its own. */
  readonly smoothed: 'all' | 'others';
  /** Whose weight the part of a class has that a target is smoothed over: its own, or the target's. */
  readonly smoothedWeight: 'own' | 'target';
}

/** What may be chosen of each. */
export const semanticsChoices = {
  divisor: ['weights', 'valid', 'rows', 'weighted'],
  empty: ['nan', 'zero'],
  zeroTimesInfinity: ['nan', 'zero'],
  smoothed: ['all', 'others'],
  smoothedWeight: ['own', 'target'],
} as const satisfies { readonly [F in keyof Semantics]: readonly Semantics[F][] };

/** PyTorch's. */
export const pytorch: Semantics = {
  divisor: 'weights',
  empty: 'nan',
  zeroTimesInfinity: 'nan',
  smoothed: 'all',
  smoothedWeight: 'own',
};

/** Those of libraries, by name. */
export const semanticsNamed = {
  pytorch,
  onnx: pytorch,
  liger: { ...pytorch, empty: 'zero' },
  jax: { ...pytorch, divisor: 'rows', smoothedWeight: 'target' },
  keras: { ...pytorch, divisor: 'valid', empty: 'zero', smoothedWeight: 'target' },
  tfjs: { ...pytorch, divisor: 'weighted', smoothedWeight: 'target' },
  megatron: { ...pytorch, smoothed: 'others' },
} as const satisfies Readonly<Record<string, Semantics>>;

/** The name of one of {@link semanticsNamed}. */
export type SemanticsName = keyof typeof semanticsNamed;

/** How a target says what is meant: a library's name, or what differs from PyTorch's. */
export type DeclaredSemantics = SemanticsName | Partial<Semantics>;

/**
 * The semantics that are declared.
 * @throws UserError when there is no such name, field or choice.
 */
export function semanticsOf(declared: unknown): Semantics {
  if (typeof declared === 'string') {
    if (!Object.hasOwn(semanticsNamed, declared))
      throw unknownName('library', declared, Object.keys(semanticsNamed), 'libraries');
    return semanticsNamed[declared as SemanticsName];
  }
  if (typeof declared !== 'object' || declared === null || Array.isArray(declared))
    throw new UserError(
      `semantics is ${shown(declared)}: expected a library's name, or an object like { "divisor": "rows" }`,
    );
  for (const [field, choice] of Object.entries(declared)) {
    if (!Object.hasOwn(semanticsChoices, field))
      throw unknownName('semantics field', field, Object.keys(semanticsChoices));
    const known: readonly string[] = semanticsChoices[field as keyof Semantics];
    if (!known.includes(choice)) throw unknownName(field, shown(choice), known, `choices of ${field}`);
  }
  return { ...pytorch, ...declared };
}
