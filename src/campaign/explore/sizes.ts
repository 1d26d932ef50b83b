/** Rows and columns that every batch of a campaign has: those asked for, and those that targets are compiled for. */
import type { ShapeOptions } from '../../arbitraries/shape.ts';
import { bothLimits, isWithin, type Limits } from '../../core/limits.ts';
import type { Target } from '../../core/target.ts';
import { UserError } from '../../text/errors.ts';

/**
 * `asked` with the sizes that `targets` take alone, and the limits of all of them.
 * @throws UserError when they contradict each other.
 */
export function sizesFor<O extends ShapeOptions>(targets: readonly Target[], asked: O): O {
  const sizes = { ...asked, ...sizeFor('rows', targets, asked), ...sizeFor('cols', targets, asked) };
  const { maxRows: limitRows, maxCols: limitCols, multipleOf } = limitsFor(targets, sizes);
  return {
    ...sizes,
    ...(limitRows !== undefined && { limitRows }),
    ...(limitCols !== undefined && { limitCols }),
    ...(multipleOf !== undefined && { multipleOf }),
  };
}

/** The limits of the targets, together. */
function limitsFor(targets: readonly Target[], { rows = 1, cols }: ShapeOptions): Limits {
  for (const { specifier, limits } of targets) {
    const fixed = { rows, cols: cols ?? limits?.multipleOf ?? 1 };
    if (!isWithin(fixed, limits))
      throw new UserError(
        `target ${specifier} takes ${describe(limits)}, and batches have ${cols === undefined ? `${rows} rows` : `${rows} x ${cols}`}`,
        'Give other --rows or --cols, or run the targets one by one.',
      );
  }
  return targets.reduce<Limits>((all, { limits = {} }) => bothLimits(all, limits), {});
}

function describe({ maxRows, maxCols, multipleOf }: Limits = {}): string {
  return [
    maxRows && `at most ${maxRows} rows`,
    maxCols && `at most ${maxCols} columns`,
    multipleOf && `multiples of ${multipleOf} columns`,
  ]
    .filter(Boolean)
    .join(', ');
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
