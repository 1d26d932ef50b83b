/** Rows and columns that every batch of a campaign has: those asked for, and those that targets are compiled for. */
import type { ShapeOptions } from '../arbitraries/shape.ts';
import { UserError } from '../core/errors.ts';
import type { Target } from '../core/target.ts';

/**
 * `asked` with the sizes that `targets` take alone.
 * @throws UserError when they contradict each other.
 */
export function sizesFor<O extends ShapeOptions>(targets: readonly Target[], asked: O): O {
  return { ...asked, ...sizeFor('rows', targets, asked), ...sizeFor('cols', targets, asked) };
}

function sizeFor(size: 'rows' | 'cols', targets: readonly Target[], asked: ShapeOptions): ShapeOptions {
  let fixed = asked[size];
  let by = `--${size}`;
  for (const target of targets) {
    if (target[size] === undefined) continue;
    if (fixed !== undefined && fixed !== target[size])
      throw new UserError(
        `target ${target.specifier} takes ${target[size]} ${size} alone, and ${by} says ${fixed}`,
        by === `--${size}` ? `Leave out ${by}.` : 'Run them one by one.',
      );
    fixed = target[size];
    by = `target ${target.specifier}`;
  }
  return fixed === undefined ? {} : { [size]: fixed };
}
